using System.Buffers.Binary;
using System.Text;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>Writes bytes of data sets by hand, right or wrong.</summary>
internal sealed class DicomStreamBuilder
{
    internal const uint Undefined = 0xFFFFFFFF;

    private readonly List<byte> _bytes = [];
    private readonly bool _explicit;
    private readonly bool _big;

    private DicomStreamBuilder(bool isExplicit, bool big)
    {
        _explicit = isExplicit;
        _big = big;
    }

    /// <summary>A data set only.</summary>
    internal static DicomStreamBuilder Bare(bool isExplicit = true, bool big = false) => new(isExplicit, big);

    /// <summary>Preamble, and group 0002 with this transfer syntax; a group length given is written in place of the right one.</summary>
    internal static DicomStreamBuilder File(string syntax, uint? groupLength = null)
    {
        var known = DicomTransferSyntax.Of(syntax);
        var meta = Bare().Text(0x00020010, "UI", syntax).ToArray();
        var file = Bare().Raw(new byte[128]).Raw("DICM"u8).Element(0x00020000, "UL", BitConverter.GetBytes(groupLength ?? (uint)meta.Length)).Raw(meta);
        return new DicomStreamBuilder(known.IsExplicit, known.IsBigEndian).Raw(file.ToArray());
    }

    internal DicomStreamBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal DicomStreamBuilder Raw(DicomStreamBuilder other) => Raw(other.ToArray());

    internal DicomStreamBuilder Tag(uint tag) => U16((ushort)(tag >> 16)).U16((ushort)tag);

    internal DicomStreamBuilder U16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (_big)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }

        return Raw(bytes);
    }

    internal DicomStreamBuilder U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (_big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        return Raw(bytes);
    }

    /// <summary>Tag, VR and a length that need not be that of what follows.</summary>
    internal DicomStreamBuilder Header(uint tag, string vr, uint length)
    {
        Tag(tag);
        if (!_explicit)
        {
            return U32(length);
        }

        Raw(Encoding.ASCII.GetBytes(vr));
        return DicomVrs.TryParse(vr, out var known) && !known.IsLongLength() ? U16((ushort)length) : U16(0).U32(length);
    }

    internal DicomStreamBuilder Element(uint tag, string vr, ReadOnlySpan<byte> value) => Header(tag, vr, (uint)value.Length).Raw(value);

    internal DicomStreamBuilder Text(uint tag, string vr, string value) =>
        Element(tag, vr, Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' ')));

    internal DicomStreamBuilder Item(uint length) => Tag(0xFFFEE000).U32(length);

    internal DicomStreamBuilder ItemEnd() => Tag(0xFFFEE00D).U32(0);

    internal DicomStreamBuilder SequenceEnd() => Tag(0xFFFEE0DD).U32(0);

    internal byte[] ToArray() => [.. _bytes];

    internal DicomFile Read(DicomReadOptions? options = null) => DicomFile.Read(ToArray(), options);

    internal DicomError Refusal(DicomReadOptions? options = null) => Xunit.Assert.Throws<DicomException>(() => Read(options)).Code;
}
