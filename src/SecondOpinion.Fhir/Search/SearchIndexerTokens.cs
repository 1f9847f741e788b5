using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 search.html#token and its table of types.</summary>
internal static class SearchIndexerTokens
{
    public static void Add(in FhirPathValue item, SearchIndexerSink sink)
    {
        var node = item.Node;
        if (!node.Exists)
        {
            // A computed value, for example whether a patient is deceased.
            if (item.ToString() is { } computed)
            {
                sink.Add(sink.New() with { Code = computed });
            }

            return;
        }

        switch (node.Type)
        {
            case "CodeableConcept":
                foreach (var coding in node.All("coding"))
                {
                    AddCoding(coding, sink);
                }

                AddText(node.Text("text"), sink);
                break;
            case "Coding":
                AddCoding(node, sink);
                break;
            case "Identifier":
                AddIdentifier(node, sink);
                break;
            case "ContactPoint":
                if (node.Text("value") is { } number)
                {
                    sink.Add(sink.New() with { Code = number });
                }

                break;
            case "code":
                if (node.Value is { } code)
                {
                    sink.Add(sink.New() with { Code = code, System = ImpliedSystem(node, code), SystemIsImplied = true });
                }

                break;
            default:
                if (node.IsPrimitive && node.Value is { } value)
                {
                    sink.Add(sink.New() with { Code = value });
                }

                break;
        }
    }

    private static void AddCoding(FhirNode coding, SearchIndexerSink sink)
    {
        var (system, code, display) = (coding.Text("system"), coding.Text("code"), coding.Text("display"));
        if (system is not null || code is not null || display is not null)
        {
            sink.Add(sink.New() with { System = system, Code = code, Text = display is null ? null : SearchText.Normalize(display) });
        }
    }

    private static void AddText(string? text, SearchIndexerSink sink)
    {
        if (text is not null)
        {
            sink.Add(sink.New() with { Text = SearchText.Normalize(text) });
        }
    }

    private static void AddIdentifier(FhirNode identifier, SearchIndexerSink sink)
    {
        var (system, value, type) = (identifier.Text("system"), identifier.Text("value"), identifier["type"]);
        if (system is null && value is null)
        {
            return;
        }

        var text = type.Text("text");
        var entry = sink.New() with { System = system, Code = value, Text = text is null ? null : SearchText.Normalize(text) };
        var any = false;
        foreach (var coding in type.All("coding"))
        {
            any = true;
            sink.Add(entry with { IdentifierTypeSystem = coding.Text("system"), IdentifierTypeCode = coding.Text("code") });
        }

        if (!any)
        {
            sink.Add(entry);
        }
    }

    /// <summary>The system a code has by its element's binding; null when it is not on board or not the only one.</summary>
    private static string? ImpliedSystem(FhirNode node, string code)
    {
        if (node.Definition is not { Binding: BindingStrength.Required, ValueSet: { } name } || ValueSetDefinition.Find(name) is not { IsOpen: false } set)
        {
            return null;
        }

        return set.SystemOf(code);
    }
}
