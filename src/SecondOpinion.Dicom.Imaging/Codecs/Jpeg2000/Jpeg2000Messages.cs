using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>What to encode.</summary>
/// <param name="Ratio">Compression ratio wished; used when lossy and no quality is given.</param>
/// <param name="Quality">Peak signal-to-noise ratio in dB wished; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Jpeg2000EncodeRequest(
    int Width, int Height, int Components, int Precision, bool IsSigned, bool TransformsColor, bool IsLossless, float Ratio, float Quality);

/// <summary>
/// Requests and answers between the pool and its workers: a length of four bytes (little endian), then the message. Both sides are this program,
/// but a worker that decoded hostile bytes is no longer trusted: its answers are checked.
/// </summary>
internal static class Jpeg2000Messages
{
    public const byte DecodeOperation = 1;
    public const byte EncodeOperation = 2;
    public const byte Done = 0;
    public const int DecodeHeader = 13;
    public const int EncodeHeader = 28;
    public const int DecodedHeader = 18;

    /// <summary>Bytes of a message at most.</summary>
    public const int MaxLength = CodecImage.MaxBytes + 4096;

    public static void Send(Stream stream, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length + body.Length);
        stream.Write(length);
        stream.Write(header);
        stream.Write(body);
        stream.Flush();
    }

    /// <summary>The next message, or null at the end of the stream.</summary>
    /// <param name="most">Bytes that it may have.</param>
    public static byte[]? Receive(Stream stream, int most)
    {
        Span<byte> prefix = stackalloc byte[4];
        if (stream.ReadAtLeast(prefix, 4, throwOnEndOfStream: false) < 4)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 1 || length > most)
        {
            throw new InvalidDataException("message length");
        }

        var message = new byte[length];
        return stream.ReadAtLeast(message, length, throwOnEndOfStream: false) == length ? message : null;
    }

    public static void WriteDecode(Span<byte> header, int width, int height, int components)
    {
        header[0] = DecodeOperation;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], width);
        BinaryPrimitives.WriteInt32LittleEndian(header[5..], height);
        BinaryPrimitives.WriteInt32LittleEndian(header[9..], components);
    }

    public static void WriteEncode(Span<byte> header, in Jpeg2000EncodeRequest request)
    {
        header[0] = EncodeOperation;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], request.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[5..], request.Height);
        BinaryPrimitives.WriteInt32LittleEndian(header[9..], request.Components);
        BinaryPrimitives.WriteInt32LittleEndian(header[13..], request.Precision);
        header[17] = request.IsSigned ? (byte)1 : (byte)0;
        header[18] = request.TransformsColor ? (byte)1 : (byte)0;
        header[19] = request.IsLossless ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteSingleLittleEndian(header[20..], request.Ratio);
        BinaryPrimitives.WriteSingleLittleEndian(header[24..], request.Quality);
    }

    public static Jpeg2000EncodeRequest ReadEncode(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadInt32LittleEndian(header[1..]),
        BinaryPrimitives.ReadInt32LittleEndian(header[5..]),
        BinaryPrimitives.ReadInt32LittleEndian(header[9..]),
        BinaryPrimitives.ReadInt32LittleEndian(header[13..]),
        header[17] != 0,
        header[18] != 0,
        header[19] != 0,
        BinaryPrimitives.ReadSingleLittleEndian(header[20..]),
        BinaryPrimitives.ReadSingleLittleEndian(header[24..]));

    public static void WriteDecoded(Span<byte> header, CodecImage image)
    {
        header[0] = Done;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[5..], image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(header[9..], image.Components);
        BinaryPrimitives.WriteInt32LittleEndian(header[13..], image.Precision);
        header[17] = image.IsSigned == true ? (byte)1 : (byte)0;
    }

    public static CodecImage ReadDecoded(byte[] answer)
    {
        if (answer.Length < DecodedHeader)
        {
            throw new InvalidDataException("answer too short");
        }

        var span = answer.AsSpan();
        var image = new CodecImage(
            BinaryPrimitives.ReadInt32LittleEndian(span[1..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[5..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[9..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[13..]),
            answer[DecodedHeader..],
            span[17] != 0);
        var good = image is { Width: > 0 and <= 65535, Height: > 0 and <= 65535, Components: > 0 and <= 4, Precision: > 0 and <= 16 }
            && image.Samples.Length == (long)image.Width * image.Height * image.Components * image.BytesPerSample;
        return good ? image : throw new InvalidDataException("answer contradicts itself");
    }

    public static byte[] Refusal(ImagingException exception) => [(byte)(exception.Code + 1), .. Encoding.UTF8.GetBytes(exception.Message)];

    public static ImagingException ReadRefusal(ReadOnlySpan<byte> answer)
    {
        var code = (ImagingError)(answer[0] - 1);
        return new ImagingException(Enum.IsDefined(code) ? code : ImagingError.InvalidPixelData, Encoding.UTF8.GetString(answer.Slice(1, Math.Min(1000, answer.Length - 1))));
    }
}
