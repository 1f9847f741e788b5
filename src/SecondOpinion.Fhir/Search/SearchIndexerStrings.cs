using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 search.html#string: names and addresses are found by each of their parts.</summary>
internal static class SearchIndexerStrings
{
    public static void Add(in FhirPathValue item, SearchIndexerSink sink)
    {
        var node = item.Node;
        if (!node.Exists || node.IsPrimitive)
        {
            AddText(item.ToString(), sink);
            return;
        }

        ReadOnlySpan<string> parts = node.Type switch
        {
            "HumanName" => ["text", "family", "given", "prefix", "suffix"],
            "Address" => ["text", "line", "city", "district", "state", "postalCode", "country"],
            "CodeableConcept" => ["text"],
            _ => [],
        };
        foreach (var part in parts)
        {
            foreach (var child in node.All(part))
            {
                AddText(child.Value, sink);
            }
        }
    }

    private static void AddText(string? text, SearchIndexerSink sink)
    {
        if (text is not null)
        {
            sink.Add(sink.New() with { Code = text, Text = SearchText.Normalize(text) });
        }
    }
}
