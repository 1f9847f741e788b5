using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>FHIR R4 conceptmap-operation-translate.html.</summary>
internal static class Translate
{
    public static readonly IReadOnlyList<InputParameter> Inputs =
    [
        new("url", "uri"),
        new("conceptMap", "ConceptMap"),
        new("conceptMapVersion", "string"),
        new("code", "code"),
        new("system", "uri"),
        new("version", "string"),
        new("source", "uri"),
        new("coding", "Coding"),
        new("codeableConcept", "CodeableConcept"),
        new("target", "uri"),
        new("targetsystem", "uri"),
        new("reverse", "boolean"),
    ];

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        if (call.Access.Require("ConceptMap", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, Inputs)).TryGet(out var input, out refusal)
            || !input.Flag("reverse", false).TryGet(out var reverse, out refusal)
            || !CodeInput.Read(input, "version").TryGet(out var codes, out refusal)
            || !(await Subject.ReadAsync(call, input, "ConceptMap", "conceptMap", "conceptMapVersion", isOptional: true)).TryGet(out var subject, out refusal))
        {
            return refusal;
        }

        if (codes.FirstOrDefault(c => c.System is null) is not null)
        {
            return OperationInput.Missing("'system' with 'code'");
        }

        var terminology = subject.Url is { } url ? await TenantTerminology.LoadAsync(call, [("ConceptMap", url)])
            : subject.Resource is null ? await TenantTerminology.LoadMapsFromAsync(call, codes.Select(c => c.System!))
            : Terminology.Default;
        IReadOnlyList<FhirResource> maps = subject.Resource is { } given ? [given] : [.. subject.Url is { } named ? terminology.MapsOf(named) : terminology.Maps];
        var options = new TranslateOptions { Reverse = reverse, TargetSystem = input.Value("targetsystem"), SourceSet = input.Value("source"), TargetSet = input.Value("target") };
        List<CodeMatch> matches = [.. codes.SelectMany(c => terminology.Translate(options, c.System!, c.Code, maps)).Distinct()];
        if (!matches.Exists(m => m.IsTranslation) && subject.Resource is null
            && await call.Remote.TranslateAsync(subject.Url, codes[0].System!, codes[0].Code, options, call.Cancellation) is { } answer)
        {
            return Reply.Body(answer.Json);
        }

        return maps.Count == 0 && subject.Url is not null ? subject.NotFound : Answer(matches);
    }

    private static Reply Answer(List<CodeMatch> matches)
    {
        var isTranslated = matches.Exists(m => m.IsTranslation);
        var output = new OperationOutput().Add("result", "Boolean", isTranslated);
        if (!isTranslated)
        {
            output.Add("message", "String", "No concept map says what the code is there");
        }

        foreach (var match in matches)
        {
            output.Add("match", new OperationOutput()
                .Add("equivalence", "Code", match.Equivalence)
                .Add("concept", "Coding", OperationOutput.Coding(match.System, match.Code, match.Display))
                .Add("source", "Uri", match.Source.Length == 0 ? null : match.Source));
        }

        return output.ToReply();
    }
}
