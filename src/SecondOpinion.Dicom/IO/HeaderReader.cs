namespace SecondOpinion.Dicom;

/// <summary>Reads a growing prefix of a stream until everything before Pixel Data is in it.</summary>
internal static class HeaderReader
{
    private const int FirstRead = 64 << 10;

    internal static DicomFile Read(Stream stream, DicomReadOptions options)
    {
        var origin = stream.Position;
        var total = stream.Length - origin;
        var buffer = new byte[(int)Math.Min(total, FirstRead)];
        var filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            var isWhole = filled >= total || filled < buffer.Length;
            var attempt = isWhole ? options : options with { AllowTruncated = false };
            var outcome = Attempt(buffer.AsMemory(0, filled), attempt, isWhole);
            if (outcome.File is { } file && (isWhole || outcome.Stopped))
            {
                return origin == 0 || file.Pixels is null ? file : Shifted(file, origin);
            }

            if (outcome.Error is { } error && (isWhole || error is not (DicomError.Truncated or DicomError.InvalidDeflate)))
            {
                throw new DicomException(error, FileReader.Describe(error), outcome.Tag, origin + outcome.Offset);
            }

            buffer = Grow(buffer, filled, outcome, total, options);
        }
    }

    private static FileReader.Outcome Attempt(ReadOnlyMemory<byte> prefix, DicomReadOptions options, bool isWhole)
    {
        try
        {
            return FileReader.TryRead(prefix, options, stopAtPixels: true);
        }
        catch (DicomException e) when (e.Code == DicomError.InvalidDeflate && !isWhole)
        {
            return new FileReader.Outcome(DicomError.InvalidDeflate, null, 0, long.MaxValue);
        }
    }

    private static byte[] Grow(byte[] buffer, int filled, FileReader.Outcome outcome, long total, DicomReadOptions options)
    {
        var wanted = Math.Max(filled * 4L, outcome.Needed == long.MaxValue ? total : outcome.Needed + FirstRead);
        if (outcome.Needed <= options.MaxHeaderBytes || outcome.Needed == long.MaxValue)
        {
            wanted = Math.Min(wanted, options.MaxHeaderBytes);
        }

        wanted = Math.Min(wanted, total);
        if (wanted > options.MaxHeaderBytes || wanted <= filled)
        {
            throw new DicomException(DicomError.TooLarge, $"more than {options.MaxHeaderBytes} bytes before Pixel Data (MaxHeaderBytes)", outcome.Tag, outcome.Offset);
        }

        var larger = new byte[(int)wanted];
        buffer.AsSpan(0, filled).CopyTo(larger);
        return larger;
    }

    private static DicomFile Shifted(DicomFile file, long origin) => new(file.Meta, file.Dataset, file.TransferSyntaxUid)
    {
        Pixels = file.Pixels! with { Offset = file.Pixels.Offset + origin },
        Faults = file.Faults,
        IsHeaderOnly = file.IsHeaderOnly,
    };
}
