using System.Text;
using System.Text.Unicode;
using SecondOpinion.Fhir.Tree;
using SecondOpinion.Fhir.Validation;
using SecondOpinion.Fhir.Xml;

namespace SecondOpinion.Fhir;

/// <summary>The XML form of resources (FHIR R4 xml.html), both ways, without loss.</summary>
public static class FhirXml
{
    /// <summary>Reads outside bytes (UTF-8). Document types, entities and CDATA are refused; comments are ignored.</summary>
    public static FhirParseResult TryParse(ReadOnlyMemory<byte> utf8, FhirParseOptions? options = null)
    {
        options ??= FhirParseOptions.Default;
        var xml = utf8.Span.StartsWith("\uFEFF"u8) ? utf8.Span[3..] : utf8.Span;
        if (xml.Length > options.MaxLength)
        {
            return Refuse("too-long", $"The resource has {xml.Length} bytes; the limit is {options.MaxLength}", "too-long");
        }

        if (!Utf8.IsValid(xml))
        {
            return new FhirParseResult(null, [JsonText.NotUtf8(xml)]);
        }

        if (DeclaredEncoding(xml) is { } encoding && !Ascii.IsValid(xml))
        {
            return new FhirParseResult(null, [new FhirIssue(IssueSeverity.Fatal, "structure", $"The XML declares the encoding {encoding}; FHIR allows UTF-8 only", null, 1, 1, "encoding")]);
        }

        if (XmlCharacters.IndexOfForbidden(xml) is var at and >= 0)
        {
            var (line, column) = JsonText.Locate(xml, at);
            return new FhirParseResult(null, [new FhirIssue(IssueSeverity.Fatal, "structure", "Not valid XML: a character that XML does not allow (XML 1.0 2.2)", null, line, column, "xml")]);
        }

        var issues = new List<FhirIssue>();
        using var json = new Utf8Text(xml.Length);
        try
        {
            new XmlReader(xml, options, issues).Read(json);
        }
        catch (FhirException e)
        {
            return new FhirParseResult(null, [.. issues.Concat(e.Issues).Distinct()]);
        }

        if (issues.Count > 0)
        {
            return new FhirParseResult(null, issues);
        }

        var result = FhirResource.TryParse(json.Written.ToArray(), options);
        if (result.Resource is not null)
        {
            result.Resource.Xml = utf8[^xml.Length..];
        }

        return result with { Issues = [.. result.Issues.Select(i => i with { Line = null, Column = null })] };
    }

    /// <summary>Reads bytes that should be a resource.</summary>
    /// <exception cref="FhirException">They are not; carries the issues.</exception>
    public static FhirResource Parse(ReadOnlyMemory<byte> utf8)
    {
        var result = TryParse(utf8);
        return result.Resource ?? throw new FhirException(result.Issues);
    }

    /// <summary>The resource as UTF-8 XML with an XML declaration.</summary>
    /// <exception cref="FhirException">The resource has an unknown element or a narrative that is not well formed.</exception>
    public static byte[] ToXml(FhirResource resource)
    {
        using var output = new Utf8Text(resource.Tree.Json.Length * 2);
        output.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"u8);
        new XmlWriter(resource.Tree, output).WriteResource(0, isRoot: true);
        return output.Written.ToArray();
    }

    /// <summary>The encoding that the XML declaration names (XML 1.0 4.3.3), unless it is UTF-8; null when there is none.</summary>
    private static string? DeclaredEncoding(ReadOnlySpan<byte> xml)
    {
        if (!xml.StartsWith("<?xml "u8) || xml.IndexOf("?>"u8) is not (> 0 and < 200 and var end) || xml[..end].IndexOf("encoding"u8) is not (> 0 and var at))
        {
            return null;
        }

        var value = Encoding.UTF8.GetString(xml[(at + "encoding".Length)..end]).Split('"', '\'');
        return value.Length < 2 || string.Equals(value[1], "UTF-8", StringComparison.OrdinalIgnoreCase) ? null : value[1];
    }

    private static FhirParseResult Refuse(string code, string message, string key) => new(null, [new FhirIssue(IssueSeverity.Fatal, code, message, Key: key)]);
}
