using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Lossless JPEG as ITU-T T.81 Annex H says, written here sample by sample: what no encoder at hand makes, and dcmtk decodes alike.</summary>
public sealed class LosslessScanTests
{
    private const int Width = 13;
    private const int Height = 9;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_predictor_comes_back_with_every_precision_point_transform_and_restart_interval(int predictor)
    {
        foreach (var precision in new[] { 2, 3, 8, 9, 12, 15, 16 })
        {
            foreach (var (components, interleaved) in new[] { (1, true), (3, true), (3, false), (4, true) })
            {
                foreach (var (lines, transform) in new[] { (0, 0), (1, 0), (4, 0), (0, 1), (2, precision - 1) })
                {
                    var samples = Noise(components, precision);
                    var stream = Encode(samples, components, interleaved, precision, predictor, transform, lines);
                    var frame = PixelCodecs.Decode(DicomUids.JPEGLossless, stream, RleTests.Description(Width, Height, precision, components));
                    Assert.Equal(samples.Select(v => v >> transform << transform), Pixels.Of(frame));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 12, 0, 4)]
    [InlineData(4, 16, 0, 1)]
    [InlineData(5, 8, 0, 2)]
    [InlineData(6, 16, 0, 0)]
    [InlineData(7, 12, 2, 3)]
    public void Dcmtk_decodes_what_is_written_here_to_the_same_samples(int predictor, int precision, int transform, int lines)
    {
        var samples = Noise(1, precision);
        var dataset = TestImages.Attributes(Height, Width, allocated: precision > 8 ? 16 : 8, stored: precision);
        dataset.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, Encode(samples, 1, true, precision, predictor, transform, lines)));
        var file = DicomFile.Create(dataset, DicomUids.JPEGLossless);
        Assert.Equal(Pixels.OfNative(Oracle.Convert("dcmdjpeg", file)), Pixels.Of(Pixels.Decode(file)));
    }

    /// <summary>Every difference that there can be, that of 32768 too.</summary>
    private static int[] Noise(int components, int precision)
    {
        var random = new Random(precision);
        var samples = new int[Width * Height * components];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = i % 7 == 0 ? (i & 8) << 12 >> (16 - precision) : random.Next(1 << precision);
        }

        return samples;
    }

    private static byte[] Encode(int[] samples, int components, bool interleaved, int precision, int predictor, int transform, int lines)
    {
        var ids = Enumerable.Range(1, components).Select(i => (byte)i).ToArray();
        List<byte> stream =
        [
            0xFF, 0xD8, 0xFF, 0xC3, 0, (byte)(8 + (3 * components)), (byte)precision, 0, Height, 0, Width, (byte)components, .. ids.SelectMany(i => (byte[])[i, 0x11, 0]),
            0xFF, 0xC4, 0, 19 + 17, 0, 0, 0, 0, 0, 17, .. new byte[11], .. Enumerable.Range(0, 17).Select(i => (byte)i), // codes of 5 bits: the category itself
            0xFF, 0xDD, 0, 4, 0, (byte)(lines * Width),
        ];
        foreach (var scan in interleaved ? [ids] : ids.Select(i => (byte[])[i]))
        {
            stream.AddRange([0xFF, 0xDA, 0, (byte)(6 + (2 * scan.Length)), (byte)scan.Length, .. scan.SelectMany(i => (byte[])[i, 0]), (byte)predictor, 0, (byte)transform]);
            Scan(stream, samples, components, scan, precision, predictor, transform, lines);
        }

        return [.. stream, 0xFF, 0xD9];
    }

    private static void Scan(List<byte> stream, int[] samples, int components, byte[] scan, int precision, int predictor, int transform, int lines)
    {
        var (bits, count, restarts) = (0UL, 0, 0);
        void Put(int value, int length)
        {
            (bits, count) = ((bits << length) | (uint)(value & ((1 << length) - 1)), count + length);
            for (; count >= 8; count -= 8)
            {
                var next = (byte)(bits >> (count - 8));
                stream.Add(next);
                if (next == 0xFF)
                {
                    stream.Add(0);
                }
            }
        }

        for (var y = 0; y < Height; y++)
        {
            var first = lines == 0 ? y == 0 : y % lines == 0;
            if (first && y > 0)
            {
                Put(0x7F, (8 - (count % 8)) % 8);
                stream.AddRange([0xFF, (byte)(0xD0 + (restarts++ % 8))]);
            }

            for (var x = 0; x < Width; x++)
            {
                foreach (var id in scan)
                {
                    int At(int column, int row) => samples[(((row * Width) + column) * components) + id - 1] >> transform;
                    var prediction = x == 0 ? first ? 1 << (precision - transform - 1) : At(0, y - 1) : first ? At(x - 1, y) : predictor switch // H.1.2.1, Table H.1
                    {
                        1 => At(x - 1, y),
                        2 => At(x, y - 1),
                        3 => At(x - 1, y - 1),
                        4 => At(x - 1, y) + At(x, y - 1) - At(x - 1, y - 1),
                        5 => At(x - 1, y) + ((At(x, y - 1) - At(x - 1, y - 1)) >> 1),
                        6 => At(x, y - 1) + ((At(x - 1, y) - At(x - 1, y - 1)) >> 1),
                        _ => (At(x - 1, y) + At(x, y - 1)) >> 1,
                    };
                    int difference = (short)(At(x, y) - prediction); // modulo 65536
                    var category = difference == short.MinValue ? 16 : 32 - (int)uint.LeadingZeroCount((uint)Math.Abs(difference));
                    Put(category, 5);
                    Put(difference < 0 ? difference - 1 : difference, category == 16 ? 0 : category); // 16 has no more bits (H.1.2.2)
                }
            }
        }

        Put(0x7F, (8 - (count % 8)) % 8);
    }
}
