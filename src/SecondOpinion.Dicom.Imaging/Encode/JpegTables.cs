namespace SecondOpinion.Dicom.Imaging;

/// <summary>The tables of ISO/IEC 10918-1 Annex K, and the headers of a baseline file.</summary>
internal static class JpegTables
{
    public static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>The inverse of <see cref="ZigZag"/>: the place in zigzag order of each coefficient by row.</summary>
    public static ReadOnlySpan<byte> ZigZagPlace =>
    [
        0, 1, 5, 6, 14, 15, 27, 28, 2, 4, 7, 13, 16, 26, 29, 42, 3, 8, 12, 17, 25, 30, 41, 43, 9, 11, 18, 24, 31, 40, 44, 53,
        10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38, 46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59, 61, 35, 36, 48, 49, 57, 58, 62, 63,
    ];

    public static ReadOnlySpan<byte> LuminanceQuantisation =>
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    public static ReadOnlySpan<byte> ChrominanceQuantisation =>
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    public static Codes LuminanceDc { get; } = new([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    public static Codes ChrominanceDc { get; } = new([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    public static Codes LuminanceAc { get; } = new(
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
        Convert.FromHexString(
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A535455565758595A"
            + "636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EA"
            + "F1F2F3F4F5F6F7F8F9FA"));

    public static Codes ChrominanceAc { get; } = new(
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
        Convert.FromHexString(
            "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A"
            + "636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EA"
            + "F2F3F4F5F6F7F8F9FA"));

    public static void WriteHeaders(JpegBits output, int width, int height, int channels, bool halved, byte[] luminance, byte[] chrominance)
    {
        output.Raw([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Quantisation(output, 0, luminance);
        if (channels == 3)
        {
            Quantisation(output, 1, chrominance);
        }

        output.Raw([0xFF, 0xC0]);
        output.UInt16(8 + (3 * channels));
        output.Byte(8);
        output.UInt16(height);
        output.UInt16(width);
        output.Byte((byte)channels);
        for (var c = 1; c <= channels; c++)
        {
            output.Raw([(byte)c, (byte)(c == 1 && halved ? 0x22 : 0x11), (byte)(c == 1 ? 0 : 1)]);
        }

        Huffman(output, 0x00, LuminanceDc);
        Huffman(output, 0x10, LuminanceAc);
        if (channels == 3)
        {
            Huffman(output, 0x01, ChrominanceDc);
            Huffman(output, 0x11, ChrominanceAc);
        }

        output.Raw([0xFF, 0xDA]);
        output.UInt16(6 + (2 * channels));
        output.Byte((byte)channels);
        for (var c = 1; c <= channels; c++)
        {
            output.Raw([(byte)c, (byte)(c == 1 ? 0x00 : 0x11)]);
        }

        output.Raw([0, 63, 0]);
    }

    private static void Quantisation(JpegBits output, int id, byte[] zigzag)
    {
        output.Raw([0xFF, 0xDB, 0, 67, (byte)id]);
        output.Raw(zigzag);
    }

    private static void Huffman(JpegBits output, int id, Codes codes)
    {
        output.Raw([0xFF, 0xC4]);
        output.UInt16(19 + codes.Symbols.Length);
        output.Byte((byte)id);
        output.Raw(codes.Counts);
        output.Raw(codes.Symbols);
    }

    /// <summary>A Huffman table by symbol (10918-1 C.2).</summary>
    internal sealed class Codes
    {
        public Codes(byte[] counts, byte[] symbols)
        {
            Counts = counts;
            Symbols = symbols;
            var code = 0u;
            var at = 0;
            for (var length = 1; length <= 16; length++, code <<= 1)
            {
                for (var i = 0; i < counts[length - 1]; i++, code++)
                {
                    Packed[symbols[at++]] = (code << 8) | (uint)length;
                }
            }
        }

        public byte[] Counts { get; }

        public byte[] Symbols { get; }

        /// <summary>By symbol: the code, and its length in the low 8 bits.</summary>
        public uint[] Packed { get; } = new uint[256];
    }
}
