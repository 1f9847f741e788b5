using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>The code that an operation is asked about.</summary>
/// <param name="System">Null: any.</param>
internal sealed record CodeInput(string? System, string? Version, string Code, string? Display)
{
    private const int MaxCodings = 100;

    /// <summary>The codes of <c>code</c> with <c>system</c>, of <c>coding</c> or of <c>codeableConcept</c>; 400 unless there is exactly one of these.</summary>
    public static Outcome<IReadOnlyList<CodeInput>> Read(OperationInput input, string version, string? system = null)
    {
        var (coding, concept, code) = (input.Node("coding"), input.Node("codeableConcept"), input.Value("code"));
        if ((coding.Exists ? 1 : 0) + (concept.Exists ? 1 : 0) + (code is null ? 0 : 1) != 1)
        {
            return OperationInput.Missing("exactly one of 'code', 'coding' and 'codeableConcept'");
        }

        if (code is not null)
        {
            return Outcome([new CodeInput(input.Value("system") ?? system, input.Value(version), code, input.Value("display"))]);
        }

        List<CodeInput> codes = [.. (concept.Exists ? concept.All("coding") : (IEnumerable<FhirNode>)[coding])
            .Where(c => c.Text("code") is not null)
            .Select(c => new CodeInput(c.Text("system") ?? system, c.Text("version"), c.Text("code")!, c.Text("display")))];
        if (codes.Count > MaxCodings)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-costly", $"A concept may have at most {MaxCodings} codings here, not {codes.Count}", "operation-parameter");
        }

        return codes.Count == 0 ? OperationInput.Missing("a coding with a code") : Outcome(codes);
    }

    private static Outcome<IReadOnlyList<CodeInput>> Outcome(IReadOnlyList<CodeInput> codes) => new(codes);
}
