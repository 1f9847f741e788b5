using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Good inputs of a <see cref="CodecTarget"/>: small images of many kinds that this library encodes, frames of files, and JPEG pictures.</summary>
internal static class CodecCorpus
{
    private const int MaxFrame = 24 << 10;

    /// <param name="files">DICOM files; those of other transfer syntaxes, and damaged ones, are left out.</param>
    /// <param name="pictures">Files of JPEG's own format.</param>
    internal static List<byte[]> Of(CodecTarget target, IEnumerable<byte[]> files, IEnumerable<byte[]> pictures)
    {
        var inputs = new List<byte[]>();
        for (var i = 0; i < target.Syntaxes.Count; i++)
        {
            foreach (var shape in Shapes().Append(s_flat))
            {
                AddEncoded(inputs, shape, target.Syntaxes[i], i);
            }
        }

        foreach (var file in files)
        {
            AddFrame(inputs, file, target);
        }

        if (target == CodecTarget.Jpeg)
        {
            inputs.AddRange(pictures.Select(p => new FrameShape(1, 1, 1, 8, CodecTarget.IsYbr).Before(p, 2)));
        }

        return inputs;
    }

    private static IEnumerable<FrameShape> Shapes() =>
        from size in new[] { (16, 12), (1, 1), (5, 33), (20, 24) }
        from samples in new[] { 1, 3 }
        from bits in new[] { 8, 12, 16 }
        from signed in new[] { 0, 1 }
        where samples == 1 || signed == 0
        select new FrameShape(size.Item1, size.Item2, samples, bits, (byte)signed);

    /// <summary>Many pixels in few bytes.</summary>
    private static readonly FrameShape s_flat = new(512, 1024, 1, 8, 0);

    private static void AddEncoded(List<byte[]> inputs, FrameShape shape, string syntax, int number)
    {
        if (!PixelTranscoder.CanWrite(syntax))
        {
            return;
        }

        // Two bytes of packed runs may look like the marker of a frame header.
        shape = syntax == DicomUids.RLELossless ? shape with { Flags = (byte)(shape.Flags | CodecTarget.Contradicts) } : shape;
        var file = DicomFile.Create(shape.Attributes().SetBytes(DicomTags.PixelData, DicomVr.OW, Pixels(shape)), DicomUids.ExplicitVRLittleEndian);
        try
        {
            inputs.Add(shape.Before(PixelTranscoder.TranscodeFrame(DicomImage.Open(file), 0, syntax).Span, number));
        }
        catch (ImagingException e) when (e.Code == ImagingError.UnsupportedImage)
        {
            // Not every syntax holds every kind.
        }
    }

    private static void AddFrame(List<byte[]> inputs, byte[] bytes, CodecTarget target)
    {
        try
        {
            var file = DicomFile.Read(bytes);
            var number = target.Syntaxes.ToList().IndexOf(file.TransferSyntaxUid);
            if (number >= 0)
            {
                var image = DicomImage.Open(file);
                var d = image.Description;
                var flags = (d.IsSigned ? CodecTarget.IsSigned : 0) | (d.BitsAllocated == 16 ? CodecTarget.IsWide : 0) | (d.PhotometricInterpretation.StartsWith('Y') ? CodecTarget.IsYbr : 0);
                var frame = image.FrameBytes(0);
                if (frame.Length <= MaxFrame)
                {
                    inputs.Add(new FrameShape(d.Rows, d.Columns, d.SamplesPerPixel, d.BitsStored, (byte)flags).Before(frame.Span, number));
                }
            }
        }
        catch (Exception e) when (e is DicomException or ImagingException)
        {
            // Some files are damaged on purpose.
        }
    }

    /// <summary>A gradient, a flat part and edges: every mode of the codecs.</summary>
    private static byte[] Pixels(FrameShape shape)
    {
        var count = shape.Rows * shape.Columns * shape.Samples;
        var pixels = new byte[((count * shape.Bytes) + 1) & ~1];
        if (shape.Rows == s_flat.Rows)
        {
            return pixels;
        }

        var mask = (1 << shape.Stored) - 1;
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (i / shape.Samples % shape.Columns, i / shape.Samples / shape.Columns);
            var value = (y < shape.Rows / 3 ? mask / 3 : x > shape.Columns * 2 / 3 ? (x + y) % 2 * mask : ((x * 7) + (y * 11) + (i % shape.Samples * 40)) << (shape.Stored - 8)) & mask;
            pixels[i * shape.Bytes] = (byte)value;
            if (shape.Bytes == 2)
            {
                pixels[(i * 2) + 1] = (byte)(value >> 8);
            }
        }

        return pixels;
    }
}
