using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using SecondOpinion.Dicom.Imaging.Codecs;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Choices of lossy encoders; lossless ones have none.</summary>
public sealed record PixelTranscodeOptions
{
    /// <summary>What is used when nothing is asked for.</summary>
    public static PixelTranscodeOptions Default { get; } = new();

    /// <summary>JPEG-LS near-lossless: how far a sample may be off, 1 to 255; 2.</summary>
    public int Near { get; init; } = 2;

    /// <summary>JPEG 2000 lossy: compression ratio; 10.</summary>
    public float Ratio { get; init; } = 10;

    /// <summary>JPEG baseline: 1 to 100; 90. Colour is never subsampled, which takes 90 at least.</summary>
    public int Quality { get; init; } = 90;
}

/// <summary>Brings the pixel data of a file into another transfer syntax, with the attributes that describe them (PS3.3 C.7.6.3, PS3.5 8.2).</summary>
public static class PixelTranscoder
{
    /// <summary>Whether <see cref="Transcode"/> can write a transfer syntax that may be sent; big endian, which it writes too, may not (retired, PS3.5 2016b).</summary>
    public static bool CanWrite(string transferSyntaxUid) => IsNative(transferSyntaxUid) || PixelEncoding.CanEncode(transferSyntaxUid);

    /// <summary>The file in another transfer syntax. The given file does not change; values that stay are shared. UIDs stay too: a caller that
    /// keeps a lossy result gives it a new SOP Instance UID (PS3.4 B.4.1).</summary>
    /// <exception cref="ImagingException">No codec for one of the syntaxes, damaged pixel data, or an image that the target cannot hold.</exception>
    public static DicomFile Transcode(DicomFile file, string targetTransferSyntaxUid, PixelTranscodeOptions? options = null, CancellationToken cancellation = default)
    {
        if (file.TransferSyntaxUid == targetTransferSyntaxUid)
        {
            return file;
        }

        if (targetTransferSyntaxUid == DicomUids.ExplicitVRBigEndian)
        {
            return ToBigEndian(Transcode(file, DicomUids.ExplicitVRLittleEndian, options, cancellation));
        }

        if (!CanWrite(targetTransferSyntaxUid))
        {
            throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"Transfer syntax {targetTransferSyntaxUid} cannot be written.");
        }

        if (file.IsHeaderOnly)
        {
            throw new ImagingException(ImagingError.NoPixelData, "Pixel Data was not read.");
        }

        if (IsNative(targetTransferSyntaxUid))
        {
            return file.TransferSyntax.IsEncapsulated || file.IsPixelDataEncapsulated ? Decompress(file, targetTransferSyntaxUid, cancellation) : Rewrite(file, targetTransferSyntaxUid);
        }

        return Compress(file, targetTransferSyntaxUid, options ?? PixelTranscodeOptions.Default, cancellation);
    }

    /// <summary>One frame in another transfer syntax: a codestream, or rows of little endian samples as <see cref="Transcode"/> would leave them.</summary>
    /// <param name="frame">From 0.</param>
    /// <exception cref="ImagingException">As <see cref="Transcode"/>; also when there is no such frame.</exception>
    public static ReadOnlyMemory<byte> TranscodeFrame(DicomImage image, int frame, string targetTransferSyntaxUid, PixelTranscodeOptions? options = null)
    {
        if (image.TransferSyntaxUid == targetTransferSyntaxUid || (IsNative(targetTransferSyntaxUid) && !image.IsCompressed))
        {
            return image.FrameBytes(frame);
        }

        if (!CanWrite(targetTransferSyntaxUid))
        {
            throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"Transfer syntax {targetTransferSyntaxUid} cannot be written.");
        }

        var decoded = image.Decode(frame);
        if (IsNative(targetTransferSyntaxUid))
        {
            return decoded.Data.AsMemory(0, decoded.Rows * decoded.Columns * decoded.SamplesPerPixel * decoded.BytesPerSample);
        }

        return PixelEncoding.For(targetTransferSyntaxUid, decoded, image.Description, options ?? PixelTranscodeOptions.Default).Encode(decoded);
    }

    private static bool IsNative(string uid) =>
        uid is DicomUids.ExplicitVRLittleEndian or DicomUids.ImplicitVRLittleEndian or DicomUids.DeflatedExplicitVRLittleEndian;

    /// <summary>Between uncompressed syntaxes only the encoding of elements changes, and the byte order of 32-bit samples, which OW does not tell.</summary>
    private static DicomFile Rewrite(DicomFile file, string target)
    {
        var swaps = file.TransferSyntax.IsBigEndian || file.TransferSyntaxUid == DicomTransferSyntax.GePrivateImplicit;
        if (!swaps || !file.Dataset.TryGet(DicomTags.PixelData, out var pixels) || pixels.Fragments is not null)
        {
            return file.WithTransferSyntax(target);
        }

        var allocated = file.Dataset.GetInt32(DicomTags.BitsAllocated) ?? 16;
        var dataset = file.Dataset.Clone();
        dataset.SetBytes(DicomTags.PixelData, pixels.Vr, NativeFrame.LittleEndian(pixels, file.TransferSyntaxUid, allocated));
        return With(file, dataset, target);
    }

    /// <summary>The writer swaps OW as words of 16 bits; samples of 32 need their halves exchanged before.</summary>
    private static DicomFile ToBigEndian(DicomFile file)
    {
        if (file.Dataset.GetInt32(DicomTags.BitsAllocated) != 32 || !file.Dataset.TryGet(DicomTags.PixelData, out var pixels) || pixels.Vr != DicomVr.OW)
        {
            return file.WithTransferSyntax(DicomUids.ExplicitVRBigEndian);
        }

        var words = pixels.LittleEndianBytes().ToArray();
        foreach (ref var sample in MemoryMarshal.Cast<byte, uint>(words.AsSpan(0, words.Length & ~3)))
        {
            sample = BitOperations.RotateLeft(sample, 16);
        }

        var dataset = file.Dataset.Clone().SetBytes(DicomTags.PixelData, DicomVr.OW, words);
        return DicomFile.Read(With(file, dataset, DicomUids.ExplicitVRBigEndian).ToArray()); // so that its elements say that they are big endian
    }

    private static DicomFile Decompress(DicomFile file, string target, CancellationToken cancellation)
    {
        var dataset = file.Dataset.Clone();
        TranscodeIcons(dataset, file.TransferSyntaxUid, target, cancellation);
        if (!file.Dataset.Contains(DicomTags.PixelData))
        {
            return With(file, dataset, target);
        }

        var image = DicomImage.Open(file);
        if (image.Description.BitsAllocated == 1)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "Encapsulated images of one bit per pixel are not decompressed.");
        }

        var first = image.Decode(0);
        var size = (long)first.Rows * first.Columns * first.SamplesPerPixel * first.BytesPerSample;
        if (size * image.FrameCount > Array.MaxLength - 1)
        {
            throw new ImagingException(ImagingError.TooLarge, "The uncompressed pixel data are larger than two gigabytes.");
        }

        var pixels = new byte[((size * image.FrameCount) + 1) & ~1L];
        ForFrames(image.FrameCount, PixelCodecs.UsesWorkers(file.TransferSyntaxUid), frame =>
        {
            var decoded = frame == 0 ? first : image.Decode(frame);
            if (decoded.BytesPerSample != first.BytesPerSample)
            {
                throw new ImagingException(ImagingError.InvalidPixelData, "Frames differ in their bits.");
            }

            decoded.Data.AsSpan(0, (int)size).CopyTo(pixels.AsSpan((int)(frame * size)));
        }, cancellation);

        TranscodedAttributes.Describe(dataset, first, first.PhotometricInterpretation);
        EmbeddedOverlays.MoveOut(dataset, image);
        TranscodedAttributes.KeepLossyHistory(dataset, file.TransferSyntaxUid, image, size * image.FrameCount);
        TranscodedAttributes.RemoveOffsetTables(dataset);
        dataset.SetBytes(DicomTags.PixelData, first.BytesPerSample > 1 ? DicomVr.OW : DicomVr.OB, pixels);
        return With(file, dataset, target);
    }

    private static DicomFile Compress(DicomFile file, string target, PixelTranscodeOptions options, CancellationToken cancellation)
    {
        var image = DicomImage.Open(file);
        var dataset = file.Dataset.Clone();
        TranscodeIcons(dataset, file.TransferSyntaxUid, DicomUids.ExplicitVRLittleEndian, cancellation);
        var parts = new ReadOnlyMemory<byte>[image.FrameCount];
        var first = image.Decode(0);
        var encoding = PixelEncoding.For(target, first, image.Description, options);
        TranscodedAttributes.Describe(dataset, encoding.Prepare(first), encoding.PhotometricInterpretation);
        ForFrames(parts.Length, PixelCodecs.UsesWorkers(file.TransferSyntaxUid) || PixelCodecs.UsesWorkers(target), frame =>
            parts[frame] = encoding.Encode(frame == 0 ? first : image.Decode(frame)), cancellation);
        var native = (long)first.Rows * first.Columns * first.SamplesPerPixel * first.BytesPerSample * parts.Length;
        EmbeddedOverlays.MoveOut(dataset, image);
        TranscodedAttributes.KeepLossyHistory(dataset, file.TransferSyntaxUid, image, native);
        if (encoding.LossyMethod is { } method)
        {
            TranscodedAttributes.AddLossy(dataset, method, native / (double)Math.Max(1, parts.Sum(p => (long)p.Length)));
        }

        SetFragments(dataset, parts);
        return With(file, dataset, target);
    }

    /// <summary>Frames in order; those of JPEG 2000 side by side, as many as there are workers, since they are slow and run in processes of their own.</summary>
    private static void ForFrames(int count, bool sideBySide, Action<int> frame, CancellationToken cancellation)
    {
        if (!sideBySide || count == 1)
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                frame(i);
            }

            return;
        }

        try
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = CodecWorkerPool.Shared.MaxWorkers, CancellationToken = cancellation };
            Parallel.For(0, count, limits, frame);
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => inner is ImagingException) is { } refusal)
        {
            ExceptionDispatchInfo.Throw(refusal);
        }
    }

    /// <summary>One fragment per frame with a basic offset table, or the extended one where 32 bits are too few (PS3.5 A.4).</summary>
    private static void SetFragments(DicomDataset dataset, ReadOnlyMemory<byte>[] parts)
    {
        TranscodedAttributes.RemoveOffsetTables(dataset);
        var offsets = new long[parts.Length];
        for (var i = 1; i < parts.Length; i++)
        {
            offsets[i] = offsets[i - 1] + 8 + ((parts[i - 1].Length + 1L) & ~1L);
        }

        byte[] table = [];
        if (offsets[^1] <= uint.MaxValue)
        {
            table = new byte[4 * parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4 * i), (uint)offsets[i]);
            }
        }
        else
        {
            var extended = new byte[8 * parts.Length];
            var lengths = new byte[8 * parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(extended.AsSpan(8 * i), offsets[i]);
                BinaryPrimitives.WriteInt64LittleEndian(lengths.AsSpan(8 * i), parts[i].Length);
            }

            dataset.SetBytes(DicomTags.ExtendedOffsetTable, DicomVr.OV, extended);
            dataset.SetBytes(DicomTags.ExtendedOffsetTableLengths, DicomVr.OV, lengths);
        }

        dataset.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(table, parts));
    }

    /// <summary>Icons are compressed as the image is. They are a convenience: one that cannot be decoded is dropped.</summary>
    private static void TranscodeIcons(DicomDataset dataset, string source, string target, CancellationToken cancellation)
    {
        var icons = dataset.GetItems(DicomTags.IconImageSequence);
        if (!icons.Any(icon => icon.TryGet(DicomTags.PixelData, out var pixels) && pixels.Fragments is not null))
        {
            return;
        }

        try
        {
            dataset.SetItems(DicomTags.IconImageSequence, [.. icons.Select(icon => Decompress(DicomFile.Create(icon, source), target, cancellation).Dataset)]);
        }
        catch (ImagingException)
        {
            dataset.Remove(DicomTags.IconImageSequence);
        }
    }

    private static DicomFile With(DicomFile file, DicomDataset dataset, string target)
    {
        var result = DicomFile.Create(dataset, target);
        foreach (var element in file.Meta)
        {
            // The writer makes these anew.
            if (element.Tag != DicomTags.FileMetaInformationGroupLength && element.Tag != DicomTags.TransferSyntaxUID)
            {
                result.Meta.Set(element);
            }
        }

        return result;
    }
}
