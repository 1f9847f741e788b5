using System.Buffers.Binary;

namespace SecondOpinion.Dicom;

/// <summary>Tells explicit from implicit and byte orders from the first element of a data set, for files that do not say or say it wrongly.</summary>
internal static class EncodingGuess
{
    /// <summary>The encoding of a data set without meta information; null if the bytes are none.</summary>
    internal static DicomTransferSyntax? Guess(ReadOnlySpan<byte> data)
    {
        if (data.Length < 8)
        {
            return null;
        }

        var group = BinaryPrimitives.ReadUInt16LittleEndian(data);
        var big = BinaryPrimitives.ReadUInt16BigEndian(data);
        var hasVr = DicomVrs.Parse(data[4], data[5]) != DicomVr.None;
        if (hasVr && IsFirstGroup(group))
        {
            return DicomTransferSyntax.ExplicitLittleEndian;
        }

        if (hasVr && IsFirstGroup(big))
        {
            return DicomTransferSyntax.ExplicitBigEndian;
        }

        // Without a VR there is little to tell a data set from any bytes: the tag must be known and its length credible.
        var length = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
        var tag = DicomTag.FromValue(((uint)group << 16) | BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));
        return IsFirstGroup(group) && (tag.IsGroupLength || tag.Keyword.Length > 0) && length <= (uint)data.Length
            ? DicomTransferSyntax.ImplicitLittleEndian
            : null;
    }

    /// <summary>The encoding of a data set after meta information that names no transfer syntax; null if there are too few bytes to tell. What shows
    /// no VR is the default transfer syntax (PS3.5 10.1).</summary>
    internal static DicomTransferSyntax? AfterMeta(ReadOnlySpan<byte> data)
    {
        if (data.Length < 8)
        {
            return null;
        }

        return Guess(data) ?? (DicomVrs.Parse(data[4], data[5]) != DicomVr.None ? DicomTransferSyntax.ExplicitLittleEndian : DicomTransferSyntax.ImplicitLittleEndian);
    }

    /// <summary>The encoding that the first element shows, in doubt the one that the transfer syntax says.</summary>
    internal static (bool IsExplicit, bool IsBigEndian) Check(ReadOnlySpan<byte> data, DicomTransferSyntax syntax)
    {
        var said = (syntax.IsExplicit, syntax.IsBigEndian);
        if (data.Length < 8)
        {
            return said;
        }

        var vr = DicomVrs.Parse(data[4], data[5]);
        if (syntax.IsExplicit)
        {
            var lookslikeSaid = vr != DicomVr.None || (char.IsAsciiLetter((char)data[4]) && char.IsAsciiLetter((char)data[5]));
            return lookslikeSaid || Guess(data) is not { IsExplicit: false } ? said : (false, false);
        }

        var tag = DicomTag.FromValue(((uint)BinaryPrimitives.ReadUInt16LittleEndian(data) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));
        return vr != DicomVr.None && vr == DicomDictionary.VrOf(tag) && BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) > (uint)data.Length ? (true, false) : said;
    }

    /// <summary>Groups that a data set starts with in practice.</summary>
    private static bool IsFirstGroup(ushort group) => group is 0x0004 or 0x0008 or 0x0009 or 0x0010 or 0x0018 or 0x0020 or 0x0028 or 0x0032 or 0x0040 or 0x0054 or 0x0074;
}
