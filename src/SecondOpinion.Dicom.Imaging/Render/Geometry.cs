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

    /// <summary>The part reaches to the frame's right edge.</summary>
    private bool ToRight { get; init; }

    private bool ToBottom { get; init; }

    /// <summary>The displayed area before a viewport took a part of it, in pixels of the frame.</summary>
    private (double X, double Y, double Width, double Height) Area { get; init; }

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

        var area = (x, y, width, height);
        var box = options.Viewport;
        if (box is not null)
        {
            if (box.Width < 1 || box.Height < 1)
            {
                throw new ImagingException(ImagingError.InvalidOption, "A viewport has at least one pixel.");
            }

            (x, y, width, height) = Part(box, x, y, width, height, ref flipX, ref flipY);
        }

        var scale = options.PresentationState is { } sized ? Magnification(sized, image, frame) : 1.0;
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

        return new Geometry { X = x, Y = y, Width = width, Height = height, OutWidth = (int)outWidth, OutHeight = (int)outHeight, FlipX = flipX, FlipY = flipY, Turns = turns, Area = area, ToRight = x + width == columns, ToBottom = y + height == rows };
    }

    /// <summary>Pixels of a reduced frame for one of the output, so that those that two of the output share matter little.</summary>
    private const double LeastRemaining = 1.9;

    /// <summary>
    /// What the frame may be divided by (1, 2, 4 or 8) before <see cref="Apply"/>: more pixels than the output has remain, and the part lies at whole ones.
    /// </summary>
    public int MostReduction
    {
        get
        {
            var reduction = 8;
            while (reduction > 1 && (Width < OutWidth * LeastRemaining * reduction || Height < OutHeight * LeastRemaining * reduction
                || X % reduction != 0 || Y % reduction != 0 || (X + Width) % reduction != 0 && !ToRight || (Y + Height) % reduction != 0 && !ToBottom))
            {
                reduction /= 2;
            }

            return reduction;
        }
    }

    /// <param name="image">The frame, drawn.</param>
    /// <param name="reduction">What its width and height were divided by.</param>
    public RenderedImage Apply(RenderedImage image, int reduction = 1)
    {
        if (reduction > 1)
        {
            return Resampler.Apply(image, X / reduction, Y / reduction, Width / reduction, Height / reduction, OutWidth, OutHeight, FlipX, FlipY, ofMeans: true);
        }

        var whole = X == 0 && Y == 0 && Width == image.Width && Height == image.Height && OutWidth == image.Width && OutHeight == image.Height && !FlipX && !FlipY;
        var result = whole ? image : X < 0 || Y < 0 || X + Width > image.Width || Y + Height > image.Height ? Padded(image)
            : Resampler.Apply(image, X, Y, Width, Height, OutWidth, OutHeight, FlipX, FlipY);
        for (var i = 0; i < Turns; i++)
        {
            result = Turned(result);
        }

        return result;
    }

    /// <summary>Where a position in the frame is in the output: 0, 0 is the top left corner of the top left pixel (PS3.3 C.10.5.1.2).</summary>
    public Spot OfPixel(Spot pixel)
    {
        var (x, y) = ((pixel.X - X) / Width * OutWidth, (pixel.Y - Y) / Height * OutHeight);
        x = FlipX ? OutWidth - x : x;
        y = FlipY ? OutHeight - y : y;
        var (width, height) = (OutWidth, OutHeight);
        for (var i = 0; i < Turns; i++)
        {
            (x, y, width, height) = (height - y, x, height, width);
        }

        return new Spot(x, y);
    }

    /// <summary>Where a fraction of the displayed area, as it is shown, is in the output (PS3.3 C.10.5.1.2).</summary>
    public Spot OfDisplay(Spot fraction)
    {
        var (a, b) = (OfPixel(new Spot(Area.X, Area.Y)), OfPixel(new Spot(Area.X + Area.Width, Area.Y + Area.Height)));
        return new Spot(Math.Min(a.X, b.X) + (fraction.X * Math.Abs(b.X - a.X)), Math.Min(a.Y, b.Y) + (fraction.Y * Math.Abs(b.Y - a.Y)));
    }

    /// <summary>An area that reaches beyond the image: black there.</summary>
    private RenderedImage Padded(RenderedImage image)
    {
        var size = image.Channels * (image.BitsPerSample / 8);
        var result = new RenderedImage(OutWidth, OutHeight, image.Channels, image.BitsPerSample, new byte[(long)OutWidth * OutHeight * size]);
        var (x0, y0, x1, y1) = (Math.Max(0, X), Math.Max(0, Y), Math.Min(image.Width, X + Width), Math.Min(image.Height, Y + Height));
        var (left, top) = ((int)Math.Round((x0 - X) / Width * OutWidth), (int)Math.Round((y0 - Y) / Height * OutHeight));
        var (width, height) = ((int)Math.Round((x1 - X) / Width * OutWidth) - left, (int)Math.Round((y1 - Y) / Height * OutHeight) - top);
        if (x1 <= x0 || y1 <= y0 || width < 1 || height < 1)
        {
            return result;
        }

        var part = Resampler.Apply(image, x0, y0, x1 - x0, y1 - y0, width, height, FlipX, FlipY);
        left = FlipX ? OutWidth - left - width : left;
        top = FlipY ? OutHeight - top - height : top;
        for (var row = 0; row < height; row++)
        {
            part.Data.AsSpan(row * part.Stride, part.Stride).CopyTo(result.Data.AsSpan(((top + row) * result.Stride) + (left * size)));
        }

        return result;
    }

    /// <summary>PS3.3 C.10.4: the ratio of MAGNIFY; the other modes are for a display, whose size and spacing are not known here.</summary>
    private static double Magnification(DicomDataset state, DicomImage image, int frame) =>
        PresentationState.ItemFor(state.GetItems(DicomTags.DisplayedAreaSelectionSequence), image.Dataset, frame) is { } area
        && area.GetString(DicomTags.PresentationSizeMode) == "MAGNIFY"
        && area.GetDouble(DicomTags.PresentationPixelMagnificationRatio) is > 0 and <= 100 and var ratio ? ratio : 1;

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

    /// <summary>PS3.3 C.10.4: corners in pixels from 1, both inside; an area may reach beyond the image, as far again on each side.</summary>
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

        var (margin, x0, y0) = (Math.Max(columns, rows), (long)Math.Min(left, right) - 1, (long)Math.Min(top, bottom) - 1);
        var (x1, y1) = ((long)Math.Max(left, right), (long)Math.Max(top, bottom));
        if (x0 >= columns || y0 >= rows || x1 <= 0 || y1 <= 0)
        {
            return (0, 0, columns, rows); // nothing of the image would be seen
        }

        x0 = Math.Max(x0, -margin);
        y0 = Math.Max(y0, -margin);
        return (x0, y0, Math.Min(x1, columns + margin) - x0, Math.Min(y1, rows + margin) - y0);
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
