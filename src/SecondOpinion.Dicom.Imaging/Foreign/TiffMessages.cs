using System.Buffers.Binary;
using SecondOpinion.Dicom.Imaging.Worker;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>TIFF requests and answers of the worker, in the frame of <see cref="WorkerMessages"/>: an answer is its first byte, then every page with a header of 10 bytes.</summary>
internal static class TiffMessages
{
    public const byte Operation = 3;
    public const int RequestHeader = 13;
    private const int PageHeader = 10;

    public static void WriteRequest(Span<byte> header, int? page, long maxPixels)
    {
        header[0] = Operation;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], page ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(header[5..], maxPixels);
    }

    /// <summary>Decodes and answers, in the worker.</summary>
    public static void Answer(byte[] request, Stream output)
    {
        var (page, maxPixels) = (BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(1)), BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(5)));
        var pages = TiffDecoder.Read(request.AsMemory(RequestHeader), page, maxPixels);
        var length = 1 + pages.Sum(p => PageHeader + (long)p.Stride * p.Height);
        if (length > WorkerMessages.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        Span<byte> header = stackalloc byte[PageHeader];
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)length);
        header[4] = WorkerMessages.Done;
        output.Write(header[..5]);
        foreach (var image in pages)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, image.Width);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], image.Height);
            header[8] = (byte)image.Channels;
            header[9] = (byte)image.BitsPerSample;
            output.Write(header);
            output.Write(image.Data.AsSpan(0, image.Stride * image.Height));
        }

        output.Flush();
    }

    /// <summary>Bytes of an answer at most.</summary>
    public static int MostOf(long maxPixels) => (int)Math.Min(WorkerMessages.MaxLength, (Math.Min(maxPixels, int.MaxValue) * 3) + ((TiffHeader.MaxPages + 1) * PageHeader));

    /// <exception cref="InvalidDataException">The answer contradicts itself.</exception>
    public static List<RenderedImage> ReadAnswer(ReadOnlySpan<byte> answer)
    {
        var pages = new List<RenderedImage>();
        for (var left = answer[1..]; !left.IsEmpty;)
        {
            if (left.Length < PageHeader)
            {
                throw new InvalidDataException("answer too short");
            }

            var (width, height) = (BinaryPrimitives.ReadInt32LittleEndian(left), BinaryPrimitives.ReadInt32LittleEndian(left[4..]));
            var (channels, bits) = (left[8], left[9]);
            left = left[PageHeader..];
            if (width < 1 || height < 1 || channels is not (1 or 3) || bits is not (8 or 16) || (Int128)width * height * channels * (bits / 8) > left.Length)
            {
                throw new InvalidDataException("answer contradicts itself");
            }

            var length = width * height * channels * (bits / 8);
            pages.Add(new RenderedImage(width, height, channels, bits, left[..length].ToArray()));
            left = left[length..];
        }

        return pages.Count > 0 ? pages : throw new InvalidDataException("answer without pages");
    }
}
