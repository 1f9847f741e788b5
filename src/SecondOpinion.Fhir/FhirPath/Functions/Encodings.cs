using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>encode, decode, escape and unescape (FHIRPath 2.1 additional string functions); an unknown target or bad content gives empty.</summary>
internal static class Encodings
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public static void Apply(FhirPathState state, int start, Expression argument, Func<string, string, string?> apply)
    {
        var text = Arguments.FocusText(state, start, "encode()");
        var target = Arguments.Text(state, argument, "encode()");
        state.Set(start, text is null || target is null ? null : apply(text, target));
    }

    public static string? Encode(string text, string target)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return target switch
        {
            "hex" => Convert.ToHexStringLower(bytes),
            "base64" => Convert.ToBase64String(bytes),
            "urlbase64" => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
            _ => null,
        };
    }

    public static string? Decode(string text, string target)
    {
        try
        {
            return target switch
            {
                "hex" => Strict.GetString(Convert.FromHexString(text)),
                "base64" => Strict.GetString(Convert.FromBase64String(text)),
                "urlbase64" => Strict.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'))),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    public static string? Escape(string text, string target) => target switch
    {
        "html" => WebUtility.HtmlEncode(text),
        "json" => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        _ => null,
    };

    public static string? Unescape(string text, string target)
    {
        switch (target)
        {
            case "html":
                return WebUtility.HtmlDecode(text);
            case "json":
                try
                {
                    // Quotes that the string literal left bare are content too.
                    return JsonSerializer.Deserialize<string>("\"" + text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"");
                }
                catch (JsonException)
                {
                    return null;
                }

            default:
                return null;
        }
    }
}
