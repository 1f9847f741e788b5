using System.Buffers;
using System.Security.Cryptography;
using SecondOpinion.Dicom;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Makes files durable and reads what the index needs from them: the header, where frames are, and the JSON that metadata requests are answered with.</summary>
public sealed class InstanceStaging(IBlobStore blobs)
{
    /// <summary>Values of more bytes than this are bulk data in metadata (PS3.18 F.2.2).</summary>
    public const int BulkDataThreshold = 1024;

    /// <summary>Files without proper meta information are written anew in memory; larger ones are refused.</summary>
    private const long MaxRewriteBytes = 128 << 20;

    private static readonly DicomReadOptions s_header = new() { MaxInflatedBytes = 128 << 20 };

    /// <summary>Stages a file that was written to a blob writer; commits the blob.</summary>
    /// <param name="digest">SHA-256 of what was written, when the caller computed it on the way.</param>
    /// <exception cref="DicomException">The bytes are no DICOM file, damaged, or cannot be addressed.</exception>
    public async Task<StagedInstance> StageAsync(BlobWriter written, byte[]? digest = null, CancellationToken cancellation = default)
    {
        var outcome = await TryStageAsync(written, digest, cancellation);
        return outcome.Instance ?? throw outcome.Error!;
    }

    /// <summary>Stages a data set that the server made.</summary>
    public async Task<StagedInstance> StageAsync(DicomFile file, CancellationToken cancellation)
    {
        await using var writer = blobs.Create();
        file.Write(writer.Content);
        return await StageAsync(writer, null, cancellation);
    }

    /// <summary>As <see cref="StageAsync(BlobWriter, byte[], CancellationToken)"/>, a refusal as a value with what could be read of the file.</summary>
    public async Task<StagingOutcome> TryStageAsync(BlobWriter written, byte[]? digest, CancellationToken cancellation)
    {
        DicomFile? header = null;
        try
        {
            digest ??= await DigestAsync(written.Content, cancellation);
            written.Content.Position = 0;
            header = DicomFile.ReadHeader(written.Content, s_header);
            if (IsProper(header))
            {
                return await StageProperAsync(written, header, digest, cancellation);
            }

            await using var rewritten = await RewriteAsync(written.Content, cancellation);
            rewritten.Content.Position = 0;
            header = DicomFile.ReadHeader(rewritten.Content, s_header);
            return await StageProperAsync(rewritten, header, digest, cancellation);
        }
        catch (DicomException e)
        {
            return new StagingOutcome(null, e, Uid(header, DicomTags.SOPClassUID), Uid(header, DicomTags.SOPInstanceUID));
        }
    }

    private static async Task<StagingOutcome> StageProperAsync(BlobWriter writer, DicomFile header, byte[] digest, CancellationToken cancellation)
    {
        var attributes = new IndexedAttributes(header.Dataset);
        var (study, series, instance) = (attributes.Study(), attributes.Series(), attributes.Instance());
        instance.TransferSyntaxUid = header.TransferSyntaxUid;
        instance.BlobId = writer.BlobId;
        instance.Size = writer.Content.Length;
        instance.Digest = digest;
        FindPixels(writer.Content, header, attributes, instance);
        var staged = new StagedInstance
        {
            BlobId = writer.BlobId,
            Size = instance.Size,
            Digest = digest,
            MetadataJson = Metadata(header, study.StudyInstanceUid, series.SeriesInstanceUid, instance.SopInstanceUid),
            Study = study,
            Series = series,
            Instance = instance,
            InvalidAttributes = attributes.Invalid,
        };
        await writer.CommitAsync(cancellation);
        return new StagingOutcome(staged, null, staged.SopClassUid, staged.SopInstanceUid);
    }

    private static void FindPixels(Stream content, DicomFile header, IndexedAttributes attributes, InstanceRow row)
    {
        if (header.PixelDataOffset is not { } offset)
        {
            return;
        }

        row.PixelOffset = offset;
        row.IsFloatPixels = header.PixelDataTag != DicomTags.PixelData;
        if (header.IsPixelDataEncapsulated)
        {
            var scan = FragmentScan.Run(content, offset, header.Dataset);
            (row.Fragments, row.FrameStarts, row.PixelLength) = (scan.Ranges, scan.FrameStarts, scan.End - offset);
            return;
        }

        var length = header.PixelDataLength ?? 0;
        if (offset + length > content.Length)
        {
            throw new DicomException(DicomError.Truncated, "the file ends inside Pixel Data", DicomTags.PixelData, content.Length);
        }

        row.PixelLength = length;
        row.FrameLength = row.IsFloatPixels ? null : attributes.NativeFrameLength(length);
    }

    private static byte[] Metadata(DicomFile header, string study, string series, string instance)
    {
        var prefix = $"studies/{study}/series/{series}/instances/{instance}/bulkdata/";
        var buffer = new ArrayBufferWriter<byte>(8192);
        DicomJson.Write(buffer, header, new DicomJsonOptions { BulkDataThreshold = BulkDataThreshold, BulkDataUri = path => prefix + path });
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A Part 10 file (PS3.10 7.1) that is encoded as it says: it can be sent to anyone as it is.</summary>
    private static bool IsProper(DicomFile header) => !header.Faults.Any(f =>
        f.Kind is DicomFaultKind.MissingPreamble or DicomFaultKind.MissingTransferSyntax or DicomFaultKind.WrongTransferSyntax);

    private async Task<BlobWriter> RewriteAsync(Stream content, CancellationToken cancellation)
    {
        if (content.Length > MaxRewriteBytes)
        {
            throw new DicomException(DicomError.TooLarge, $"a file without correct meta information may have {MaxRewriteBytes} bytes");
        }

        var bytes = new byte[content.Length];
        content.Position = 0;
        await content.ReadExactlyAsync(bytes, cancellation);
        var file = DicomFile.Read(bytes);
        var writer = blobs.Create();
        try
        {
            file.Write(writer.Content);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    private static async Task<byte[]> DigestAsync(Stream content, CancellationToken cancellation)
    {
        content.Position = 0;
        return await SHA256.HashDataAsync(content, cancellation);
    }

    private static string? Uid(DicomFile? header, DicomTag tag) => header?.Dataset.GetString(tag) is { } uid && StudyReads.IsUid(uid) ? uid : null;
}
