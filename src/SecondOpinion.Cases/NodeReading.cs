using SecondOpinion.Fhir;

namespace SecondOpinion.Cases;

/// <summary>Short questions that the case rules ask of resources.</summary>
public static class NodeReading
{
    /// <summary>Whether a CodeableConcept has a coding.</summary>
    public static bool HasCoding(this FhirNode concept, string system, string code)
    {
        foreach (var coding in concept.All("coding"))
        {
            if (coding.Text("code") == code && coding.Text("system") == system)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether any repetition of a CodeableConcept has a coding.</summary>
    public static bool AnyCoding(this FhirNodes concepts, string system, string code)
    {
        foreach (var concept in concepts)
        {
            if (concept.HasCoding(system, code))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The code of the first coding of a system; null when there is none.</summary>
    public static string? CodeOf(this FhirNode concept, string system)
    {
        foreach (var coding in concept.All("coding"))
        {
            if (coding.Text("system") == system)
            {
                return coding.Text("code");
            }
        }

        return null;
    }

    /// <summary>What a person would read: the text, else the first display, else the first code.</summary>
    public static string? Display(this FhirNode concept)
    {
        if (concept.Text("text") is { Length: > 0 } text)
        {
            return text;
        }

        foreach (var coding in concept.All("coding"))
        {
            if (coding.Text("display") is { Length: > 0 } display)
            {
                return display;
            }
        }

        return concept["coding"].Text("code");
    }

    /// <summary>The <c>Type/id</c> of a Reference without version; null for contained, absolute, logical and missing references.</summary>
    public static string? LocalReference(this FhirNode reference) => ReferenceText.Local(reference.Text("reference"));

    /// <summary>The identifiers of an element, as system and value; those without a value are left out.</summary>
    public static IReadOnlyList<Identifier> Identifiers(this FhirNode owner, string element = "identifier")
    {
        var result = new List<Identifier>();
        foreach (var identifier in owner.All(element))
        {
            if (identifier.Text("value") is { Length: > 0 } value)
            {
                result.Add(new Identifier(identifier.Text("system") ?? "", value, identifier["type"].CodeOf(CaseCodes.IdentifierType)));
            }
        }

        return result;
    }
}

/// <summary>An identifier: its namespace ("" when unknown), value and v2-0203 type.</summary>
public sealed record Identifier(string System, string Value, string? Type = null)
{
    public override string ToString() => System.Length == 0 ? Value : System + "|" + Value;

    /// <summary>
    /// Whether a DICOM value with its issuer means this identifier. An issuer that either side leaves out does not tell two identifiers apart; an OID is
    /// written with or without <c>urn:oid:</c>.
    /// </summary>
    public bool Means(string value, string issuer) =>
        Value == value && (issuer.Length == 0 || System.Length == 0 || Plain(System) == Plain(issuer));

    /// <summary>A namespace as DICOM writes it (PS3.3 10.14 Universal Entity ID).</summary>
    public static string Plain(string system) =>
        system.StartsWith("urn:oid:", StringComparison.Ordinal) || system.StartsWith("urn:uuid:", StringComparison.Ordinal)
            ? system[(system.LastIndexOf(':') + 1)..]
            : system;
}

/// <summary>Reference texts.</summary>
public static class ReferenceText
{
    /// <summary><c>Type/id</c> of a relative reference, its version cut off; null for everything else.</summary>
    public static string? Local(string? reference)
    {
        if (reference is null || reference.StartsWith('#') || reference.Contains(':', StringComparison.Ordinal))
        {
            return null;
        }

        var parts = reference.Split('/');
        return parts.Length == 2 || (parts.Length == 4 && parts[2] == "_history") ? parts[0] + "/" + parts[1] : null;
    }

    public static (string Type, string Id) Split(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", reference) : (reference[..slash], reference[(slash + 1)..]);
    }
}
