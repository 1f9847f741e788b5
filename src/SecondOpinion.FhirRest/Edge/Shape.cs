using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>How much of each resource the client wants (FHIR R4 search.html#summary, search.html#elements) and how it is written.</summary>
/// <param name="IsCountOnly"><c>_summary=count</c>.</param>
internal sealed record Shape(SummaryMode Summary, IReadOnlyList<string> Elements, bool IsCountOnly, bool IsPretty)
{
    public static Shape Whole { get; } = new(SummaryMode.False, [], false, false);

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    public bool IsPartial => Summary != SummaryMode.False || Elements.Count > 0;

    public static Outcome<Shape> Parse(string? summary, string? elements, string? pretty)
    {
        if (summary is null && elements is null && pretty is null)
        {
            return Whole;
        }

        var count = false;
        SummaryMode mode;
        switch (summary)
        {
            case null or "" or "false":
                mode = SummaryMode.False;
                break;
            case "true":
                mode = SummaryMode.True;
                break;
            case "text":
                mode = SummaryMode.Text;
                break;
            case "data":
                mode = SummaryMode.Data;
                break;
            case "count":
                mode = SummaryMode.False;
                count = true;
                break;
            default:
                return Refusal.Of(RefusalKind.Invalid, "value", $"_summary '{(summary.Length > 40 ? summary[..40] : summary)}' is not known; allowed are true, text, data, count, false", "summary");
        }

        var names = elements?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new Shape(mode, names, count, pretty is "true" or "");
    }

    /// <summary>The resource as wanted; the same bytes when all of it is.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> json)
    {
        if (!IsPartial)
        {
            return json;
        }

        var resource = FhirResource.Parse(json);
        return (Elements.Count > 0 ? ResourceSummary.Elements(resource, Elements) : ResourceSummary.Apply(resource, Summary)).Json;
    }

    /// <summary>The JSON with line breaks; numbers keep their digits.</summary>
    public static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Deep);
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }
}
