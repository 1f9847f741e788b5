using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using SecondOpinion.Fuzz;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>What small progressive streams of large images may cost.</summary>
public sealed class JpegWorkTests
{
    private const int Side = 2048;
    private const int Blocks = Side / 8 * (Side / 8);

    /// <summary>Every block has a coefficient, and each scan of the others is a few runs of 32767 blocks: all that the order of bits allows (T.81 G.1.1.1.1).</summary>
    [Fact]
    public void All_scans_that_the_standard_allows_cost_little()
    {
        var stream = Start();
        for (var low = 13; low >= 0; low--)
        {
            AddScan(stream, 2, 63, low == 13 ? 0 : low + 1, low, Runs());
        }

        byte[] codestream = [.. stream, 0xFF, 0xD9];
        Assert.InRange(codestream.Length, 30_000, 40_000);
        var took = FuzzCase.Run(bytes => JpegDecoder.Decode(bytes, RleTests.Description(Side, Side, 8)), codestream);
        Assert.InRange(took.TotalSeconds, 0, 1.9);
    }

    [Theory]
    [InlineData(0, 13)] // a second first scan
    [InlineData(12, 11)] // leaves out bit 12
    public void A_scan_that_repeats_or_leaves_out_bits_is_refused(int high, int low)
    {
        var stream = Start();
        AddScan(stream, 2, 63, 0, 13, Runs());
        AddScan(stream, 2, 63, high, low, Runs());
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => JpegDecoder.Decode((byte[])[.. stream, 0xFF, 0xD9], RleTests.Description(Side, Side, 8))).Code);
    }

    /// <summary>Tables, a frame header, a scan of DC and one that gives every block one AC coefficient.</summary>
    private static List<byte> Start()
    {
        var stream = new List<byte> { 0xFF, 0xD8 };
        AddSegment(stream, 0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        AddSegment(stream, 0xC2, [8, Side >> 8, Side & 0xFF, Side >> 8, Side & 0xFF, 1, 1, 0x11, 0]);
        AddSegment(stream, 0xC4, [0x00, 1, .. new byte[15], 0]); // 0: no difference
        AddSegment(stream, 0xC4, [0x10, 1, 1, .. new byte[14], 0xE0, 0x01]); // 0: EOB14, 10: a coefficient of one bit
        AddScan(stream, 0, 0, 0, 0, new string('0', Blocks));
        AddScan(stream, 1, 1, 0, 13, string.Concat(Enumerable.Repeat("101", Blocks)));
        return stream;
    }

    private static string Runs() => string.Concat(Enumerable.Repeat("0" + new string('1', 14), (Blocks / 32767) + 1));

    private static void AddScan(List<byte> stream, int start, int end, int high, int low, string bits)
    {
        AddSegment(stream, 0xDA, [1, 1, 0x00, (byte)start, (byte)end, (byte)((high << 4) | low)]);
        for (var at = 0; at < bits.Length; at += 8)
        {
            stream.Add(Convert.ToByte(bits.Substring(at, Math.Min(8, bits.Length - at)).PadRight(8, '1'), 2));
            if (stream[^1] == 0xFF)
            {
                stream.Add(0); // T.81 F.1.2.3
            }
        }
    }

    private static void AddSegment(List<byte> stream, byte marker, byte[] payload) =>
        stream.AddRange([0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload]);
}
