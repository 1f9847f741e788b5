using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>Reads a file in memory: finds its parts, its transfer syntax, and runs the parser over them (PS3.10 7.1).</summary>
internal static class FileReader
{
    private const int PreambleLength = 128;

    internal static DicomFile Read(ReadOnlyMemory<byte> bytes, DicomReadOptions options)
    {
        var outcome = TryRead(bytes, options, stopAtPixels: false);
        return outcome.File ?? throw new DicomException(outcome.Error!.Value, Describe(outcome.Error.Value), outcome.Tag, outcome.Offset);
    }

    /// <summary>Reads as far as the bytes go. No exception but for a deflated data set.</summary>
    internal static Outcome TryRead(ReadOnlyMemory<byte> bytes, DicomReadOptions options, bool stopAtPixels)
    {
        var (source, sourceOffset) = Locate(ref bytes);
        var faults = new List<DicomFault>();
        var metaStart = MetaStart(bytes.Span);
        if (metaStart < PreambleLength)
        {
            faults.Add(new DicomFault(DicomFaultKind.MissingPreamble, default, 0));
        }

        DicomDataset meta = [];
        var start = Math.Max(metaStart, 0);
        if (metaStart >= 0)
        {
            var outcome = ReadMeta(bytes, source, sourceOffset, metaStart, options, faults, out meta, out start);
            if (outcome is { } failed)
            {
                return failed;
            }
        }

        var uid = meta.GetString(DicomTags.TransferSyntaxUID);
        var syntax = uid is not null ? DicomTransferSyntax.Of(uid)
            : options.TransferSyntaxWithoutMeta is { } given ? DicomTransferSyntax.Of(given)
            : metaStart >= 0 ? EncodingGuess.AfterMeta(bytes.Span[start..])
            : EncodingGuess.Guess(bytes.Span[start..]);
        if (syntax is null)
        {
            return metaStart >= 0 ? new Outcome(DicomError.Truncated, null, start, start + 8L) : new Outcome(DicomError.NotDicom, null, start, 0);
        }

        if (uid is null)
        {
            faults.Add(new DicomFault(DicomFaultKind.MissingTransferSyntax, DicomTags.TransferSyntaxUID, start));
        }

        var data = bytes;
        if (syntax.IsDeflated)
        {
            data = Inflate(bytes[start..], options);
            (source, sourceOffset) = Locate(ref data);
            start = 0;
            stopAtPixels = false;
        }

        return ReadDataset(data, source, sourceOffset, start, options, stopAtPixels, syntax, meta, faults);
    }

    private static Outcome ReadDataset(
        ReadOnlyMemory<byte> data, object source, int sourceOffset, int start, DicomReadOptions options, bool stopAtPixels,
        DicomTransferSyntax syntax, DicomDataset meta, List<DicomFault> faults)
    {
        var (isExplicit, big) = EncodingGuess.Check(data.Span[start..], syntax);
        if (isExplicit != syntax.IsExplicit || big != syntax.IsBigEndian)
        {
            faults.Add(new DicomFault(DicomFaultKind.WrongTransferSyntax, DicomTags.TransferSyntaxUID, start));
        }

        var parser = new DicomParser(data, source, sourceOffset, options, options.StopBefore?.Value ?? 0) { StopAtPixels = stopAtPixels };
        try
        {
            var dataset = parser.ReadTop(start, isExplicit, big);
            if (parser.Failure is { } failure)
            {
                if (failure != DicomError.Truncated || !options.AllowTruncated)
                {
                    return new Outcome(failure, parser.FailureTag, parser.FailureOffset, parser.Needed);
                }

                parser.AddFault(DicomFaultKind.Truncated, parser.FailureTag.Value, parser.FailureOffset);
            }

            if (parser.Faults is { } more)
            {
                faults.AddRange(more);
            }

            var file = new DicomFile(meta, dataset, syntax.Uid)
            {
                Pixels = syntax.IsDeflated ? null : parser.Pixels,
                Faults = faults.Count == 0 ? [] : faults,
                IsHeaderOnly = parser.Stopped,
            };
            return new Outcome(file, parser.Stopped, parser.Needed);
        }
        finally
        {
            parser.Dispose();
        }
    }

    private static Outcome? ReadMeta(
        ReadOnlyMemory<byte> bytes, object source, int sourceOffset, int start, DicomReadOptions options, List<DicomFault> faults, out DicomDataset meta, out int end)
    {
        var span = bytes.Span;
        var says = span.Length >= start + 12 && span[start..].StartsWith((ReadOnlySpan<byte>)[2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0])
            ? start + 12L + System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(span[(start + 8)..]) : -1;
        var parser = new DicomParser(bytes, source, sourceOffset, options, stopBefore: 0) { OnlyGroup2 = true, EndOfGroup2 = says <= span.Length ? (int)says : -1 };
        try
        {
            // Group 0002 is explicit little endian (PS3.10 7.1); a few writers make it implicit.
            var isExplicit = span.Length < start + 6 || DicomVrs.Parse(span[start + 4], span[start + 5]) != DicomVr.None;
            meta = parser.ReadTop(start, isExplicit, big: false);
            end = parser.Position;
            if (parser.Failure is { } failure)
            {
                return new Outcome(failure, parser.FailureTag, parser.FailureOffset, parser.Needed);
            }

            if (parser.Faults is { } more)
            {
                faults.AddRange(more);
            }

            // (0002,0000) counts from the end of its own value; nothing here depends on it.
            if (meta.GetInt64(DicomTags.FileMetaInformationGroupLength) is not { } length || start + 12 + length != end)
            {
                faults.Add(new DicomFault(DicomFaultKind.WrongGroupLength, DicomTags.FileMetaInformationGroupLength, start));
            }

            return null;
        }
        finally
        {
            parser.Dispose();
        }
    }

    /// <summary>Where group 0002 starts; -1 if there is none.</summary>
    private static int MetaStart(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= PreambleLength + 4 && bytes[PreambleLength..].StartsWith("DICM"u8))
        {
            return PreambleLength + 4;
        }

        return bytes.StartsWith("DICM"u8) ? 4 : bytes.Length >= 8 && bytes.StartsWith((ReadOnlySpan<byte>)[2, 0]) && bytes[3] == 0 ? 0 : -1;
    }

    private static (object Source, int Offset) Locate(ref ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is not null)
        {
            return (segment.Array, segment.Offset);
        }

        if (MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(bytes, out var manager, out var start, out _))
        {
            return (manager, start);
        }

        var copy = bytes.ToArray();
        bytes = copy;
        return (copy, 0);
    }

    /// <summary>PS3.5 A.5: a bare deflate stream (RFC 1951). A zlib header, which some writers add, is skipped.</summary>
    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> deflated, DicomReadOptions options)
    {
        var limit = options.MaxInflatedBytes;
        var span = deflated.Span;
        var hasZlibHeader = span.Length > 2 && (span[0] & 0x0F) == 8 && ((span[0] << 8) | span[1]) % 31 == 0 && span[0] >> 4 == 7;
        deflated = hasZlibHeader ? deflated[2..] : deflated;
        var segment = MemoryMarshal.TryGetArray(deflated, out var whole) ? whole : new ArraySegment<byte>(deflated.ToArray());
        using var input = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
        using var output = new PooledStream();
        try
        {
            int read;
            while ((read = inflater.Read(output.GetSpan())) > 0)
            {
                output.Advance(read);
                if (output.Length > limit)
                {
                    throw new DicomException(DicomError.TooLarge, $"the inflated data set has more than {limit} bytes (MaxInflatedBytes)");
                }
            }
        }
        catch (Exception e) when ((e is InvalidDataException or IOException) && options.AllowTruncated && output.Length > 0)
        {
            // What could be inflated ends inside an element, which the parser reports.
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DicomException(DicomError.InvalidDeflate, "the deflated data set cannot be inflated", inner: e);
        }

        return output.ToArray();
    }

    internal static string Describe(DicomError error) => error switch
    {
        DicomError.NotDicom => "the bytes are no DICOM file or data set",
        DicomError.Truncated => "the data end inside an element",
        DicomError.InvalidLength => "a length cannot be right",
        DicomError.InvalidStructure => "something other than an item stands in a sequence",
        DicomError.TooDeep => "sequences are nested too deep (MaxDepth)",
        DicomError.TooManyElements => "too many elements (MaxElements)",
        _ => "the data set cannot be read",
    };

    /// <summary>What one attempt gave.</summary>
    /// <param name="Needed">Bytes that would let a truncated read get further.</param>
    internal readonly record struct Outcome(DicomFile? File, DicomError? Error, DicomTag? Tag, int Offset, long Needed, bool Stopped)
    {
        internal Outcome(DicomFile file, bool stopped, long needed)
            : this(file, null, null, 0, needed, stopped)
        {
        }

        internal Outcome(DicomError error, DicomTag? tag, int offset, long needed)
            : this(null, error, tag, offset, needed, false)
        {
        }
    }
}
