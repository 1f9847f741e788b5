using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>What OpenJPEG's program writes of raw samples, with options that DICOM encoders seldom use.</summary>
public sealed class OpjCompressTests
{
    [Theory]
    [InlineData(1, 8, false, "-t 40,40")]
    [InlineData(1, 12, false, "-t 64,32 -n 3 -p RPCL -SOP -EPH")]
    [InlineData(1, 16, true, "-t 50,50 -n 2")]
    [InlineData(1, 12, true, "-p CPRL -b 32,32 -n 1")]
    [InlineData(1, 1, false, "")]
    [InlineData(1, 2, false, "")]
    [InlineData(1, 7, true, "")]
    [InlineData(3, 8, false, "-mct 0")]
    [InlineData(3, 8, false, "-mct 1 -t 64,64")]
    [InlineData(3, 12, false, "-mct 1 -TP R -p PCRL")]
    [InlineData(3, 16, false, "-mct 1 -M 63")]
    [InlineData(1, 8, false, "-d 5,3")]
    [InlineData(1, 8, false, "-d 5,3 -T 2,1 -t 33,32 -n 3")]
    public void Lossless_codestreams_decode_to_the_original(int samples, int bits, bool signed, string options)
    {
        const int Width = 100; // the program refuses odd numbers and cuts them when it subsamples
        const int Height = 78;
        var original = TestImage.Create(Width, Height, samples, bits, signed);
        var values = Pixels.OfNative(original);
        var size = bits > 8 ? 2 : 1;
        var raw = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
        {
            // Component after component, little endian, signed as far as the size goes.
            var value = signed ? (values[i] << (32 - bits)) >> (32 - bits) : values[i];
            var at = ((i % samples * Width * Height) + (i / samples)) * size;
            raw[at] = (byte)value;
            if (size == 2)
            {
                raw[at + 1] = (byte)(value >> 8);
            }
        }

        var codestream = Compress(raw, $"{Width},{Height},{samples},{bits},{(signed ? 's' : 'u')}", options);
        var file = DicomFile.Create(original.Dataset.Clone().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, codestream)), DicomUids.JPEG2000Lossless);
        Assert.Equal(values, Pixels.Of(Pixels.Decode(file)));
    }

    [Theory]
    [InlineData("2x1:2x1")]
    [InlineData("2x2:2x2")]
    public void Subsampled_chrominance_is_repeated(string factors)
    {
        const int Width = 100; // the program refuses odd numbers and cuts them when it subsamples
        const int Height = 78;
        var (dx, dy) = (factors[0] - '0', factors[2] - '0');
        var (wide, high) = ((Width + dx - 1) / dx, (Height + dy - 1) / dy);
        var raw = new byte[(Width * Height) + (2 * wide * high)];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = (byte)((i * 7) + (i / Width));
        }

        var codestream = Compress(raw, $"{Width},{Height},3,8,u@1x1:{factors}", "-mct 0");
        var dataset = TestImages.Attributes(Height, Width, samples: 3, photometric: "YBR_FULL_422");
        var frame = TestImages.Encapsulated(dataset, DicomUids.JPEG2000Lossless, [], codestream).Decode(0);
        Assert.Equal("YBR_FULL", frame.PhotometricInterpretation);
        for (var i = 0; i < frame.Data.Length; i++)
        {
            var (c, x, y) = (i % 3, i / 3 % Width, i / 3 / Width);
            var expected = c == 0 ? raw[(y * Width) + x] : raw[(Width * Height) + ((c - 1) * wide * high) + (y / dy * wide) + (x / dx)];
            Assert.Equal(expected, frame.Data[i]);
        }
    }

    private static byte[] Compress(byte[] raw, string format, string options)
    {
        var folder = Directory.CreateTempSubdirectory("opj");
        try
        {
            var (input, output) = (Path.Combine(folder.FullName, "in.rawl"), Path.Combine(folder.FullName, "out.j2k"));
            File.WriteAllBytes(input, raw);
            var result = Shell.Run(Requires.Tool("opj_compress"), ["-i", input, "-o", output, "-F", format, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.True(result.ExitCode == 0 && File.Exists(output), result.Output + result.Error);
            return File.ReadAllBytes(output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
