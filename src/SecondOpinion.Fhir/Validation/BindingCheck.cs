using System.Text;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Bindings to value sets (FHIR R4 terminologies.html#strength): required is an error, extensible a warning.</summary>
internal static class BindingCheck
{
    public static void Primitive(ValidationRun run, int row, ElementDefinition element, ReadOnlySpan<byte> value)
    {
        if (Set(element) is not { } set || set.ContainsCode(value))
        {
            return;
        }

        Report(run, row, element, set, ValidationRun.Quote(Encoding.UTF8.GetString(value)));
    }

    /// <summary>CodeableConcept, Coding and Quantity; other types carry no code.</summary>
    public static void Complex(ValidationRun run, int row, ElementSlot slot)
    {
        if (slot.Element is not { Binding: >= BindingStrength.Extensible, ValueSet: { } name } element)
        {
            return;
        }

        var node = run.Node(row);
        if (Set(element) is not { } set)
        {
            RemoteBinding.Check(run, node, name.Contains(':', StringComparison.Ordinal) ? name : "http://hl7.org/fhir/ValueSet/" + name, element.Binding, "binding");
            return;
        }

        switch (slot.Type.Name)
        {
            case "CodeableConcept":
                Concept(run, row, node, element, set);
                break;
            case "Coding" or "Quantity" when node["code"].Value is { } code && !set.Contains(node["system"].Value, code):
                Report(run, row, element, set, Describe(node));
                break;
        }
    }

    private static void Concept(ValidationRun run, int row, FhirNode concept, ElementDefinition element, ValueSetDefinition set)
    {
        FhirNode first = default;
        foreach (var coding in concept.All("coding"))
        {
            if (coding["code"].Value is { } code)
            {
                if (set.Contains(coding["system"].Value, code))
                {
                    return;
                }

                first = first.Exists ? first : coding;
            }
        }

        // Text alone is allowed by every strength but required.
        if (first.Exists)
        {
            Report(run, row, element, set, Describe(first));
        }
        else if (element.Binding == BindingStrength.Required && !concept["extension"].Exists)
        {
            run.Error(row, "code-invalid", "binding-required", $"has no coding with a code; a code of the required value set {set.Url} ({Allowed(set)}) is needed");
        }
    }

    private static string Describe(FhirNode coding) => ValidationRun.Quote($"{coding["system"].Value}|{coding["code"].Value}");

    private static ValueSetDefinition? Set(ElementDefinition element) =>
        element.ValueSet is { } name && ValueSetDefinition.Find(name) is { IsOpen: false } set ? set : null;

    private static string Allowed(ValueSetDefinition set) => set.Codes.Count <= 12 ? string.Join(", ", set.Codes.Select(c => c.Code)) : $"{set.Codes.Count} codes";

    private static void Report(ValidationRun run, int row, ElementDefinition element, ValueSetDefinition set, string found)
    {
        var allowed = Allowed(set);
        if (element.Binding == BindingStrength.Required)
        {
            run.Error(row, "code-invalid", "binding-required", $"{found} is not in the required value set {set.Url} ({allowed})");
        }
        else
        {
            run.Warning(row, "code-invalid", "binding-extensible", $"{found} is not in the extensible value set {set.Url} ({allowed}); another code is right only when none of these applies");
        }
    }
}
