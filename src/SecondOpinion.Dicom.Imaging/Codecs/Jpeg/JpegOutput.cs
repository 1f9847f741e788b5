using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Brings planes of samples to full size, converts YCbCr to RGB (ITU-T T.871 7) and writes them by pixel.</summary>
internal static class JpegOutput
{
    public const int Half = 1 << 15;
    public const int RedOfCr = 91881; // 1.40200
    public const int GreenOfCb = -22554; // -0.34414
    public const int GreenOfCr = -46802; // -0.71414
    public const int BlueOfCb = 116130; // 1.77200

    public static void Write<T>(JpegFrame frame, T[][] planes, bool toRgb, byte[] samples)
        where T : unmanaged, IBinaryInteger<T>
    {
        var output = MemoryMarshal.Cast<byte, T>(samples.AsSpan());
        var count = frame.Components.Length;
        var upsamplers = new JpegUpsampler<T>[count];
        for (var i = 0; i < count; i++)
        {
            upsamplers[i] = new JpegUpsampler<T>(frame, frame.Components[i], planes[i]);
        }

        for (var y = 0; y < frame.Height; y++)
        {
            var line = output.Slice(y * frame.Width * count, frame.Width * count);
            if (count == 1)
            {
                upsamplers[0].Line(y)[..frame.Width].CopyTo(line);
            }
            else if (toRgb)
            {
                ToRgb(upsamplers[0].Line(y), upsamplers[1].Line(y), upsamplers[2].Line(y), frame.Precision, line);
            }
            else
            {
                for (var i = 0; i < count; i++)
                {
                    var source = upsamplers[i].Line(y)[..frame.Width];
                    for (var x = 0; x < source.Length; x++)
                    {
                        line[(x * count) + i] = source[x];
                    }
                }
            }
        }
    }

    private static void ToRgb<T>(ReadOnlySpan<T> luma, ReadOnlySpan<T> blue, ReadOnlySpan<T> red, int precision, Span<T> line)
        where T : unmanaged, IBinaryInteger<T>
    {
        var max = (1 << precision) - 1;
        var center = 1 << (precision - 1);
        var width = line.Length / 3;
        luma = luma[..width];
        blue = blue[..width];
        red = red[..width];
        var done = typeof(T) == typeof(byte)
            ? YccVector.Convert(MemoryMarshal.AsBytes(luma), MemoryMarshal.AsBytes(blue), MemoryMarshal.AsBytes(red), MemoryMarshal.AsBytes(line))
            : 0;
        for (int x = done, to = done * 3; x < luma.Length; x++, to += 3)
        {
            var y = int.CreateTruncating(luma[x]);
            var cb = int.CreateTruncating(blue[x]) - center;
            var cr = int.CreateTruncating(red[x]) - center;
            var pixel = line.Slice(to, 3);
            pixel[0] = T.CreateTruncating(Math.Clamp(y + (((RedOfCr * cr) + Half) >> 16), 0, max));
            pixel[1] = T.CreateTruncating(Math.Clamp(y + (((GreenOfCb * cb) + (GreenOfCr * cr) + Half) >> 16), 0, max));
            pixel[2] = T.CreateTruncating(Math.Clamp(y + (((BlueOfCb * cb) + Half) >> 16), 0, max));
        }
    }
}
