using System.Buffers.Binary;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>OpenJPEG's own program on a codestream.</summary>
internal static class OpjDecompress
{
    /// <summary>Samples by pixel, with their sign; two bytes each in the file where the precision is above 8 bits.</summary>
    public static int[] Samples(ReadOnlySpan<byte> codestream, int components, int precision, bool signed)
    {
        var folder = Directory.CreateTempSubdirectory("opj");
        try
        {
            var input = Path.Combine(folder.FullName, "in.j2k");
            var output = Path.Combine(folder.FullName, "out.rawl"); // little endian, component after component
            File.WriteAllBytes(input, codestream[codestream.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51])..]);
            var result = Shell.Run(Requires.Tool("opj_decompress"), "-i", input, "-o", output);
            Assert.True(result.ExitCode == 0 && File.Exists(output), result.Output + result.Error);
            var raw = File.ReadAllBytes(output);
            var size = precision > 8 ? 2 : 1;
            var pixels = raw.Length / size / components;
            var samples = new int[pixels * components];
            for (var i = 0; i < samples.Length; i++)
            {
                var at = ((i % components * pixels) + (i / components)) * size;
                var value = size == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(raw.AsSpan(at)) : raw[at];
                samples[i] = signed ? (value << (32 - (size * 8))) >> (32 - (size * 8)) : value;
            }

            return samples;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Samples of a decoded frame with their sign.</summary>
    public static int[] Signed(DecodedFrame frame) =>
        Array.ConvertAll(Pixels.Of(frame), v => frame.IsSigned ? (v << (32 - frame.BitsStored)) >> (32 - frame.BitsStored) : v);
}
