using System.Globalization;
using System.Text;

namespace SecondOpinion.Shared;

/// <summary>
/// Letters without accents, by a table of our own: the server runs without ICU, and then <c>string.Normalize</c> leaves all but ASCII as it is. Compiled into
/// each library that compares or draws text.
/// </summary>
internal static class PlainLetters
{
    // Unicode 3.12, conjoining jamo.
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Dictionary<char, string>> Table = new(Read);

    /// <summary>Compatibility decomposition (NFKD) of the Basic Multilingual Plane without combining marks; Korean syllables are whole.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var table = Table.Value;
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c < '\x80')
            {
                result.Append(c);
            }
            else if (table.TryGetValue(c, out var plain))
            {
                foreach (var part in plain)
                {
                    Append(result, part);
                }
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark))
            {
                Append(result, c);
            }
        }

        return result.ToString();
    }

    /// <summary>Joins a Korean vowel or final consonant to what stands before it.</summary>
    private static void Append(StringBuilder result, char c)
    {
        var before = result.Length > 0 ? result[^1] : '\0';
        if (before - LeadBase is >= 0 and < Leads && c - VowelBase is >= 0 and < Vowels)
        {
            result[^1] = (char)(SyllableBase + ((((before - LeadBase) * Vowels) + c - VowelBase) * Tails));
        }
        else if (before - SyllableBase is >= 0 and < Leads * Vowels * Tails && (before - SyllableBase) % Tails == 0 && c - TailBase is > 0 and < Tails)
        {
            result[^1] = (char)(before + c - TailBase);
        }
        else
        {
            result.Append(c);
        }
    }

    private static Dictionary<char, string> Read()
    {
        using var reader = new StreamReader(typeof(PlainLetters).Assembly.GetManifestResourceStream("letters.tsv")!, Encoding.UTF8);
        var table = new Dictionary<char, string>(4000);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != '#')
            {
                table[(char)int.Parse(line.AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)] = line[5..];
            }
        }

        return table;
    }
}
