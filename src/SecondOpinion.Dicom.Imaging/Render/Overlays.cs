using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Overlay planes (PS3.3 C.9.2) drawn on a frame before it is scaled.</summary>
internal static class Overlays
{
    private const int FirstGroup = 0x6000;
    private const int LastGroup = 0x601E; // PS3.5 7.6

    /// <summary>All planes of an image, in white.</summary>
    /// <param name="frameBytes">The stored frame, for overlays in unused bits of the pixels (retired); empty when it has none.</param>
    public static void Draw(DicomDataset dataset, int frameIndex, ReadOnlySpan<byte> frameBytes, ImageDescription description, RenderedImage target)
    {
        for (var group = FirstGroup; group <= LastGroup; group += 2)
        {
            if (!Draw(dataset, group, frameIndex, target, Ink.White))
            {
                FromPixels(dataset, group, frameBytes, description, target, Ink.White);
            }
        }
    }

    /// <summary>The planes that a presentation state activates, its own or else the image's, layer by layer in the colour of the layer (PS3.3 C.11.7).</summary>
    public static void DrawActivated(DicomDataset state, DicomDataset dataset, int frameIndex, ReadOnlySpan<byte> frameBytes, ImageDescription description, RenderedImage target)
    {
        var layers = new GraphicLayers(state);
        var active = Enumerable.Range(0, ((LastGroup - FirstGroup) / 2) + 1).Select(i => FirstGroup + (i * 2))
            .Select(group => (Group: group, Layer: state.GetString(new DicomTag((ushort)group, 0x1001)))) // Overlay Activation Layer
            .Where(a => !string.IsNullOrEmpty(a.Layer) && a.Group != Shutter.GroupOf(state))
            .OrderBy(a => layers.OrderOf(a.Layer));
        foreach (var (group, layer) in active)
        {
            var ink = layers.InkOf(layer);
            if (!Draw(state, group, frameIndex, target, ink) && !Draw(dataset, group, frameIndex, target, ink))
            {
                FromPixels(dataset, group, frameBytes, description, target, ink);
            }
        }
    }

    /// <summary>One plane with data of its own; false when the data set has none of this group.</summary>
    public static bool Draw(DicomDataset dataset, int group, int frameIndex, RenderedImage target, Ink ink)
    {
        DicomTag Tag(ushort element) => new((ushort)group, element);

        var rows = dataset.GetInt32(Tag(0x0010)) ?? 0;
        var columns = dataset.GetInt32(Tag(0x0011)) ?? 0;
        var bits = dataset.GetBytes(Tag(0x3000)).Span;
        if (rows < 1 || columns < 1 || bits.IsEmpty)
        {
            return false;
        }

        // PS3.3 C.9.3: a multi-frame overlay starts at a frame of the image.
        var frames = Math.Max(1, dataset.GetInt32(Tag(0x0015)) ?? 1);
        var overlayFrame = frames == 1 ? 0 : frameIndex - (dataset.GetInt32(Tag(0x0051)) ?? 1) + 1;
        if (overlayFrame >= 0 && overlayFrame < frames)
        {
            var origin = dataset.GetInt32s(Tag(0x0050)) is [var top, var left, ..] ? (top - 1, left - 1) : (0, 0);
            FromPlane(bits, (long)overlayFrame * rows * columns, rows, columns, origin, target, ink);
        }

        return true;
    }

    private static void FromPlane(ReadOnlySpan<byte> bits, long firstBit, int rows, int columns, (int Top, int Left) origin, RenderedImage target, Ink ink)
    {
        var canvas = new Canvas(target);
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
                    canvas.Blend((int)x, (int)y, 1, ink);
                }
            }
        }
    }

    private static void FromPixels(DicomDataset dataset, int group, ReadOnlySpan<byte> frame, ImageDescription description, RenderedImage target, Ink ink)
    {
        var size = description.BitsAllocated / 8;
        if (!dataset.Contains(new DicomTag((ushort)group, 0x0010)) || dataset.GetInt32(new DicomTag((ushort)group, 0x0102)) is not { } position
            || position < 0 || position >= description.BitsAllocated || description.SamplesPerPixel != 1 || size is not (1 or 2 or 4) || frame.Length < description.BytesPerFrame)
        {
            return;
        }

        var canvas = new Canvas(target);
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
                canvas.Blend(i % description.Columns, i / description.Columns, 1, ink);
            }
        }
    }
}
