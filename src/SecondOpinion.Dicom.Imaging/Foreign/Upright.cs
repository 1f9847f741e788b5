namespace SecondOpinion.Dicom.Imaging;

/// <summary>Images whose first row and column lie as the Orientation tag of TIFF and EXIF says (TIFF 6.0 section 8), made upright.</summary>
internal static class Upright
{
    /// <param name="image">As stored.</param>
    /// <param name="orientation">1 to 8; anything else counts as 1, upright.</param>
    public static RenderedImage Turn(RenderedImage image, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return image;
        }

        var (w, h) = (image.Width, image.Height);
        var swapped = orientation >= 5;
        var size = image.Channels * (image.BitsPerSample / 8);
        var data = new byte[(long)w * h * size];
        var outWidth = swapped ? h : w;
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var (tx, ty) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (h - 1 - y, x),
                    7 => (h - 1 - y, w - 1 - x),
                    _ => (y, w - 1 - x),
                };
                image.Data.AsSpan(((y * w) + x) * size, size).CopyTo(data.AsSpan(((ty * outWidth) + tx) * size));
            }
        }

        return new RenderedImage(outWidth, swapped ? w : h, image.Channels, image.BitsPerSample, data);
    }
}
