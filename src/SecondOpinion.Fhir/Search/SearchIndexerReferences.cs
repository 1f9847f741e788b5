using System.Globalization;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 search.html#reference: literal references, canonicals, and identifiers of logical references.</summary>
internal static class SearchIndexerReferences
{
    private const string StructureDefinition = "http://hl7.org/fhir/StructureDefinition/";

    public static void Add(FhirNode node, SearchIndexerSink sink)
    {
        if (node.IsResource)
        {
            // A resource inside a Bundle is its own target: Bundle.composition, Bundle.message.
            if (node.Text("id") is { } id && (sink.Parameter.Targets.Count == 0 || sink.Parameter.Targets.Contains(node.Type)))
            {
                sink.Add(sink.New() with { TargetType = node.Type, TargetId = id });
            }
        }
        else if (node.Type == "Reference")
        {
            AddReference(node, sink);
        }
        else if (node.Type == "canonical" && node.Value is { } canonical && !canonical.StartsWith('#'))
        {
            var bar = canonical.LastIndexOf('|');
            sink.Add(sink.New() with { TargetUrl = bar < 0 ? canonical : canonical[..bar], CanonicalVersion = bar < 0 ? null : canonical[(bar + 1)..] });
        }
        else if (node.IsPrimitive && node.Value is { } uri)
        {
            AddLiteral(uri, null, sink);
        }
    }

    private static void AddReference(FhirNode node, SearchIndexerSink sink)
    {
        var declared = node.Text("type");
        declared = declared?.StartsWith(StructureDefinition, StringComparison.Ordinal) == true ? declared[StructureDefinition.Length..] : declared;
        if (node.Text("reference") is { Length: > 0 } reference)
        {
            AddLiteral(reference, declared, sink);
        }

        var identifier = node["identifier"];
        var (system, value) = (identifier.Text("system"), identifier.Text("value"));
        if (system is not null || value is not null)
        {
            sink.Add(sink.New() with { System = system, Code = value, TargetType = declared });
        }
    }

    /// <summary>Contained targets have no identity outside and are not indexed.</summary>
    private static void AddLiteral(string reference, string? declared, SearchIndexerSink sink)
    {
        if (reference.StartsWith('#'))
        {
            return;
        }

        if (reference.Contains(':', StringComparison.Ordinal))
        {
            sink.Add(sink.New() with { TargetUrl = reference, TargetType = ReferenceCheck.TypeOf(reference) ?? declared });
            return;
        }

        var parts = reference.Length <= 300 ? reference.Split('/') : [];
        if (parts.Length is 2 or 4 && parts[1].Length > 0 && (parts.Length == 2 || parts[2] == "_history") && Definitions.IsResource(parts[0]))
        {
            int? version = parts.Length == 4 && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            sink.Add(sink.New() with { TargetType = parts[0], TargetId = parts[1], TargetVersion = version });
        }
        else
        {
            sink.Add(sink.New() with { TargetUrl = reference, TargetType = declared });
        }
    }
}
