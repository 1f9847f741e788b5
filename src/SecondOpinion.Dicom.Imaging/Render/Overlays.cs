using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Overlay planes (PS3.3 C.9.2) drawn in white on a frame before it is scaled.</summary>
internal static class Overlays
{
    /// <param name="frameBytes">The stored frame, for overlays in unused bits of the pixels (retired); empty when it is a codestream.</param>
    public static void Draw(DicomDataset dataset, int frameIndex, ReadOnlySpan<byte> frameBytes, ImageDescription description, RenderedImage target)
    {
        for (var group = 0x6000; group <= 0x601E; group += 2) // PS3.5 7.6
        {
            DicomTag Tag(ushort element) => new((ushort)group, element);

            var rows = dataset.GetInt32(Tag(0x0010)) ?? 0;
            var columns = dataset.GetInt32(Tag(0x0011)) ?? 0;
            if (rows < 1 || columns < 1)
            {
                continue;
            }

            // PS3.3 C.9.3: a multi-frame overlay starts at a frame of the image.
            var frames = Math.Max(1, dataset.GetInt32(Tag(0x0015)) ?? 1);
            var overlayFrame = frames == 1 ? 0 : frameIndex - (dataset.GetInt32(Tag(0x0051)) ?? 1) + 1;
            if (overlayFrame < 0 || overlayFrame >= frames)
            {
                continue;
            }

            var origin = dataset.GetInt32s(Tag(0x0050)) is [var top, var left, ..] ? (top - 1, left - 1) : (0, 0);
            var bits = dataset.GetBytes(Tag(0x3000)).Span;
            if (!bits.IsEmpty)
            {
                FromPlane(bits, (long)overlayFrame * rows * columns, rows, columns, origin, target);
            }
            else if (dataset.GetInt32(Tag(0x0102)) is { } position && position >= 0 && position < description.BitsAllocated && description.SamplesPerPixel == 1)
            {
                FromPixels(frameBytes, position, description, target);
            }
        }
    }

    private static void FromPlane(ReadOnlySpan<byte> bits, long firstBit, int rows, int columns, (int Top, int Left) origin, RenderedImage target)
    {
        for (var row = 0; row < rows; row++)
        {
            var y = (long)row + origin.Top;
            if (y < 0 || y >= target.Height)
            {
                continue;
            }

            for (var column = 0; column < columns; column++)
            {
                var x = (long)column + origin.Left;
                var bit = firstBit + ((long)row * columns) + column;
                if (bit / 8 >= bits.Length)
                {
                    return; // A short plane draws what it has.
                }

                if (x >= 0 && x < target.Width && (bits[(int)(bit / 8)] >> (int)(bit % 8) & 1) != 0)
                {
                    White(target, (int)x, (int)y);
                }
            }
        }
    }

    private static void FromPixels(ReadOnlySpan<byte> frame, int position, ImageDescription description, RenderedImage target)
    {
        var size = description.BitsAllocated / 8;
        if (size < 1 || frame.Length < description.BytesPerFrame)
        {
            return;
        }

        for (var i = 0; i < description.PixelsPerFrame; i++)
        {
            var cell = size switch
            {
                1 => frame[i],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(frame[(i * 2)..]),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(frame[(i * 4)..]),
            };
            if ((cell >> position & 1) != 0)
            {
                White(target, i % description.Columns, i / description.Columns);
            }
        }
    }

    private static void White(RenderedImage target, int x, int y)
    {
        var size = target.Channels * (target.BitsPerSample / 8);
        target.Data.AsSpan(((y * target.Width) + x) * size, size).Fill(0xFF);
    }
}
