using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SecondOpinion.Dicom.Imaging.Worker;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>What to encode.</summary>
/// <param name="Ratio">Compression ratio wished; used when lossy and no quality is given.</param>
/// <param name="Quality">Peak signal-to-noise ratio in dB wished; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Jpeg2000EncodeRequest(
    int Width, int Height, int Components, int Precision, bool IsSigned, bool TransformsColor, bool IsLossless, float Ratio, float Quality);

/// <summary>JPEG 2000 requests and answers of the worker, in the frame of <see cref="WorkerMessages"/>.</summary>
internal static class Jpeg2000Messages
{
    public const byte DecodeOperation = 1;
    public const byte EncodeOperation = 2;
    public const int DecodeHeader = 13;
    public const int EncodeHeader = 28;
    public const int DecodedHeader = 18;

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
        header[0] = WorkerMessages.Done;
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
}
