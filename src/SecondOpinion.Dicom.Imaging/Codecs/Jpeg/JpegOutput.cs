using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Brings planes of samples to full size, converts YCbCr to RGB (ITU-T T.871 7) and writes them by pixel, line after line.</summary>
internal sealed class JpegOutput<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly JpegFrame _frame;
    private readonly JpegUpsampler<T>[] _components;
    private readonly bool _toRgb;
    private readonly int _below;
    private int _next;

    public JpegOutput(JpegFrame frame, JpegPlane<T>[] planes, bool toRgb)
    {
        _frame = frame;
        _toRgb = toRgb;
        Samples = GC.AllocateUninitializedArray<byte>(CodecImage.SizeOf(frame.OutWidth, frame.OutHeight, planes.Length, CodecImage.BytesFor(frame.Precision)));
        _components = [.. frame.Components.Select(c => new JpegUpsampler<T>(frame, c, planes[c.Index]))];
        _below = _components.Any(c => c.LooksBelow) ? 1 : 0;
    }

    /// <summary>The image by pixel; complete after the last line.</summary>
    public byte[] Samples { get; }

    /// <summary>Writes the lines that can be made of what is decoded.</summary>
    /// <param name="decoded">Lines of the frame, counted from the first.</param>
    public void WriteTo(int decoded)
    {
        var end = decoded >= _frame.Height ? _frame.OutHeight : (decoded / _frame.Reduction) - _below;
        var output = MemoryMarshal.Cast<byte, T>(Samples.AsSpan());
        var length = _frame.OutWidth * _components.Length;
        for (; _next < end; _next++)
        {
            Write(_next, output.Slice(_next * length, length));
        }
    }

    private void Write(int y, Span<T> line)
    {
        var count = _components.Length;
        if (count == 1)
        {
            _components[0].Line(y)[..line.Length].CopyTo(line);
        }
        else if (_toRgb)
        {
            YccToRgb.Convert(_components[0].Line(y), _components[1].Line(y), _components[2].Line(y), _frame.Precision, line);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                var source = _components[i].Line(y)[.._frame.OutWidth];
                for (var x = 0; x < source.Length; x++)
                {
                    line[(x * count) + i] = source[x];
                }
            }
        }
    }
}
