using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>The two forms in which resources travel.</summary>
internal enum WireFormat
{
    Json,
    Xml,
}

/// <summary>Content negotiation (FHIR R4 http.html#mime-type).</summary>
internal static class MediaTypes
{
    public const string FhirJson = "application/fhir+json; charset=utf-8";
    public const string FhirXml = "application/fhir+xml; charset=utf-8";
    public const string JsonPatch = "application/json-patch+json";
    public const string XmlPatch = "application/xml-patch+xml";

    private const string Allowed = "allowed are application/fhir+json and application/fhir+xml, fhirVersion 4.0";

    /// <summary>The form of the answer: <c>_format</c> before Accept; null and a 406 when neither can be met.</summary>
    public static Outcome<WireFormat> ForReply(string? format, StringValues accept)
    {
        if (!string.IsNullOrEmpty(format))
        {
            // A '+' in a query string may have been read as a space (FHIR R4 http.html#parameters).
            return Known(format.Split(';')[0].Trim().Replace(' ', '+')) is { } wanted
                ? wanted
                : Refusal.Of(NotAcceptable, "not-supported", $"_format '{Clip(format)}' is not supported; {Allowed}", "format");
        }

        if (accept.Count == 0 || string.IsNullOrWhiteSpace(accept.ToString()))
        {
            return WireFormat.Json;
        }

        if (accept.Count == 1 && accept[0] is "application/fhir+json" or "*/*")
        {
            return WireFormat.Json;
        }

        return Best(accept) ?? new Outcome<WireFormat>(Refusal.Of(NotAcceptable, "not-supported", $"Accept '{Clip(accept.ToString())}' cannot be met; {Allowed}", "accept"));
    }

    /// <summary>The form of a body; null for a Content-Type that is neither.</summary>
    public static WireFormat? OfBody(string? contentType)
    {
        if (contentType is null || !MediaTypeHeaderValue.TryParse(contentType, out var type) || !IsR4(type))
        {
            return null;
        }

        return type.MediaType.Value is { } name ? Known(name.ToLowerInvariant()) : null;
    }

    public static bool IsJsonPatch(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(JsonPatch, StringComparison.OrdinalIgnoreCase);

    public static bool IsXmlPatch(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(XmlPatch, StringComparison.OrdinalIgnoreCase);

    public static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <summary>406 has no kind of its own: it is a property of the request's headers, known only at this edge.</summary>
    public const RefusalKind NotAcceptable = (RefusalKind)406;

    public const RefusalKind UnsupportedMediaType = (RefusalKind)415;

    public static Refusal Unsupported(string? contentType, string allowed) =>
        Refusal.Of(UnsupportedMediaType, "not-supported", $"Content-Type '{Clip(contentType ?? "")}' is not supported; allowed: {allowed}", "content-type");

    private static WireFormat? Best(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return null;
        }

        WireFormat? best = null;
        var bestQuality = 0.0;
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (quality <= bestQuality || !IsR4(type))
            {
                continue;
            }

            var name = type.MediaType.Value!.ToLowerInvariant();
            WireFormat? format = name is "*/*" or "application/*" or "text/*" ? WireFormat.Json : Known(name);
            if (format is not null)
            {
                best = format;
                bestQuality = quality;
            }
        }

        return best;
    }

    private static WireFormat? Known(string name) => name switch
    {
        "json" or "application/json" or "application/fhir+json" or "application/json+fhir" or "text/json" => WireFormat.Json,
        "xml" or "application/xml" or "application/fhir+xml" or "application/xml+fhir" or "text/xml" => WireFormat.Xml,
        _ => null,
    };

    // FHIR R4 http.html#version-parameter
    private static bool IsR4(MediaTypeHeaderValue type)
    {
        foreach (var parameter in type.Parameters)
        {
            if (parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase))
            {
                return HeaderUtilities.RemoveQuotes(parameter.Value).Value is "4.0" or "4.0.0" or "4.0.1";
            }
        }

        return true;
    }

    private static string Clip(string text) => text.Length <= 100 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 97)}...");
}
