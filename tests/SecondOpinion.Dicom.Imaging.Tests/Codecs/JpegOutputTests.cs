using System.Numerics;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>What is done to many samples at once gives what is done to each alone.</summary>
public sealed class JpegOutputTests
{
    [Fact]
    public void Every_chrominance_converts_in_a_group_as_it_does_alone()
    {
        var luma = new byte[256];
        var blue = new byte[256];
        var red = new byte[256];
        var line = new byte[256 * 3];
        var pixel = new byte[3];
        for (var cb = 0; cb < 256; cb++)
        {
            for (var cr = 0; cr < 256; cr++)
            {
                (luma[cr], blue[cr], red[cr]) = ((byte)(cr * 7), (byte)cb, (byte)cr);
            }

            YccToRgb.Convert<byte>(luma, blue, red, 8, line);
            for (var cr = 0; cr < 256; cr++)
            {
                YccToRgb.Convert<byte>(luma.AsSpan(cr, 1), blue.AsSpan(cr, 1), red.AsSpan(cr, 1), 8, pixel);
                Assert.Equal(pixel, line[(3 * cr)..((3 * cr) + 3)]);
            }
        }
    }

    [Theory]
    [InlineData(0x22, 131)]
    [InlineData(0x22, 96)]
    [InlineData(0x21, 75)]
    [InlineData(0x12, 50)]
    public void Chrominance_is_interpolated_alike_as_bytes_and_as_words(byte lumaSampling, byte width)
    {
        const byte Height = 45;
        byte[] header = [8, 0, Height, 0, width, 3, 1, lumaSampling, 0, 2, 0x11, 0, 3, 0x11, 0];
        var frame = JpegFrame.Read(JpegMarker.SOF1, header, Height);
        var component = frame.Components[1];
        var bytes = new JpegUpsampler<byte>(frame, component, Plane<byte>(component));
        var words = new JpegUpsampler<ushort>(frame, component, Plane<ushort>(component));
        for (var y = 0; y < Height; y++)
        {
            Assert.Equal(bytes.Line(y)[..width].ToArray().Select(v => (int)v), words.Line(y)[..width].ToArray().Select(v => (int)v));
        }
    }

    private static JpegPlane<T> Plane<T>(JpegComponent component)
        where T : unmanaged, IBinaryInteger<T>
    {
        var random = new Random(3);
        var plane = new JpegPlane<T>(component, component.BlocksHigh * 8);
        for (var row = 0; row < component.BlocksHigh; row++)
        {
            foreach (ref var sample in plane.Block(row, 0)[..(component.Stride * 8)])
            {
                sample = T.CreateTruncating(random.Next(256));
            }
        }

        return plane;
    }
}
