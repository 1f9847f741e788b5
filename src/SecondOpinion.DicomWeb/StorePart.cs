using SecondOpinion.Dicom;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb;

/// <summary>Failure and warning reasons of a store response (PS3.18 table I.2-2; 0111 of PS3.7 C, see the conformance statement).</summary>
internal static class StoreReason
{
    public const ushort ProcessingFailure = 0x0110;
    public const ushort DuplicateInstance = 0x0111;
    public const ushort OutOfResources = 0xA700;
    public const ushort DoesNotMatchSopClass = 0xA900;
    public const ushort CannotUnderstand = 0xC000;
    public const ushort TransferSyntaxNotSupported = 0xC122;

    /// <summary>A warning: stored, but some attributes are not what they should be.</summary>
    public const ushort WarningDoesNotMatchSopClass = 0xB007;

    public static ushort Of(DicomError error) => error switch
    {
        DicomError.MissingAttribute or DicomError.InvalidValue => DoesNotMatchSopClass,
        DicomError.TooLarge or DicomError.TooManyElements => OutOfResources,
        DicomError.UnsupportedTransferSyntax => TransferSyntaxNotSupported,
        _ => CannotUnderstand,
    };
}

/// <summary>What became of one part of a store request.</summary>
/// <param name="Failure">Null: stored.</param>
/// <param name="Message">Why it failed; without patient data.</param>
internal sealed record StorePart(StagedInstance? Staged, string? SopClassUid, string? SopInstanceUid, ushort? Failure, string? Message)
{
    public static StorePart Failed(ushort reason, string message, string? sopClassUid = null, string? sopInstanceUid = null) =>
        new(null, sopClassUid, sopInstanceUid, reason, message);

    public static StorePart Of(StagingOutcome outcome) => outcome.Instance is { } staged
        ? new StorePart(staged, staged.SopClassUid, staged.SopInstanceUid, null, null)
        : Failed(StoreReason.Of(outcome.Error!.Code), outcome.Error.Message, outcome.SopClassUid, outcome.SopInstanceUid);
}
