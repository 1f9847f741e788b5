using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>One character set that ISO 2022 can designate into G0 or G1 (PS3.3 C.12.1.1.2, tables C.12-2 to C.12-5).</summary>
/// <param name="Term">Number in the defined term, "ISO 2022 IR n".</param>
/// <param name="Escape">Bytes after ESC that designate it.</param>
/// <param name="IsG1">Invoked in the upper half (bytes 128-255).</param>
/// <param name="IsDouble">Two bytes for each character.</param>
/// <param name="CodePage">Code page that holds the set.</param>
internal sealed record CodedSet(int Term, byte[] Escape, bool IsG1, bool IsDouble, int CodePage)
{
    internal static readonly CodedSet Ascii = new(6, "(B"u8.ToArray(), false, false, 20127);
    internal static readonly CodedSet Romaji = new(14, "(J"u8.ToArray(), false, false, 20127);
    internal static readonly CodedSet Latin1 = new(100, "-A"u8.ToArray(), true, false, 28591);
    internal static readonly CodedSet Katakana = new(13, ")I"u8.ToArray(), true, false, 932);
    internal static readonly CodedSet Kanji = new(87, "$B"u8.ToArray(), false, true, 20932);
    internal static readonly CodedSet Kanji2 = new(159, "$(D"u8.ToArray(), false, true, 20932);

    /// <summary>Every set, ASCII first.</summary>
    internal static readonly CodedSet[] All =
    [
        Ascii, Romaji, Latin1, Katakana, Kanji, Kanji2,
        new(101, "-B"u8.ToArray(), true, false, 28592),
        new(109, "-C"u8.ToArray(), true, false, 28593),
        new(110, "-D"u8.ToArray(), true, false, 28594),
        new(126, "-F"u8.ToArray(), true, false, 28597),
        new(127, "-G"u8.ToArray(), true, false, 28596),
        new(138, "-H"u8.ToArray(), true, false, 28598),
        new(144, "-L"u8.ToArray(), true, false, 28595),
        new(148, "-M"u8.ToArray(), true, false, 28599),
        new(166, "-T"u8.ToArray(), true, false, 874),
        new(203, "-b"u8.ToArray(), true, false, 28605),
        new(149, "$)C"u8.ToArray(), true, true, 949),
        new(58, "$)A"u8.ToArray(), true, true, 936),
    ];

    private Encoding? _encoding;
    private Encoding? _strict;

    /// <summary>Decodes with U+FFFD for what is not in the set.</summary>
    internal Encoding Encoding => _encoding ??= Get(CodePage, strict: false);

    private Encoding Strict => _strict ??= Get(CodePage, strict: true);

    internal static CodedSet? OfTerm(int term) => Array.Find(All, s => s.Term == term);

    internal static Encoding Get(int codePage, bool strict)
    {
        EncoderFallback encoder = strict ? EncoderFallback.ExceptionFallback : EncoderFallback.ReplacementFallback;
        var decoder = new DecoderReplacementFallback("\uFFFD");
        return CodePagesEncodingProvider.Instance.GetEncoding(codePage, encoder, decoder) ?? Encoding.GetEncoding(codePage, encoder, decoder);
    }

    /// <summary>Decodes bytes of this set as they stand in G0 (below 128) or G1 (above).</summary>
    internal void Decode(ReadOnlySpan<byte> bytes, StringBuilder to)
    {
        if (!IsDouble || IsG1)
        {
            to.Append(Encoding.GetString(bytes));
            return;
        }

        // Double-byte sets in G0: code page 20932 has JIS X 0208 with both high bits, JIS X 0212 with the first one only.
        Span<byte> pair = stackalloc byte[2];
        for (var i = 0; i < bytes.Length; i += 2)
        {
            if (i + 1 == bytes.Length)
            {
                to.Append('\uFFFD');
                break;
            }

            pair[0] = (byte)(bytes[i] | 0x80);
            pair[1] = this == Kanji2 ? bytes[i + 1] : (byte)(bytes[i + 1] | 0x80);
            to.Append(Encoding.GetString(pair));
        }
    }

    /// <summary>The bytes of one character as they stand in G0 or G1; false if the set does not hold it.</summary>
    internal bool TryEncode(ReadOnlySpan<char> character, Span<byte> to, out int length)
    {
        length = 0;
        if (this == Ascii || this == Romaji)
        {
            length = 1;
            to[0] = (byte)character[0];
            return character[0] < 128;
        }

        if (character[0] < 128)
        {
            return false;
        }

        try
        {
            length = Strict.GetBytes(character, to);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        if (length != (IsDouble ? 2 : 1) || to[0] < 0x80)
        {
            return false;
        }

        if (IsDouble && !IsG1)
        {
            var isKanji2 = to[1] < 0x80;
            to[0] &= 0x7F;
            to[1] &= 0x7F;
            return isKanji2 == (this == Kanji2);
        }

        return !IsDouble || to[1] >= 0x80;
    }
}
