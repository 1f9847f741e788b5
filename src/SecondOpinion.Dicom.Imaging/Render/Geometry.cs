using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Which part of a frame goes to which size of output (PS3.18 8.3.5.1.3; PS3.3 C.7.6.3.1.7, C.10.4, C.10.6).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Geometry
{
    private double X { get; init; }

    private double Y { get; init; }

    private double Width { get; init; }

    private double Height { get; init; }

    private int OutWidth { get; init; }

    private int OutHeight { get; init; }

    private bool FlipX { get; init; }

    private bool FlipY { get; init; }

    /// <summary>Quarter turns clockwise, after the flips.</summary>
    private int Turns { get; init; }

    public static Geometry Of(DicomImage image, int frame, RenderOptions options)
    {
        var (columns, rows) = (image.Description.Columns, image.Description.Rows);
        var aspect = FrameAttributes.AspectRatio(image.Dataset, frame);
        double x = 0, y = 0, width = columns, height = rows;
        bool flipX = false, flipY = false;
        var turns = 0;
        if (options.PresentationState is { } state)
        {
            (x, y, width, height) = DisplayedArea(state, image, frame, ref aspect);
            turns = ((state.GetInt32(DicomTags.ImageRotation) ?? 0) / 90 % 4 + 4) % 4; // PS3.3 C.10.6: rotation first, then flip about the vertical axis
            flipX = state.GetString(DicomTags.ImageHorizontalFlip) == "Y";
            if (flipX && turns % 2 == 1)
            {
                (flipX, flipY) = (false, true); // a horizontal flip after a quarter turn is a vertical one before it
            }
        }

        // Pixels that are not square are stretched, never thinned out.
        var (stretchX, stretchY) = aspect > 1 ? (1.0, aspect) : (1 / aspect, 1.0);
        if (Math.Abs(aspect - 1) < 0.005)
        {
            (stretchX, stretchY) = (1, 1);
        }

        var box = options.Viewport;
        if (box is not null)
        {
            if (box.Width < 1 || box.Height < 1)
            {
                throw new ImagingException(ImagingError.InvalidOption, "A viewport has at least one pixel.");
            }

            (x, y, width, height) = Part(box, x, y, width, height, ref flipX, ref flipY);
        }

        var scale = 1.0;
        if (box is not null)
        {
            var (boxWidth, boxHeight) = turns % 2 == 1 ? (box.Height, box.Width) : (box.Width, box.Height);
            scale = Math.Min(boxWidth / (width * stretchX), boxHeight / (height * stretchY));
        }

        var outWidth = Math.Max(1, Math.Round(width * stretchX * scale));
        var outHeight = Math.Max(1, Math.Round(height * stretchY * scale));
        if (outWidth * outHeight > Math.Min(options.MaxPixels, Array.MaxLength / 6) || outWidth > 65535 || outHeight > 65535)
        {
            throw DicomRenderer.TooLarge();
        }

        return new Geometry { X = x, Y = y, Width = width, Height = height, OutWidth = (int)outWidth, OutHeight = (int)outHeight, FlipX = flipX, FlipY = flipY, Turns = turns };
    }

    public RenderedImage Apply(RenderedImage image)
    {
        var whole = X == 0 && Y == 0 && Width == image.Width && Height == image.Height && OutWidth == image.Width && OutHeight == image.Height && !FlipX && !FlipY;
        var result = whole ? image : Resampler.Apply(image, X, Y, Width, Height, OutWidth, OutHeight, FlipX, FlipY);
        for (var i = 0; i < Turns; i++)
        {
            result = Turned(result);
        }

        return result;
    }

    private static (double X, double Y, double Width, double Height) Part(Viewport box, double x, double y, double width, double height, ref bool flipX, ref bool flipY)
    {
        var (right, bottom) = (x + width, y + height);
        var left = x + box.SourceX;
        var top = y + box.SourceY;
        var partWidth = Math.Abs(box.SourceWidth ?? right - left);
        var partHeight = Math.Abs(box.SourceHeight ?? bottom - top);

        // The region must lie in the image; a part of a pixel of rounding is forgiven.
        if (!(left >= x && top >= y && partWidth > 0 && partHeight > 0 && left + partWidth <= right + 0.5 && top + partHeight <= bottom + 0.5))
        {
            throw new ImagingException(ImagingError.InvalidOption, "The region lies outside the image.");
        }

        flipX ^= box.SourceWidth < 0;
        flipY ^= box.SourceHeight < 0;
        return (left, top, Math.Min(partWidth, right - left), Math.Min(partHeight, bottom - top));
    }

    /// <summary>PS3.3 C.10.4: corners in pixels from 1, both inside; what lies beyond the image is left out.</summary>
    private static (double X, double Y, double Width, double Height) DisplayedArea(DicomDataset state, DicomImage image, int frame, ref double aspect)
    {
        var (columns, rows) = (image.Description.Columns, image.Description.Rows);
        if (PresentationState.ItemFor(state.GetItems(DicomTags.DisplayedAreaSelectionSequence), image.Dataset, frame) is not { } area)
        {
            return (0, 0, columns, rows);
        }

        if (area.GetDoubles(DicomTags.PresentationPixelSpacing) is [> 0 and var vertical, > 0 and var horizontal, ..])
        {
            aspect = vertical / horizontal;
        }
        else if (area.GetDoubles(DicomTags.PresentationPixelAspectRatio) is [> 0 and var v, > 0 and var h, ..])
        {
            aspect = v / h;
        }

        aspect = aspect is > 0.05 and < 20 ? aspect : 1;
        if (area.GetInt32s(DicomTags.DisplayedAreaTopLeftHandCorner) is not [var left, var top, ..] || area.GetInt32s(DicomTags.DisplayedAreaBottomRightHandCorner) is not [var right, var bottom, ..])
        {
            return (0, 0, columns, rows);
        }

        var x0 = Math.Clamp((long)Math.Min(left, right) - 1, 0, columns);
        var y0 = Math.Clamp((long)Math.Min(top, bottom) - 1, 0, rows);
        var x1 = Math.Clamp((long)Math.Max(left, right), 0, columns);
        var y1 = Math.Clamp((long)Math.Max(top, bottom), 0, rows);
        return x1 > x0 && y1 > y0 ? (x0, y0, x1 - x0, y1 - y0) : (0, 0, columns, rows);
    }

    private static RenderedImage Turned(RenderedImage image)
    {
        var size = image.Channels * (image.BitsPerSample / 8);
        var data = new byte[image.Width * image.Height * size];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                image.Data.AsSpan(((y * image.Width) + x) * size, size).CopyTo(data.AsSpan(((x * image.Height) + image.Height - 1 - y) * size));
            }
        }

        return new RenderedImage(image.Height, image.Width, image.Channels, image.BitsPerSample, data);
    }
}
