using Microsoft.Extensions.Logging;

namespace SecondOpinion.DicomWeb;

/// <summary>The log messages of this project, 3000 to 3099. No message names a patient.</summary>
internal static partial class DicomWebLog
{
    [LoggerMessage(3001, LogLevel.Error, "DICOMweb request {RequestId} failed in {Interaction}")]
    public static partial void Failed(this ILogger logger, Exception exception, string requestId, string interaction);

    [LoggerMessage(3002, LogLevel.Warning, "A blob of a refused store request could not be removed: {BlobId}")]
    public static partial void BlobLeft(this ILogger logger, Exception exception, string blobId);

    [LoggerMessage(3003, LogLevel.Warning, "Instance {SopInstanceUid} was sent as stored: it could not be converted to {TransferSyntax}: {Reason}")]
    public static partial void SentAsStored(this ILogger logger, string sopInstanceUid, string transferSyntax, string reason);
}
