using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Streams that break one rule of ITU-T T.81 each, built by hand.</summary>
public sealed class JpegRulesTests
{
    // One code of one bit for symbol 0: every DC difference and every EOB is a single zero bit.
    private static readonly byte[] s_table = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] s_start = [0xFF, 0xD8];
    private static readonly byte[] s_end = [0xFF, 0xD9];

    private static byte[] Quantization => [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];

    private static byte[] Huffman(byte id) => [0xFF, 0xC4, 0, 20, id, .. s_table];

    private static byte[] Tables => [.. Quantization, .. Huffman(0x00), .. Huffman(0x10)];

    private static byte[] Frame(byte process = 0xC0, byte precision = 8, byte height = 8, byte width = 8, byte components = 1, byte sampling = 0x11, byte quantization = 0) =>
        [0xFF, process, 0, 11, precision, 0, height, 0, width, components, 1, sampling, quantization];

    private static byte[] Scan(byte component = 1, byte tables = 0, byte start = 0, byte end = 63, byte approximation = 0) =>
        [0xFF, 0xDA, 0, 8, 1, component, tables, start, end, approximation];

    [Fact]
    public void The_smallest_good_stream_decodes_to_middle_grey()
    {
        Assert.All(Decode([.. s_start, .. Tables, .. Frame(), .. Scan(), 0x3F, .. s_end]).Samples, v => Assert.Equal(128, v));
    }

    [Fact]
    public void A_height_left_to_DNL_is_taken_from_the_data_set()
    {
        Assert.Equal(8, Decode([.. s_start, .. Tables, .. Frame(height: 0), .. Scan(), 0x3F, 0xFF, 0xDC, 0, 4, 0, 8, .. s_end]).Height);
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "nothing", [] },
        { "no SOI", [0, 1, 2, 3] },
        { "no frame", [.. s_start, .. Tables, .. s_end] },
        { "no scan", [.. s_start, .. Tables, .. Frame(), .. s_end] },
        { "a scan before its frame", [.. s_start, .. Tables, .. Scan(), 0x3F, .. s_end] },
        { "two frames", [.. s_start, .. Tables, .. Frame(), .. Frame(), .. Scan(), 0x3F, .. s_end] },
        { "two scans of a sequential component", [.. s_start, .. Tables, .. Frame(), .. Scan(), 0x3F, .. Scan(), 0x3F, .. s_end] },
        { "12 bits in baseline", [.. s_start, .. Tables, .. Frame(precision: 12), .. Scan(), 0x3F, .. s_end] },
        { "9 bits in extended", [.. s_start, .. Tables, .. Frame(0xC1, precision: 9), .. Scan(), 0x3F, .. s_end] },
        { "17 bits in lossless", [.. s_start, .. Tables, .. Frame(0xC3, precision: 17), .. Scan(start: 1), 0x3F, .. s_end] },
        { "no width", [.. s_start, .. Tables, .. Frame(width: 0), .. Scan(), 0x3F, .. s_end] },
        { "another width than the data set", [.. s_start, .. Tables, .. Frame(width: 9), .. Scan(), 0x3F, .. s_end] },
        { "no components", [.. s_start, .. Tables, .. Frame(components: 0), .. Scan(), 0x3F, .. s_end] },
        { "more components than the segment has", [.. s_start, .. Tables, .. Frame(components: 3), .. Scan(), 0x3F, .. s_end] },
        { "a sampling factor of 0", [.. s_start, .. Tables, .. Frame(sampling: 0x01), .. Scan(), 0x3F, .. s_end] },
        { "a sampling factor of 5", [.. s_start, .. Tables, .. Frame(sampling: 0x15), .. Scan(), 0x3F, .. s_end] },
        { "quantization table 4", [.. s_start, .. Tables, .. Frame(quantization: 4), .. Scan(), 0x3F, .. s_end] },
        { "a quantization table that is not there", [.. s_start, .. Tables, .. Frame(quantization: 1), .. Scan(), 0x3F, .. s_end] },
        { "a quantization table cut short", [.. s_start, 0xFF, 0xDB, 0, 10, 0, .. new byte[7], .. s_end] },
        { "a Huffman table that is not there", [.. s_start, .. Tables, .. Frame(), .. Scan(tables: 0x11), 0x3F, .. s_end] },
        { "Huffman table number 9", [.. s_start, .. Tables, .. Frame(), .. Scan(tables: 0x99), 0x3F, .. s_end] },
        { "a Huffman table with three codes of one bit", [.. s_start, 0xFF, 0xC4, 0, 22, 0, 3, .. new byte[15], 0, 1, 2, .. Tables, .. Frame(), .. Scan(), 0x3F, .. s_end] },
        { "a Huffman table cut short", [.. s_start, 0xFF, 0xC4, 0, 19, 0, 9, .. new byte[15], .. s_end] },
        { "a Huffman table of class 2", [.. s_start, .. Huffman(0x20), .. s_end] },
        { "a code that the table does not have", [.. s_start, .. Tables, .. Frame(), .. Scan(), 0xFE, 0xFE, 0xFE, .. s_end] },
        { "a component that the frame does not have", [.. s_start, .. Tables, .. Frame(), .. Scan(component: 2), 0x3F, .. s_end] },
        { "a scan of no components", [.. s_start, .. Tables, .. Frame(), 0xFF, 0xDA, 0, 6, 0, 0, 63, 0, .. s_end] },
        { "the same component twice in a scan", [.. s_start, .. Tables, .. Frame(), 0xFF, 0xDA, 0, 10, 2, 1, 0, 1, 0, 0, 63, 0, 0x3F, .. s_end] },
        { "predictor 0", [.. s_start, .. Tables, .. Frame(0xC3), .. Scan(start: 0), .. new byte[8], .. s_end] },
        { "predictor 8", [.. s_start, .. Tables, .. Frame(0xC3), .. Scan(start: 8), .. new byte[8], .. s_end] },
        { "a point transform of all bits", [.. s_start, .. Tables, .. Frame(0xC3), .. Scan(start: 1, approximation: 8), .. new byte[8], .. s_end] },
        { "a restart inside a line of a lossless image", [.. s_start, .. Tables, 0xFF, 0xDD, 0, 4, 0, 3, .. Frame(0xC3), .. Scan(start: 1), .. new byte[8], .. s_end] },
        { "a lossless image with a bit too few", [.. s_start, .. Tables, .. Frame(0xC3), .. Scan(start: 1), .. new byte[7], .. s_end] },
        { "a missing restart marker", [.. s_start, .. Tables, 0xFF, 0xDD, 0, 4, 0, 8, .. Frame(0xC3), .. Scan(start: 1), .. new byte[8], .. s_end] },
        { "a DRI segment without content", [.. s_start, 0xFF, 0xDD, 0, 2, .. Tables, .. Frame(), .. Scan(), 0x3F, .. s_end] },
        { "spectral selection backwards", [.. s_start, .. Tables, .. Frame(0xC2), .. Scan(start: 5, end: 4), 0x3F, .. s_end] },
        { "spectral selection beyond 63", [.. s_start, .. Tables, .. Frame(0xC2), .. Scan(start: 1, end: 64), 0x3F, .. s_end] },
        { "DC and AC in one progressive scan", [.. s_start, .. Tables, .. Frame(0xC2), .. Scan(start: 0, end: 5), 0x3F, .. s_end] },
        { "successive approximation by two bits", [.. s_start, .. Tables, .. Frame(0xC2), .. Scan(start: 0, end: 0, approximation: 0x31), 0x3F, .. s_end] },
        { "a segment longer than the data", [.. s_start, 0xFF, 0xE0, 0x7F, 0xFF, 0] },
        { "a segment of length 1", [.. s_start, 0xFF, 0xE0, 0, 1, .. s_end] },
        { "hierarchical JPEG", [.. s_start, .. Tables, .. Frame(0xC5), .. Scan(), 0x3F, .. s_end] },
        { "arithmetic coding", [.. s_start, .. Tables, .. Frame(0xC9), .. Scan(), 0x3F, .. s_end] },
        { "a hundred and one scans", [.. s_start, .. Tables, .. Frame(0xC2), .. Enumerable.Repeat<byte[]>([.. Scan(start: 0, end: 0), 0x3F], 101).SelectMany(b => b), .. s_end] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_stream_that_breaks_a_rule_is_refused(string rule, byte[] stream)
    {
        Assert.NotEmpty(rule);
        Assert.Throws<ImagingException>(() => Decode(stream));
    }

    [Fact]
    public void Dimensions_that_the_data_cannot_fill_take_no_memory()
    {
        byte[] stream = [.. s_start, .. Tables, 0xFF, 0xC0, 0, 11, 8, 0x7F, 0xFF, 0x7F, 0xFF, 1, 1, 0x11, 0, .. Scan(), .. new byte[1000]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImagingException>(() => JpegDecoder.Decode(stream, RleTests.Description(0x7FFF, 0x7FFF, 8)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static Imaging.Codecs.CodecImage Decode(byte[] stream) => JpegDecoder.Decode(stream, RleTests.Description(8, 8, 8));
}
