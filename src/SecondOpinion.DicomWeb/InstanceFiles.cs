using System.Buffers;
using System.Buffers.Binary;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>A frame ready to be decoded, in a file that holds no more pixels than needed.</summary>
/// <param name="File">The data set and the frame's pixels.</param>
/// <param name="Frame">From 0.</param>
/// <param name="Rented">The array of the shared pool that holds the pixels; gone when disposed.</param>
internal sealed record FrameFile(DicomFile File, int Frame, byte[]? Rented = null) : IDisposable
{
    public void Dispose()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}

/// <summary>Reads stored files: whole, in parts, or a frame of them. Frames are found by the tables made at ingest, without parsing the file.</summary>
internal sealed class InstanceFiles(IBlobStore blobs)
{
    private const int MostRented = 64 << 20; // larger ones are rare, and a pool would keep them

    public static int FrameCount(InstanceRow row) => Math.Max(1, row.NumberOfFrames ?? 1);

    public Task<Stream> OpenAsync(InstanceRow row, long offset, long? length, CancellationToken cancellation) => blobs.OpenReadAsync(row.BlobId, offset, length, cancellation);

    /// <summary>A file for what a conversion makes; gone when disposed.</summary>
    public BlobWriter Temporary() => blobs.Create();

    /// <summary>Everything before Pixel Data.</summary>
    public async Task<DicomFile> HeaderAsync(InstanceRow row, CancellationToken cancellation)
    {
        await using var stream = await OpenAsync(row, 0, null, cancellation);
        return DicomFile.ReadHeader(stream);
    }

    /// <summary>The whole file in memory.</summary>
    public async Task<DicomFile> WholeAsync(InstanceRow row, CancellationToken cancellation)
    {
        var bytes = new byte[row.Size];
        await using var stream = await OpenAsync(row, 0, null, cancellation);
        await stream.ReadExactlyAsync(bytes, cancellation);
        return DicomFile.Read(bytes);
    }

    /// <summary>Where the bytes of a frame are in the file, as they would be sent; null when the tables do not say.</summary>
    /// <param name="frame">From 0.</param>
    public static IReadOnlyList<(long Offset, long Length)>? Ranges(InstanceRow row, int frame)
    {
        if (row.FrameLength is { } length)
        {
            // Big endian and other odd byte orders have to go through the parser.
            var syntax = DicomTransferSyntax.Of(row.TransferSyntaxUid);
            return syntax.IsBigEndian || row.TransferSyntaxUid == DicomTransferSyntax.GePrivateImplicit ? null : [(row.PixelOffset!.Value + (frame * length), length)];
        }

        var frames = row.FrameStarts.Length / 4;
        if (frame >= frames)
        {
            return null;
        }

        var fragments = row.Fragments.Length / 16;
        var first = BinaryPrimitives.ReadInt32LittleEndian(row.FrameStarts.AsSpan(frame * 4));
        var end = frame + 1 < frames ? BinaryPrimitives.ReadInt32LittleEndian(row.FrameStarts.AsSpan((frame + 1) * 4)) : fragments;
        var ranges = new (long, long)[end - first];
        for (var i = first; i < end; i++)
        {
            ranges[i - first] = (BinaryPrimitives.ReadInt64LittleEndian(row.Fragments.AsSpan(i * 16)), BinaryPrimitives.ReadInt64LittleEndian(row.Fragments.AsSpan((i * 16) + 8)));
        }

        return ranges;
    }

    /// <summary>A file with one frame of the instance; the whole file when frames cannot be read singly.</summary>
    /// <exception cref="ImagingException">The frame, or the file where it is needed whole, is larger than <paramref name="maxBytes"/>.</exception>
    /// <param name="row">The instance.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="maxBytes">Of the frame, or of the whole file.</param>
    /// <param name="isRented">The pixels may be in an array of the shared pool: nothing made of them lives longer than the result.</param>
    /// <param name="cancellation">The request's end.</param>
    public async Task<FrameFile> FrameAsync(InstanceRow row, int frame, long maxBytes, bool isRented, CancellationToken cancellation)
    {
        var ranges = row.PixelOffset is null ? null : Ranges(row, frame);
        var length = ranges?.Sum(r => r.Length) ?? row.Size;
        if (length > maxBytes)
        {
            throw new ImagingException(ImagingError.TooLarge, "The image is larger than MaxTranscodeBytes.");
        }

        if (ranges is null)
        {
            return new FrameFile(await WholeAsync(row, cancellation), frame);
        }

        await using var stream = await OpenAsync(row, 0, null, cancellation);
        var header = DicomFile.ReadHeader(stream);
        var rented = isRented && length is > 0 and <= MostRented ? ArrayPool<byte>.Shared.Rent((int)length) : null;
        var bytes = (rented ?? GC.AllocateUninitializedArray<byte>((int)length)).AsMemory(0, (int)length);
        var at = 0;
        foreach (var (offset, size) in ranges)
        {
            stream.Position = offset;
            await stream.ReadExactlyAsync(bytes.Slice(at, (int)size), cancellation);
            at += (int)size;
        }

        var dataset = header.Dataset;
        var vr = header.PixelDataVr ?? DicomVr.OW;
        if (row.FrameLength is null)
        {
            dataset.SetFragments(DicomTags.PixelData, vr, new DicomFragments(default, bytes));
        }
        else
        {
            dataset.SetBytes(DicomTags.PixelData, vr, bytes);
        }

        OnlyFrame(dataset, frame);
        return new FrameFile(DicomFile.Create(dataset, header.TransferSyntaxUid), 0, rented);
    }

    /// <summary>Makes the data set say that it holds one frame, with that frame's functional groups.</summary>
    private static void OnlyFrame(DicomDataset dataset, int frame)
    {
        dataset.Remove(DicomTags.ExtendedOffsetTable);
        dataset.Remove(DicomTags.ExtendedOffsetTableLengths);
        if (dataset.Contains(DicomTags.NumberOfFrames))
        {
            dataset.Set(DicomTags.NumberOfFrames, 1);
        }

        var groups = dataset.GetItems(DicomTags.PerFrameFunctionalGroupsSequence);
        if (frame < groups.Count && groups.Count > 1)
        {
            dataset.SetItems(DicomTags.PerFrameFunctionalGroupsSequence, groups[frame]);
        }
    }
}
