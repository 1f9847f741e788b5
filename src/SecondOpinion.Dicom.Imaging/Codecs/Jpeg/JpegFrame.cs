namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>A frame header (ITU-T T.81 B.2.2).</summary>
internal sealed class JpegFrame
{
    private JpegFrame(byte process, int precision, int width, int height, JpegComponent[] components)
    {
        Process = process;
        Precision = precision;
        Width = width;
        Height = height;
        Components = components;
    }

    /// <summary>SOF0 to SOF3.</summary>
    public byte Process { get; }

    public int Precision { get; }

    public int Width { get; }

    public int Height { get; }

    public JpegComponent[] Components { get; }

    public int MaxHorizontal { get; private set; }

    public int MaxVertical { get; private set; }

    /// <summary>MCUs of an interleaved scan.</summary>
    public int McusWide { get; private set; }

    public int McusHigh { get; private set; }

    public bool IsLossless => Process == JpegMarker.SOF3;

    public bool IsProgressive => Process == JpegMarker.SOF2;

    /// <param name="payload">The segment after its length.</param>
    /// <param name="rows">Height where the header leaves it to a DNL segment (T.81 B.2.5).</param>
    public static JpegFrame Read(byte process, ReadOnlySpan<byte> payload, int rows)
    {
        if (payload.Length < 6 || payload.Length < 6 + (3 * payload[5]))
        {
            throw CodecError.Truncated("JPEG frame header");
        }

        var precision = payload[0];
        var height = (payload[1] << 8) | payload[2];
        var width = (payload[3] << 8) | payload[4];
        var count = payload[5];
        CheckPrecision(process, precision);
        if (height == 0)
        {
            height = rows;
        }

        if (width == 0 || height is <= 0 or > 65535 || count is 0 or > 4)
        {
            throw CodecError.Invalid($"JPEG frame of {width} x {height} with {count} components");
        }

        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var c = payload.Slice(6 + (3 * i), 3);
            components[i] = new JpegComponent(i, c[0], c[1] >> 4, c[1] & 15, c[2]);
            if (components[i].Horizontal is 0 or > 4 || components[i].Vertical is 0 or > 4 || (c[2] > 3 && process != JpegMarker.SOF3))
            {
                throw CodecError.Invalid("JPEG sampling factors or quantization table number out of range"); // T.81 Table B.2
            }
        }

        var frame = new JpegFrame(process, precision, width, height, components);
        frame.Lay();
        return frame;
    }

    private static void CheckPrecision(byte process, int precision)
    {
        var good = process switch
        {
            JpegMarker.SOF0 => precision == 8,
            JpegMarker.SOF3 => precision is >= 2 and <= 16,
            _ => precision is 8 or 12,
        };
        if (!good)
        {
            throw CodecError.Invalid($"JPEG precision of {precision} bits"); // T.81 Table B.2
        }
    }

    private void Lay()
    {
        MaxHorizontal = Components.Max(c => c.Horizontal);
        MaxVertical = Components.Max(c => c.Vertical);
        if (IsLossless)
        {
            if (Components.Any(c => c.Horizontal != MaxHorizontal || c.Vertical != MaxVertical))
            {
                throw CodecError.Unsupported("lossless JPEG with subsampled components");
            }

            MaxHorizontal = MaxVertical = 1;
        }

        McusWide = Divide(Width, 8 * MaxHorizontal);
        McusHigh = Divide(Height, 8 * MaxVertical);
        foreach (var c in Components)
        {
            // T.81 A.1.1
            c.Width = Divide(Width * c.Horizontal, MaxHorizontal);
            c.Height = Divide(Height * c.Vertical, MaxVertical);
            c.BlocksWide = McusWide * c.Horizontal;
            c.BlocksHigh = McusHigh * c.Vertical;
        }
    }

    /// <summary>1, 2, 4 or 8: the image is decoded at this part of its width and height.</summary>
    public int Reduction { get; private set; } = 1;

    /// <summary>Of the decoded image.</summary>
    public int OutWidth => Divide(Width, Reduction);

    /// <summary>Of the decoded image.</summary>
    public int OutHeight => Divide(Height, Reduction);

    /// <summary>
    /// Sets <see cref="Reduction"/> to the most that is asked and possible: samples of 8 bits, and every component comes to the image's size by what becomes of
    /// its blocks. Subsampled chrominance is then reduced less, or not at all, and never interpolated.
    /// </summary>
    public void Reduce(int most)
    {
        for (var reduction = most; reduction > 1 && !IsLossless && Precision == 8; reduction /= 2)
        {
            var side = 8 / reduction;
            if (Components.All(c => IsSide(side * MaxHorizontal, c.Horizontal) && IsSide(side * MaxVertical, c.Vertical)))
            {
                Reduction = reduction;
                foreach (var c in Components)
                {
                    c.BlockWidth = side * MaxHorizontal / c.Horizontal;
                    c.BlockHeight = side * MaxVertical / c.Vertical;
                    c.Reduced = new ReducedDct(c);
                }

                return;
            }
        }
    }

    private static bool IsSide(int side, int factor) => side % factor == 0 && side / factor is 1 or 2 or 4 or 8;

    public static int Divide(int value, int by) => (value + by - 1) / by;
}

/// <summary>A component of a frame, and what the current scan says of it.</summary>
internal sealed class JpegComponent(int index, byte id, int horizontal, int vertical, int quantization)
{
    public int Index { get; } = index;

    public byte Id { get; } = id;

    public int Horizontal { get; } = horizontal;

    public int Vertical { get; } = vertical;

    public int Quantization { get; } = quantization;

    /// <summary>Samples of a line, and lines.</summary>
    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>Blocks of a row and of a column, filled up to whole MCUs.</summary>
    public int BlocksWide { get; set; }

    public int BlocksHigh { get; set; }

    /// <summary>Samples of a decoded line.</summary>
    public int Stride => BlocksWide * BlockWidth;

    /// <summary>Samples that are made of a block across, 8 unless the image is reduced.</summary>
    public int BlockWidth { get; set; } = 8;

    /// <summary>And down.</summary>
    public int BlockHeight { get; set; } = 8;

    /// <summary>What makes samples of blocks in a reduced image; otherwise null.</summary>
    public ReducedDct? Reduced { get; set; }

    public HuffmanTable? Dc { get; set; }

    public HuffmanTable? Ac { get; set; }

    /// <summary>PRED (T.81 F.2.2.1).</summary>
    public int Prediction { get; set; }

    /// <summary>The quantization table as it was when the component's first scan began (T.81 B.2.4.1 lets later scans redefine it).</summary>
    public ushort[]? Steps { get; set; }

    /// <summary>Per coefficient in zig-zag order the bit position that progressive scans came down to.</summary>
    public byte[] Reached { get; } = [.. Enumerable.Repeat(Unsent, 64)];

    public const byte Unsent = byte.MaxValue;

    /// <summary>A scan of this component was decoded.</summary>
    public bool Seen { get; set; }
}
