using System.Buffers;
using System.Text;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Codes of grammars, which no list holds: MIME types (RFC 6838 4.2), languages (RFC 5646 2.1), units (UCUM). What the grammar does not allow is no code.</summary>
internal static class OpenCodes
{
    private static readonly SearchValues<byte> MimeName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+*"u8);
    private static readonly SearchValues<byte> Alphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <summary>What the code must be; null when it is right or of no such set.</summary>
    public static string? Problem(string? valueSet, ReadOnlySpan<byte> code) => valueSet switch
    {
        "mimetypes" when !IsMimeType(code) => "must be a MIME type, as image/png (BCP 13)",
        "languages" when !IsLanguage(code) => "must be a language tag, as en or pt-BR (BCP 47)",
        _ => null,
    };

    /// <summary>A Quantity or a coding whose system is UCUM and whose code is none.</summary>
    public static void CheckUnit(ValidationRun run, FhirNode coded)
    {
        if (coded["code"] is { Value: { } code } at && coded["system"].Value == UcumUnit.System && UcumUnit.Find(code) is null)
        {
            run.Warning(at.Row, "code-invalid", "ucum", $"{ValidationRun.Quote(code)} is no unit of UCUM that is known here");
        }
    }

    private static bool IsMimeType(ReadOnlySpan<byte> code)
    {
        // R4's own examples have parameters and, for FHIR itself, "xml" and "json" (http.html#mime-type).
        if (code.SequenceEqual("xml"u8) || code.SequenceEqual("json"u8) || code.SequenceEqual("ttl"u8))
        {
            return true;
        }

        var end = code.IndexOf((byte)';');
        var name = (end < 0 ? code : code[..end]).TrimEnd((byte)' ');
        var slash = name.IndexOf((byte)'/');
        return slash > 0 && slash < name.Length - 1 && IsMimeName(name[..slash]) && IsMimeName(name[(slash + 1)..]);
    }

    private static bool IsMimeName(ReadOnlySpan<byte> name) => name.Length <= 127 && name.IndexOfAnyExcept(MimeName) < 0;

    private static bool IsLanguage(ReadOnlySpan<byte> code)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var dash = code.IndexOf((byte)'-');
            var part = dash < 0 ? code : code[..dash];
            if (part.Length is 0 or > 8 || part.IndexOfAnyExcept(Alphanumeric) >= 0 || (isFirst && part.ContainsAnyInRange((byte)'0', (byte)'9')) || (isFirst && part.Length == 1 && (part[0] | 0x20) is not ('x' or 'i')))
            {
                return false;
            }

            if (dash < 0)
            {
                return true;
            }

            code = code[(dash + 1)..];
        }
    }
}
