using Microsoft.Extensions.Primitives;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>What a successful write returns (FHIR R4 http.html#return).</summary>
internal enum ReturnPreference
{
    Representation,
    Minimal,
    OperationOutcome,
}

/// <summary>The Prefer header (RFC 7240; FHIR R4 http.html#return, search.html#errors).</summary>
/// <param name="Return">Null when the client does not say.</param>
/// <param name="IsStrict">handling=strict.</param>
internal sealed record Preferences(ReturnPreference? Return, bool IsStrict)
{
    public static Preferences Default { get; } = new(null, false);

    public static Preferences Parse(StringValues header)
    {
        if (header.Count == 0)
        {
            return Default;
        }

        ReturnPreference? wanted = null;
        var strict = false;
        foreach (var part in header.ToString().Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part.Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant())
            {
                case "return=minimal":
                    wanted = ReturnPreference.Minimal;
                    break;
                case "return=representation":
                    wanted = ReturnPreference.Representation;
                    break;
                case "return=operationoutcome":
                    wanted = ReturnPreference.OperationOutcome;
                    break;
                case "handling=strict":
                    strict = true;
                    break;
                case "handling=lenient":
                    strict = false;
                    break;
            }
        }

        return new Preferences(wanted, strict);
    }
}
