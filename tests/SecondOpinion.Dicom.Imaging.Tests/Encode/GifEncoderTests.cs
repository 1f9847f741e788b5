using System.Buffers.Binary;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Encode;

public sealed class GifEncoderTests
{
    [Fact]
    public void Grey_values_are_kept_exactly()
    {
        var picture = TestImages.Picture(211, 150, 1);
        Assert.Equal(picture.Data.SelectMany(v => (byte[])[v, v, v]), Assert.Single(Read(Written(picture))).Rgb);
    }

    [Fact]
    public void Noise_that_fills_the_code_table_many_times_is_kept_exactly()
    {
        var noise = new byte[200 * 200];
        new Random(1).NextBytes(noise);
        Assert.Equal(noise, Assert.Single(Read(Written(new RenderedImage(200, 200, 1, 8, noise)))).Rgb.Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Few_colours_are_kept_exactly_and_many_come_close()
    {
        var few = new RenderedImage(16, 16, 3, 8, [.. Enumerable.Range(0, 256).SelectMany(i => (byte[])[(byte)(i % 4 * 80), (byte)(i / 64 * 80), 255])]);
        Assert.Equal(few.Data, Assert.Single(Read(Written(few))).Rgb);
        var many = TestImages.Picture(100, 80, 3);
        Assert.True(Assert.Single(Read(Written(many))).Rgb.Zip(many.Data, (a, b) => Math.Abs(a - b)).Average() < 4);
    }

    [Fact]
    public void Frames_follow_each_other_and_repeat()
    {
        using var stream = new MemoryStream();
        var first = TestImages.Picture(9, 7, 1);
        var second = new RenderedImage(9, 7, 1, 8, [.. first.Data.Reverse()]);
        DicomRenderer.WriteAnimatedGif([first, second], stream, TimeSpan.FromMilliseconds(100));
        var frames = Read(stream.ToArray());
        Assert.Equal([10, 10], frames.Select(f => f.Delay));
        Assert.Equal(second.Data, frames[1].Rgb.Where((_, i) => i % 3 == 0));
        Assert.True(stream.ToArray().AsSpan().IndexOf("NETSCAPE2.0"u8) > 0);
        Assert.Equal(ImagingError.InvalidOption, Assert.Throws<ImagingException>(() => DicomRenderer.WriteAnimatedGif([], Stream.Null, TimeSpan.Zero)).Code);
    }

    private static byte[] Written(RenderedImage image)
    {
        using var stream = new MemoryStream();
        DicomRenderer.Write(image, stream, new() { Format = RenderFormat.Gif });
        return stream.ToArray();
    }

    /// <summary>A plain reading of the specification: a dictionary of strings.</summary>
    private static List<(int Delay, byte[] Rgb)> Read(byte[] file)
    {
        var frames = new List<(int, byte[])>();
        var at = 13;
        var delay = 0;
        while (file[at] != 0x3B)
        {
            if (file[at] == 0x21)
            {
                delay = file[at + 1] == 0xF9 ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 4)) : delay;
                at += 2;
                Blocks(file, ref at);
                continue;
            }

            Assert.Equal(0x2C, file[at]);
            var palette = file.AsSpan(at + 10, 768).ToArray();
            var pixels = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 5)) * BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 7));
            at += 10 + 768;
            Assert.Equal(8, file[at++]);
            var indices = Decode(Blocks(file, ref at));
            Assert.Equal(pixels, indices.Count);
            frames.Add((delay, [.. indices.SelectMany(i => palette.Skip(i * 3).Take(3))]));
        }

        Assert.Equal(file.Length - 1, at);
        return frames;
    }

    private static byte[] Blocks(byte[] file, ref int at)
    {
        var result = new List<byte>();
        for (; file[at] != 0; at += file[at] + 1)
        {
            result.AddRange(file.AsSpan(at + 1, file[at]));
        }

        at++;
        return [.. result];
    }

    private static List<byte> Decode(byte[] data)
    {
        var result = new List<byte>();
        var table = new List<byte[]>();
        byte[]? previous = null;
        var width = 9;
        for (var bit = 0; ;)
        {
            var code = 0;
            for (var b = 0; b < width; b++, bit++)
            {
                code |= (data[bit / 8] >> (bit % 8) & 1) << b;
            }

            if (code == 257)
            {
                return result;
            }

            if (code == 256)
            {
                table = [.. Enumerable.Range(0, 258).Select(i => new[] { (byte)i })];
                (previous, width) = (null, 9);
                continue;
            }

            var entry = code < table.Count ? table[code] : [.. previous!, previous![0]];
            result.AddRange(entry);
            if (previous is not null && table.Count < 4096)
            {
                table.Add([.. previous, entry[0]]);
                width = table.Count == 1 << width && width < 12 ? width + 1 : width;
            }

            previous = entry;
        }
    }
}
