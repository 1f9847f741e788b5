using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>
/// The meaning of Specific Character Set (0008,0005): PS3.3 C.12.1.1.2, PS3.5 6.1. Bytes that mean nothing decode to U+FFFD. Text of data sets that
/// name no character set but use bytes above 127 is taken for UTF-8 where it is valid UTF-8, otherwise for Latin-1.
/// </summary>
public sealed class DicomCharacterSet
{
    private static readonly ConcurrentDictionary<string, DicomCharacterSet> s_known = new(StringComparer.Ordinal);
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly Encoding? _whole; // UTF-8, GBK, GB18030: one encoding without code extensions
    private readonly CodedSet[] _sets; // those that escapes may designate, the initial ones first
    private readonly CodedSet _g0;
    private readonly CodedSet? _g1;
    private readonly bool _isDefault;

    private DicomCharacterSet(string[] terms)
    {
        Terms = terms;
        _g0 = CodedSet.Ascii;
        _sets = [CodedSet.Ascii];
        var first = terms.Length == 0 ? "" : terms[0];
        _whole = first switch
        {
            "ISO_IR 192" => new UTF8Encoding(false),
            "GB18030" => CodedSet.Get(54936, strict: false),
            "GBK" => CodedSet.Get(936, strict: false),
            _ => null,
        };
        if (_whole is not null)
        {
            return;
        }

        var sets = new List<CodedSet> { CodedSet.Ascii };
        foreach (var term in terms)
        {
            if (SetOf(term) is { } set && !sets.Contains(set))
            {
                sets.Add(set);
            }
        }

        if (SetOf(first) is { IsG1: true, IsDouble: false } initial)
        {
            _g1 = initial;
            _g0 = initial == CodedSet.Katakana ? CodedSet.Romaji : _g0; // PS3.3 table C.12-2: ISO-IR 14 goes with it
        }

        if (sets.Contains(CodedSet.Katakana))
        {
            sets.Add(CodedSet.Romaji);
        }

        _sets = [.. sets];
        _isDefault = sets.Count == 1;
    }

    /// <summary>ISO IR 6, the default repertoire.</summary>
    public static DicomCharacterSet Default { get; } = new([]);

    /// <summary>ISO_IR 192.</summary>
    public static DicomCharacterSet Utf8 { get; } = new(["ISO_IR 192"]);

    private static DicomCharacterSet Latin1 { get; } = new(["ISO_IR 100"]);

    /// <summary>The defined terms.</summary>
    public IReadOnlyList<string> Terms { get; }

    internal bool IsUtf8 => _whole is UTF8Encoding;

    /// <summary>The character set of a value of (0008,0005), terms separated by backslashes.</summary>
    public static DicomCharacterSet Of(string value)
    {
        if (s_known.TryGetValue(value, out var known))
        {
            return known;
        }

        var set = new DicomCharacterSet(Array.ConvertAll(value.Split('\\'), term => term.Trim(' ', '\0')));
        if (s_known.Count < 256)
        {
            s_known.TryAdd(value, set);
        }

        return set;
    }

    internal static DicomCharacterSet Of(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd(" \0"u8);
        return value.SequenceEqual("ISO_IR 192"u8) ? Utf8
            : value.SequenceEqual("ISO_IR 100"u8) ? Latin1
            : value.IsEmpty || value.SequenceEqual("ISO_IR 6"u8) ? Default
            : Of(DecodeAscii(value));
    }

    /// <summary>Only bytes that mean the same in every character set: below 128 and no escape.</summary>
    internal static bool IsPlain(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) && !bytes.Contains((byte)0x1B);

    /// <summary>Text of a VR outside the character set: bytes above 127 have no meaning.</summary>
    internal static string DecodeAscii(ReadOnlySpan<byte> bytes) =>
        string.Create(bytes.Length, bytes, static (chars, source) =>
        {
            if (Ascii.ToUtf16(source, chars, out _) != System.Buffers.OperationStatus.Done)
            {
                for (var i = 0; i < source.Length; i++)
                {
                    chars[i] = source[i] < 128 ? (char)source[i] : '\uFFFD';
                }
            }
        });

    internal static byte[] EncodeAscii(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] < 128 ? (byte)text[i] : (byte)'?';
        }

        return bytes;
    }

    /// <summary>Decodes a value; of PN and of VRs with several values, delimiters return to the initial sets (PS3.5 6.1.2.5.3).</summary>
    public string Decode(ReadOnlySpan<byte> bytes, DicomVr vr)
    {
        if (_whole is null ? IsPlain(bytes) : Ascii.IsValid(bytes))
        {
            return DecodeAscii(bytes);
        }

        if (_whole is not null)
        {
            return _whole.GetString(bytes);
        }

        if (_isDefault && !bytes.Contains((byte)0x1B))
        {
            try
            {
                return s_strictUtf8.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                return Encoding.Latin1.GetString(bytes);
            }
        }

        return DecodeExtended(bytes, vr);
    }

    /// <summary>Encodes text; characters outside the set become question marks (see <see cref="CanEncode"/>).</summary>
    public byte[] Encode(string text, DicomVr vr)
    {
        if (Ascii.IsValid(text))
        {
            return EncodeAscii(text);
        }

        return _whole is not null ? _whole.GetBytes(text) : EncodeExtended(text, vr, out _);
    }

    /// <summary>Every character of the text is in the set.</summary>
    public bool CanEncode(string text)
    {
        if (Ascii.IsValid(text) || IsUtf8)
        {
            return true;
        }

        if (_whole is not null)
        {
            return string.Equals(_whole.GetString(_whole.GetBytes(text)), text, StringComparison.Ordinal);
        }

        EncodeExtended(text, DicomVr.UT, out var lost);
        return !lost;
    }

    /// <summary>"ISO_IR n", "ISO 2022 IR n" and common misspellings of them.</summary>
    private static CodedSet? SetOf(string term)
    {
        var at = term.LastIndexOf("IR", StringComparison.Ordinal);
        return at >= 0 && term.StartsWith("ISO", StringComparison.Ordinal)
            && int.TryParse(term.AsSpan(at + 2).Trim(" _-"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? CodedSet.OfTerm(number)
                : null;
    }

    private static bool IsDelimiter(int c, DicomVr vr) =>
        c is '\n' or '\f' or '\r' or '\t' || (c == '\\' && !vr.IsSingleText()) || (vr == DicomVr.PN && c is '^' or '=');

    private string DecodeExtended(ReadOnlySpan<byte> bytes, DicomVr vr)
    {
        var text = new StringBuilder(bytes.Length);
        var g0 = _g0;
        var g1 = _g1;
        var i = 0;
        while (i < bytes.Length)
        {
            if (bytes[i] == 0x1B)
            {
                i += Designate(bytes[(i + 1)..], ref g0, ref g1, text);
                continue;
            }

            var start = i;
            var upper = bytes[i] >= 0x80;
            if (!upper && (bytes[i] <= 0x20 || (!g0.IsDouble && IsDelimiter(bytes[i], vr))))
            {
                text.Append((char)bytes[i]);
                if (IsDelimiter(bytes[i], vr))
                {
                    (g0, g1) = (_g0, _g1);
                }

                i++;
                continue;
            }

            while (i < bytes.Length && bytes[i] != 0x1B && bytes[i] >= 0x80 == upper && (upper || (bytes[i] > 0x20 && (g0.IsDouble || !IsDelimiter(bytes[i], vr)))))
            {
                i++;
            }

            if (upper && g1 is null)
            {
                text.Append('\uFFFD', i - start);
            }
            else
            {
                (upper ? g1! : g0).Decode(bytes[start..i], text);
            }
        }

        return text.ToString();
    }

    /// <summary>Follows an escape sequence; sets that the data set does not name are followed too, unknown escapes are dropped.</summary>
    private static int Designate(ReadOnlySpan<byte> rest, ref CodedSet g0, ref CodedSet? g1, StringBuilder text)
    {
        foreach (var set in CodedSet.All)
        {
            if (rest.StartsWith(set.Escape))
            {
                if (set.IsG1)
                {
                    g1 = set;
                }
                else
                {
                    g0 = set;
                }

                return 1 + set.Escape.Length;
            }
        }

        text.Append('\uFFFD');
        return 1;
    }

    private byte[] EncodeExtended(string text, DicomVr vr, out bool lost)
    {
        var bytes = new List<byte>(text.Length * 2);
        var g0 = _g0;
        var g1 = _g1;
        lost = false;
        Span<byte> coded = stackalloc byte[8];
        for (var i = 0; i < text.Length; i++)
        {
            var width = char.IsSurrogatePair(text, i) ? 2 : 1;
            var character = text.AsSpan(i, width);
            i += width - 1;
            var set = Choose(character, g0, g1, coded, out var length);
            if (set is null)
            {
                lost = true;
                set = CodedSet.Ascii;
                (coded[0], length) = ((byte)'?', 1);
            }

            if (!set.IsG1 && g0 != set)
            {
                bytes.Add(0x1B);
                bytes.AddRange(set.Escape);
                g0 = set;
            }
            else if (set.IsG1 && g1 != set)
            {
                bytes.Add(0x1B);
                bytes.AddRange(set.Escape);
                g1 = set;
            }

            bytes.AddRange(coded[..length]);
            if (length == 1 && IsDelimiter(coded[0], vr))
            {
                (g0, g1) = (_g0, _g1);
            }
        }

        if (g0.IsDouble)
        {
            bytes.Add(0x1B);
            bytes.AddRange(_g0.Escape);
        }

        return [.. bytes];
    }

    private CodedSet? Choose(ReadOnlySpan<char> character, CodedSet g0, CodedSet? g1, Span<byte> coded, out int length)
    {
        if (!g0.IsDouble && g0.TryEncode(character, coded, out length))
        {
            return g0;
        }

        if (g1 is not null && g1.TryEncode(character, coded, out length))
        {
            return g1;
        }

        if (_g0.TryEncode(character, coded, out length))
        {
            return _g0;
        }

        foreach (var set in _sets)
        {
            if (set.TryEncode(character, coded, out length))
            {
                return set;
            }
        }

        length = 0;
        return null;
    }
}
