namespace SecondOpinion.Dicom.Imaging;

/// <summary>What the tags of a TIFF page say of its samples (TIFF 6.0 section 8), checked before anything is allocated for them.</summary>
internal sealed unsafe record TiffPage
{
    private const int JpegCompression = 7;
    private const uint JpegColorMode = 65538; // a pseudo tag: 1 makes the codec give RGB
    private const uint MaxSide = 1_000_000;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Bits { get; init; }

    public required int Samples { get; init; }

    /// <summary>0 white is zero, 1 black is zero, 2 RGB, 3 palette; others are left to the library.</summary>
    public required int Photometric { get; init; }

    public required bool IsPlanar { get; init; }

    public required bool IsTiled { get; init; }

    public required int BlockWidth { get; init; }

    public required int BlockHeight { get; init; }

    public required int Orientation { get; init; }

    /// <summary>Bytes of a strip or tile.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>The first extra sample: 0 none or unknown, 1 opacity that the colours were multiplied with, 2 opacity.</summary>
    public required int Alpha { get; init; }

    /// <summary>All reds, all greens, all blues; 16 bits each.</summary>
    public required ushort[] ColorMap { get; init; }

    /// <summary>Samples can be taken as they are; otherwise the library makes RGB of 8 bits of them.</summary>
    public required bool IsPlain { get; init; }

    public int BytesPerSample => Bits == 16 ? 2 : 1;

    public int Channels => Photometric is 0 or 1 ? 1 : 3;

    /// <summary>Memory that the page takes, in pixels of three bytes.</summary>
    public long Cost => (long)Width * Height * Math.Max(3, IsPlain ? Samples * BytesPerSample : 4) / 3;

    /// <summary>Reads the tags of the current directory.</summary>
    /// <exception cref="ImagingException">Dimensions that make no sense, or a compression that the library has no codec for.</exception>
    public static TiffPage Of(TiffLibrary library, void* tiff)
    {
        uint width = 0, height = 0;
        if (!library.GetField(tiff, 256, &width) || !library.GetField(tiff, 257, &height) || width is 0 or > MaxSide || height is 0 or > MaxSide)
        {
            throw TiffMemory.Damaged("its dimensions make no sense");
        }

        var compression = Short(library, tiff, 259, 1);
        if (library.IsCodecConfigured((ushort)compression) == 0)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, $"TIFF compression {compression} is not supported by the installed libtiff.");
        }

        var (bits, samples, photometric) = (Short(library, tiff, 258, 1), Short(library, tiff, 277, 1), Short(library, tiff, 262, 1));
        var isPlanar = Short(library, tiff, 284, 1) == 2 && samples > 1;
        if (compression == JpegCompression && photometric == 6 && samples == 3 && bits == 8 && !isPlanar && library.SetField(tiff, JpegColorMode, 1))
        {
            photometric = 2;
        }

        var map = Map(library, tiff, photometric, bits);
        var isTiled = library.IsTiled(tiff) != 0;
        uint blockWidth = width, blockHeight = height;
        if (isTiled && (!library.GetField(tiff, 322, &blockWidth) || !library.GetField(tiff, 323, &blockHeight)))
        {
            throw TiffMemory.Damaged("its tiles have no size");
        }

        if (!isTiled && library.GetField(tiff, 278, &blockHeight))
        {
            blockHeight = Math.Min(blockHeight, height);
        }

        // A tile may reach over the edge of a small image, not far beyond one.
        var blockBytes = isTiled ? library.TileSize(tiff) : library.StripSize(tiff);
        if (blockWidth == 0 || blockHeight == 0 || (ulong)blockWidth * blockHeight > Math.Max(1UL << 22, 4UL * width * height) || blockBytes <= 0 || blockBytes > Array.MaxLength)
        {
            throw TiffMemory.Damaged("its strips or tiles make no sense");
        }

        return new TiffPage
        {
            Width = (int)width,
            Height = (int)height,
            Bits = bits,
            Samples = samples,
            Photometric = photometric,
            IsPlanar = isPlanar,
            IsTiled = isTiled,
            BlockWidth = (int)blockWidth,
            BlockHeight = (int)blockHeight,
            BlockBytes = (int)blockBytes,
            Orientation = Short(library, tiff, 274, 1),
            Alpha = FirstExtraSample(library, tiff),
            ColorMap = map,
            IsPlain = Short(library, tiff, 339, 1) is 1 or 4 && photometric switch
            {
                0 or 1 => samples is >= 1 and <= 8 && (bits is 8 or 16 || (bits is 1 or 2 or 4 && samples == 1)),
                2 => samples is >= 3 and <= 8 && bits is 8 or 16,
                3 => samples == 1 && map.Length > 0,
                _ => false,
            },
        };
    }

    private static int Short(TiffLibrary library, void* tiff, uint tag, ushort otherwise)
    {
        ushort value = otherwise;
        return library.GetField(tiff, tag, &value) ? value : otherwise;
    }

    private static int FirstExtraSample(TiffLibrary library, void* tiff)
    {
        ushort count = 0;
        ushort* types = null;
        return library.GetField(tiff, 338, &count, &types) && count > 0 && types is not null ? types[0] : 0;
    }

    private static ushort[] Map(TiffLibrary library, void* tiff, int photometric, int bits)
    {
        ushort* red = null;
        ushort* green = null;
        ushort* blue = null;
        if (photometric != 3 || bits is not (1 or 2 or 4 or 8) || !library.GetField(tiff, 320, &red, &green, &blue) || red is null || green is null || blue is null)
        {
            return [];
        }

        var entries = 1 << bits; // as many as the library itself has read
        return [.. new ReadOnlySpan<ushort>(red, entries), .. new ReadOnlySpan<ushort>(green, entries), .. new ReadOnlySpan<ushort>(blue, entries)];
    }
}
