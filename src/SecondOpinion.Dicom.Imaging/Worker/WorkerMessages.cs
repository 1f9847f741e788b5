using System.Buffers.Binary;
using System.Text;
using SecondOpinion.Dicom.Imaging.Codecs;

namespace SecondOpinion.Dicom.Imaging.Worker;

/// <summary>
/// Requests and answers between the pool and its workers: a length of four bytes (little endian), then the message. A request begins with its operation, an answer
/// with <see cref="Done"/> or the kind of refusal. Both sides are this program, but a worker that decoded hostile bytes is no longer trusted: its answers are checked.
/// </summary>
internal static class WorkerMessages
{
    public const byte Done = 0;

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

    public static byte[] Refusal(ImagingException exception) => [(byte)(exception.Code + 1), .. Encoding.UTF8.GetBytes(exception.Message)];

    public static ImagingException ReadRefusal(ReadOnlySpan<byte> answer)
    {
        var code = (ImagingError)(answer[0] - 1);
        return new ImagingException(Enum.IsDefined(code) ? code : ImagingError.InvalidPixelData, Encoding.UTF8.GetString(answer.Slice(1, Math.Min(1000, answer.Length - 1))));
    }
}
