using System.Buffers.Binary;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Decodes JPEG-LS (ITU-T T.87), lossless and near-lossless, every interleave mode, 2 to 16 bits. Mapping tables are refused.</summary>
internal sealed class JpegLsDecoder
{
    private readonly JpegSegments _segments;
    private readonly ImageDescription _description;
    private int _width;
    private int _height;
    private int _precision;
    private byte[] _ids = [];
    private bool[] _seen = [];
    private int[] _preset = [];
    private int _restartInterval;
    private byte[] _samples = [];

    private JpegLsDecoder(ReadOnlyMemory<byte> source, ImageDescription description)
    {
        _description = description;
        _segments = new JpegSegments(source);
    }

    public static CodecImage Decode(ReadOnlyMemory<byte> codestream, ImageDescription description)
    {
        var decoder = new JpegLsDecoder(codestream, description);
        decoder.ReadSegments();
        return decoder._seen.Length > 0 && decoder._seen.All(s => s)
            ? new CodecImage(decoder._width, decoder._height, decoder._ids.Length, decoder._precision, decoder._samples)
            : throw CodecError.Truncated("JPEG-LS image");
    }

    private void ReadSegments()
    {
        _segments.FindStart();
        while (_segments.NextMarker() is { } marker)
        {
            var payload = _segments.Payload();
            switch (marker)
            {
                case JpegMarker.SOF55:
                    StartFrame(payload);
                    break;
                case JpegMarker.LSE:
                    ReadPreset(payload);
                    break;
                case JpegMarker.DRI:
                    _restartInterval = ReadInterval(payload);
                    break;
                case JpegMarker.SOS:
                    ReadScan(payload);
                    break;
                case JpegMarker.APP8 when payload.Length >= 5 && payload.StartsWith("mrfx"u8) && payload[4] != 0:
                    throw CodecError.Unsupported("JPEG-LS with a colour transform"); // a vendor's extension that DICOM does not allow (PS3.5 8.2.3)
                case >= JpegMarker.SOF0 and <= JpegMarker.SOF15:
                    throw CodecError.Unsupported($"marker FF{marker:X2} in JPEG-LS");
                default:
                    break;
            }
        }
    }

    private void StartFrame(ReadOnlySpan<byte> payload)
    {
        if (_ids.Length > 0 || payload.Length < 6 || payload.Length < 6 + (3 * payload[5]))
        {
            throw CodecError.Invalid("JPEG-LS frame header");
        }

        _precision = payload[0];
        _height = BinaryPrimitives.ReadUInt16BigEndian(payload[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
        var count = payload[5];
        if (_precision is < 2 or > 16 || _height == 0 || _width == 0 || count is 0 or > 4)
        {
            throw CodecError.Invalid($"JPEG-LS frame of {_width} x {_height}, {count} components, {_precision} bits"); // T.87 Table C.1
        }

        CodecImage.Expect(_description, _width, _height, count);
        _ids = new byte[count];
        for (var i = 0; i < count; i++)
        {
            _ids[i] = payload[6 + (3 * i)];
            if (payload[7 + (3 * i)] != 0x11)
            {
                throw CodecError.Unsupported("JPEG-LS with subsampled components");
            }
        }

        // A line costs a bit at least, however long its runs (T.87 A.7.1).
        if ((long)_height * count > 8L * _segments.Left)
        {
            throw CodecError.Truncated("JPEG-LS image");
        }

        _seen = new bool[count];
        _samples = new byte[CodecImage.SizeOf(_width, _height, count, CodecImage.BytesFor(_precision))];
    }

    private void ReadPreset(ReadOnlySpan<byte> payload)
    {
        var type = payload.Length > 0 ? payload[0] : throw CodecError.Truncated("JPEG-LS LSE segment");
        _preset = type switch
        {
            1 => JpegLsParameters.ReadPreset(payload[1..]),
            2 or 3 => throw CodecError.Unsupported("JPEG-LS mapping table"),
            _ => throw CodecError.Unsupported($"JPEG-LS LSE segment of type {type}"),
        };
    }

    /// <summary>Lines of a restart interval, in two to four bytes (T.87 C.2.5).</summary>
    private static int ReadInterval(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is < 2 or > 4)
        {
            throw CodecError.Invalid("JPEG-LS restart interval");
        }

        var value = 0L;
        foreach (var b in payload)
        {
            value = (value << 8) | b;
        }

        return (int)Math.Min(value, int.MaxValue);
    }

    private void ReadScan(ReadOnlySpan<byte> payload)
    {
        var count = payload.Length > 0 ? payload[0] : 0;
        if (_ids.Length == 0 || count < 1 || count > _ids.Length || payload.Length < 4 + (2 * count))
        {
            throw CodecError.Invalid("JPEG-LS scan header");
        }

        Span<int> components = stackalloc int[count];
        for (var i = 0; i < count; i++)
        {
            components[i] = Array.IndexOf(_ids, payload[1 + (2 * i)]);
            if (components[i] < 0 || _seen[components[i]])
            {
                throw CodecError.Invalid("JPEG-LS scan of a component that is not in the frame, or a second time");
            }

            _seen[components[i]] = true;
            if (payload[2 + (2 * i)] != 0)
            {
                throw CodecError.Unsupported("JPEG-LS mapping table");
            }
        }

        var near = payload[1 + (2 * count)];
        var interleave = (JpegLsInterleave)payload[2 + (2 * count)];
        if (interleave > JpegLsInterleave.Sample || (interleave == JpegLsInterleave.None && count > 1) || (payload[3 + (2 * count)] & 15) != 0)
        {
            throw CodecError.Invalid("JPEG-LS interleave mode or point transform"); // T.87 C.2.3
        }

        var parameters = JpegLsParameters.Of(_precision, near, _preset);
        DecodeScan(components, parameters, count == 1 ? JpegLsInterleave.None : interleave);
    }

    private void DecodeScan(ReadOnlySpan<int> components, JpegLsParameters parameters, JpegLsInterleave interleave)
    {
        var decoder = new JpegLsScanDecoder(_segments.Data, _segments.Position, parameters, _width, components.Length);
        var left = _restartInterval;
        for (var y = 0; y < _height; y++)
        {
            if (_restartInterval > 0 && left-- == 0)
            {
                decoder.Restart();
                left = _restartInterval - 1;
            }

            var lines = decoder.Next(interleave);
            for (var i = 0; i < components.Length; i++)
            {
                Store(lines[i].AsSpan(1, _width), y, components[i]);
            }
        }

        _segments.Position = decoder.Position;
    }

    private void Store(ReadOnlySpan<int> line, int y, int component)
    {
        var step = _ids.Length;
        var to = (y * _width * step) + component;
        if (_precision <= 8)
        {
            foreach (var value in line)
            {
                _samples[to] = (byte)value;
                to += step;
            }

            return;
        }

        foreach (var value in line)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_samples.AsSpan(2 * to), (ushort)value);
            to += step;
        }
    }
}
