namespace SecondOpinion.Dicom.Imaging;

/// <summary>Baseline TIFF 6.0 and its common extensions: strips or tiles, uncompressed, PackBits, LZW or deflate; grey, RGB, palette, bilevel; any number of pages.</summary>
internal static class TiffReader
{
    private const int MaxPages = 2000;

    public static ImageFileInfo Identify(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var pages = Directories(bytes);
            return new ImageFileInfo(ImageFileKind.Tiff, (int)Math.Min(int.MaxValue, pages[0].First(256, 0)), (int)Math.Min(int.MaxValue, pages[0].First(257, 0)), pages.Count);
        }
        catch (ImagingException)
        {
            return new ImageFileInfo(ImageFileKind.Tiff); // What is wrong with it is said when it is read.
        }
    }

    public static IReadOnlyList<RenderedImage> Read(ReadOnlySpan<byte> bytes, int? page, long maxPixels)
    {
        var directories = Directories(bytes);
        if (page is { } one && (one < 0 || one >= directories.Count))
        {
            throw new ImagingException(ImagingError.FrameOutOfRange, $"The TIFF file has {directories.Count} pages.");
        }

        var result = new List<RenderedImage>();
        var left = maxPixels;
        for (var i = 0; i < directories.Count; i++)
        {
            if (page is { } wanted && wanted != i)
            {
                continue;
            }

            var layout = TiffLayout.Of(directories[i], bytes[0] == 'I');
            left -= (long)layout.Width * layout.Height * Math.Max(3, layout.Samples * layout.Bits / 8) / 3; // deep and many samples count for their memory
            if (left < 0)
            {
                throw DicomRenderer.TooLarge();
            }

            var samples = TiffBlocks.Read(bytes, layout);
            result.Add(Turn(TiffColors.ToImage(layout, samples), layout.Orientation));
        }

        return result;
    }

    /// <summary>An image whose first row and column lie as the Orientation tag of TIFF and EXIF says, made upright.</summary>
    internal static RenderedImage Turn(RenderedImage image, int orientation)
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

    internal static ImagingException Damaged(string what) => new(ImagingError.InvalidImage, $"The TIFF file {what}.");

    private static List<TiffDirectory> Directories(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
        {
            throw Damaged("ends inside its header");
        }

        var little = bytes[0] == 'I';
        if (TiffDirectory.U16(bytes, 2, little) != 42)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "BigTIFF is not supported.");
        }

        var pages = new List<TiffDirectory>();
        var seen = new HashSet<uint>();
        long budget = bytes.Length;
        for (var offset = TiffDirectory.U32(bytes, 4, little); offset != 0;)
        {
            if (!seen.Add(offset) || pages.Count == MaxPages)
            {
                throw Damaged("has directories without end");
            }

            var directory = TiffDirectory.Read(bytes, offset, little, ref budget);
            offset = directory.Next;
            if ((directory.First(254, 0) & 1) == 0 || pages.Count == 0)
            {
                pages.Add(directory); // NewSubfileType 1 is a thumbnail of another page.
            }
        }

        return pages.Count > 0 ? pages : throw Damaged("has no image");
    }
}

/// <summary>How the samples of a page lie in strips or tiles.</summary>
internal sealed record TiffLayout
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Bits { get; init; }

    public required int Samples { get; init; }

    public required int Compression { get; init; }

    public required int Photometric { get; init; }

    public required bool Planar { get; init; }

    public required bool Predictor { get; init; }

    public required bool ReversedBits { get; init; }

    public required int BlockWidth { get; init; }

    public required int BlockHeight { get; init; }

    public required bool Tiled { get; init; }

    public required uint[] Offsets { get; init; }

    public required uint[] Counts { get; init; }

    public required uint[] ColorMap { get; init; }

    public required int Orientation { get; init; }

    public required bool LittleEndian { get; init; }

    public static TiffLayout Of(TiffDirectory tags, bool little)
    {
        var tiled = tags.All(324).Length > 0;
        var width = Number(tags, 256, 0);
        var height = Number(tags, 257, 0);
        var layout = new TiffLayout
        {
            Width = width,
            Height = height,
            Bits = Number(tags, 258, 1),
            Samples = Number(tags, 277, 1),
            Compression = Number(tags, 259, 1),
            Photometric = Number(tags, 262, 1),
            Planar = Number(tags, 284, 1) == 2 && Number(tags, 277, 1) > 1,
            Predictor = Number(tags, 317, 1) == 2,
            ReversedBits = Number(tags, 266, 1) == 2,
            BlockWidth = tiled ? Number(tags, 322, 0) : width,
            BlockHeight = tiled ? Number(tags, 323, 0) : (int)Math.Min(tags.First(278, uint.MaxValue), (uint)height),
            Tiled = tiled,
            Offsets = tags.All(tiled ? 324 : 273),
            Counts = tags.All(tiled ? 325 : 279),
            ColorMap = tags.All(320),
            Orientation = Number(tags, 274, 1),
            LittleEndian = little,
        };
        if (tags.All(258).Any(b => b != layout.Bits) || tags.All(339).Any(f => f is not (1 or 4)) || Number(tags, 317, 1) > 2)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "TIFF samples of mixed size, signed or float are not supported.");
        }

        layout.Check();
        return layout;
    }

    private void Check()
    {
        if (Width is < 1 or > 1_000_000 || Height is < 1 or > 1_000_000 || BlockWidth is < 1 or > 1_000_000 || BlockHeight is < 1 or > 1_000_000)
        {
            throw TiffReader.Damaged("has dimensions that make no sense");
        }

        // A tile may reach over the edge of a small image, not far beyond one.
        if ((long)BlockWidth * BlockHeight > Math.Max(1 << 22, 4L * Width * Height))
        {
            throw TiffReader.Damaged("has tiles that make no sense");
        }

        if (Compression is not (1 or 5 or 8 or 32946 or 32773))
        {
            throw new ImagingException(ImagingError.UnsupportedImage, Compression switch
            {
                2 or 3 or 4 => "TIFF with CCITT (fax) compression is not supported.",
                6 or 7 => "TIFF with JPEG compression is not supported.",
                _ => $"TIFF compression {Compression} is not supported.",
            });
        }

        var fits = Photometric switch
        {
            0 or 1 => Samples is >= 1 and <= 8 && Bits is (1 or 2 or 4 or 8 or 16),
            2 => Samples is >= 3 and <= 8 && Bits is (8 or 16),
            3 => Samples == 1 && Bits is (1 or 2 or 4 or 8) && ColorMap.Length >= 3 << Bits,
            _ => false,
        };
        if (!fits || (Bits < 8 && Samples > 1))
        {
            throw new ImagingException(ImagingError.UnsupportedImage, $"TIFF with photometric interpretation {Photometric}, {Samples} samples of {Bits} bits is not supported.");
        }

        var across = (Width + BlockWidth - 1) / BlockWidth;
        var down = (Height + BlockHeight - 1) / BlockHeight;
        var blocks = (long)across * down * (Planar ? Samples : 1);
        if (Offsets.Length < blocks || Counts.Length < blocks)
        {
            throw TiffReader.Damaged("has fewer strips or tiles than its dimensions say");
        }
    }

    private static int Number(TiffDirectory tags, int tag, int otherwise) => (int)Math.Min(int.MaxValue, tags.First(tag, (uint)otherwise));
}
