using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir;

/// <summary>Another text for a concept (FHIR R4 codesystem-definitions.html#CodeSystem.concept.designation).</summary>
/// <param name="Language">BCP 47; null when it is not said.</param>
/// <param name="Use">What it is for; null when it is not said.</param>
public sealed record Designation(string? Language, CodedValue? Use, string Value)
{
    /// <summary>Whether the language is the wanted one or a kind of it: de-CH answers de, and de answers de-CH (RFC 4647 3.4).</summary>
    public bool Answers(string language) =>
        Language is not null && (IsWithin(Language, language) || IsWithin(language, Language));

    internal static IReadOnlyList<Designation> Read(FhirNode concept)
    {
        List<Designation>? all = null;
        foreach (var designation in concept.All("designation"))
        {
            if (designation.Text("value") is { } value)
            {
                var use = designation["use"];
                (all ??= []).Add(new Designation(designation.Text("language"), use.Text("code") is { } code ? new CodedValue(use.Text("system") ?? "", code, use.Text("display")) : null, value));
            }
        }

        return all ?? [];
    }

    private static bool IsWithin(string language, string range) =>
        language.StartsWith(range, StringComparison.OrdinalIgnoreCase) && (language.Length == range.Length || language[range.Length] == '-');
}

/// <summary>What is said of a concept (FHIR R4 codesystem-definitions.html#CodeSystem.concept.property).</summary>
/// <param name="Type">FHIR type of the value, for example <c>boolean</c>.</param>
public sealed record CodeProperty(string Code, string Type, string Value);
