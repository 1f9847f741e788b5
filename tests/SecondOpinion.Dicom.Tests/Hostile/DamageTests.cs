using Xunit;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>Real files cut and changed: only <see cref="DicomException"/> may come out.</summary>
public sealed class DamageTests
{
    private static readonly string[] s_small = ["nested_priv_SQ.dcm", "UN_sequence.dcm", "test-SR.dcm", "rtplan.dcm", "priv_SQ.dcm", "chrSQEncoding1.dcm", "empty_charset_LEI.dcm"];

    public static TheoryData<string> Small() => new(s_small);

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_prefix_is_read_or_refused(string name)
    {
        var bytes = Sample(name);
        var lenient = new DicomReadOptions { AllowTruncated = true };
        for (var length = 0; length < bytes.Length; length += length < 400 ? 1 : Math.Max(1, bytes.Length / 500))
        {
            var prefix = bytes.AsMemory(0, length);
            if (Read(prefix, DicomReadOptions.Default) is { } whole)
            {
                Use(whole);
            }

            if (Read(prefix, lenient) is { } part)
            {
                Use(part);
            }

            using var stream = new MemoryStream(bytes, 0, length);
            try
            {
                DicomFile.ReadHeader(stream);
            }
            catch (DicomException)
            {
                // A refusal is what most prefixes deserve.
            }
        }
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void A_file_cut_in_its_last_element_is_readable_with_a_fault_when_allowed(string name)
    {
        var bytes = Sample(name);
        var whole = DicomFile.Read(bytes);
        var part = DicomFile.Read(bytes.AsMemory(0, bytes.Length - 3), new DicomReadOptions { AllowTruncated = true });
        Assert.InRange(part.Dataset.Count, whole.Dataset.Count - 1, whole.Dataset.Count);
        Assert.Contains(part.Faults, f => f.Kind == DicomFaultKind.Truncated);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_byte_set_to_zero_or_ones_is_read_or_refused(string name)
    {
        var bytes = Sample(name);
        var step = Math.Max(1, bytes.Length / 250);
        for (var at = 128; at < bytes.Length; at += step)
        {
            var kept = bytes[at];
            foreach (var value in (ReadOnlySpan<byte>)[0, 0xFF, (byte)(kept ^ 0x20)])
            {
                bytes[at] = value;
                if (Read(bytes, DicomReadOptions.Default) is { } file)
                {
                    Use(file);
                }
            }

            bytes[at] = kept;
        }
    }

    internal static byte[] Sample(string name) => File.ReadAllBytes(SampleFiles.All().First(p => Path.GetFileName(p) == name));

    private static DicomFile? Read(ReadOnlyMemory<byte> bytes, DicomReadOptions options)
    {
        try
        {
            return DicomFile.Read(bytes, options);
        }
        catch (DicomException)
        {
            return null;
        }
    }

    /// <summary>What a server does with a file that it could read.</summary>
    private static void Use(DicomFile file)
    {
        DicomJson.Read(DicomJson.ToArray(file.Dataset, RoundTripTests.WithReferences));
        try
        {
            RoundTripTests.Written(file, file.TransferSyntaxUid, undefinedLengths: false);
        }
        catch (DicomException)
        {
            // Pixel data and transfer syntax that are not of one kind cannot be written.
        }
    }
}
