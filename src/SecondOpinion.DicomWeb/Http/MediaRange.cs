using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>A media type with parameters: a member of an Accept list (RFC 9110 12.5.1), or a Content-Type.</summary>
/// <param name="Type">Lower case, for example <c>multipart/related</c> or <c>image/*</c>.</param>
/// <param name="Parameters">Names in lower case, values unquoted.</param>
internal sealed record MediaRange(string Type, IReadOnlyDictionary<string, string> Parameters, double Quality)
{
    private const int MaxRanges = 64;

    private static readonly Dictionary<string, string> s_none = [];

    public static MediaRange Any { get; } = new("*/*", s_none, 1);

    public bool IsMultipart => Type == "multipart/related";

    public bool IsAny => Type == "*/*";

    /// <summary>The type of the parts when multipart (<c>*/*</c> when it says none), otherwise the type itself.</summary>
    public string Inner => IsMultipart ? Parameters.GetValueOrDefault("type")?.ToLowerInvariant() ?? "*/*" : Type;

    /// <summary>The UID asked for, <c>*</c>, or null (PS3.18 8.7.3.5).</summary>
    public string? TransferSyntax => Parameters.GetValueOrDefault("transfer-syntax");

    /// <summary>Whether a concrete type is in the range, parts in the range of a multipart.</summary>
    public bool Covers(string type)
    {
        var inner = Inner;
        return inner == type || inner == "*/*" || inner == "*" || (inner.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(inner.AsSpan()[..^1], StringComparison.Ordinal));
    }

    /// <summary>What a request accepts, best first. The accept query parameter stands in for the header (PS3.18 8.3.3.1).</summary>
    public static IReadOnlyList<MediaRange> Accepted(HttpRequest request)
    {
        var values = request.Query.TryGetValue("accept", out var parameter) ? parameter : request.Headers.Accept;
        return values.All(string.IsNullOrWhiteSpace) ? [Any] : Parse(values);
    }

    /// <summary>The members of an Accept list, best first; refused ones (q=0) left out.</summary>
    public static IReadOnlyList<MediaRange> Parse(Microsoft.Extensions.Primitives.StringValues values)
    {
        var ranges = new List<MediaRange>();
        foreach (var value in values)
        {
            ParseList(value ?? "", ranges);
        }

        return [.. ranges.Where(r => r.Quality > 0).OrderByDescending(r => r.Quality)];
    }

    /// <summary>Reads a Content-Type; null when there is none or it makes no sense.</summary>
    public static MediaRange? ContentType(string? text)
    {
        var ranges = new List<MediaRange>();
        ParseList(text ?? "", ranges);
        return ranges.Count == 1 && !ranges[0].Type.Contains('*', StringComparison.Ordinal) ? ranges[0] : null;
    }

    private static void ParseList(string text, List<MediaRange> ranges)
    {
        var at = 0;
        while (at < text.Length && ranges.Count < MaxRanges)
        {
            if (ParseOne(text, ref at) is { } range)
            {
                ranges.Add(range);
            }

            at++; // the comma
        }
    }

    private static MediaRange? ParseOne(string text, ref int at)
    {
        // A '+' that a query string turned into a space belongs to "dicom+json" and "dicom+xml".
        var type = ReadUntil(text, ref at, ";,").Replace("dicom ", "dicom+", StringComparison.Ordinal).ToLowerInvariant();
        Dictionary<string, string>? parameters = null;
        var quality = 1.0;
        while (at < text.Length && text[at] == ';')
        {
            at++;
            var name = ReadUntil(text, ref at, "=;,").ToLowerInvariant();
            var value = "";
            if (at < text.Length && text[at] == '=')
            {
                at++;
                value = ReadValue(text, ref at);
            }

            if (name == "q")
            {
                quality = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? Math.Clamp(q, 0, 1) : 0;
            }
            else if (name.Length > 0)
            {
                (parameters ??= []).TryAdd(name, value);
            }
        }

        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < type.Length - 1 ? new MediaRange(type, parameters ?? s_none, quality) : null;
    }

    private static string ReadUntil(string text, ref int at, string ends)
    {
        var start = at;
        while (at < text.Length && !ends.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return text[start..at].Trim();
    }

    /// <summary>A token, or a quoted string. An unquoted type with a slash is wrong and common: it is read as meant.</summary>
    private static string ReadValue(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        if (at >= text.Length || text[at] != '"')
        {
            return ReadUntil(text, ref at, ";,");
        }

        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        ReadUntil(text, ref at, ";,");
        return value.ToString().Trim();
    }
}
