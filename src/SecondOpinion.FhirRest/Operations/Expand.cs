using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>FHIR R4 valueset-operation-expand.html, on the type and on a value set.</summary>
internal static class Expand
{
    public static readonly IReadOnlyList<InputParameter> Inputs =
    [
        new("url", "uri"),
        new("valueSet", "ValueSet"),
        new("valueSetVersion", "string"),
        new("filter", "string"),
        new("offset", "integer"),
        new("count", "integer"),
        new("includeDesignations", "boolean"),
        new("includeDefinition", "boolean"),
        new("activeOnly", "boolean"),
        new("excludeNested", "boolean"),
        new("excludeNotForUI", "boolean"),
        new("excludePostCoordinated", "boolean"),
        new("displayLanguage", "code"),
        new("exclude-system", "canonical", Repeats: true),
    ];

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        if (call.Access.Require("ValueSet", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, Inputs)).TryGet(out var input, out refusal)
            || !Options(input).TryGet(out var options, out refusal)
            || !(await Subject.ReadAsync(call, input, "ValueSet", "valueSet", "valueSetVersion")).TryGet(out var subject, out refusal))
        {
            return refusal;
        }

        var terminology = await TenantTerminology.LoadAsync(call, subject.Url is { } url ? [("ValueSet", url)] : [], subject.Resource);
        var set = subject.Find(terminology);
        if (set is not { IsOpen: false } && subject.Url is { } known && await call.Remote.ExpandAsync(known, options, call.Cancellation) is { } expansion)
        {
            return Reply.Body(expansion.Json);
        }

        var outcome = set is null ? subject.NotFound : terminology.Expand(set, options, call.Server.Time);
        return outcome.TryGet(out var expanded, out refusal) ? Reply.Body(expanded.Json) : refusal;
    }

    private static Outcome<ExpandOptions> Options(OperationInput input)
    {
        if (!input.Number("offset").TryGet(out var offset, out var refusal)
            || !input.Number("count").TryGet(out var count, out refusal)
            || !input.Flag("includeDesignations", false).TryGet(out var designations, out refusal)
            || !input.Flag("includeDefinition", false).TryGet(out var definition, out refusal)
            || !input.Flag("activeOnly", false).TryGet(out var activeOnly, out refusal)
            || !input.Flag("excludeNotForUI", false).TryGet(out var selectable, out refusal))
        {
            return refusal;
        }

        return new ExpandOptions
        {
            Filter = input.Value("filter"),
            Offset = offset ?? 0,
            Count = count,
            IncludeDesignations = designations,
            IncludeDefinition = definition,
            ActiveOnly = activeOnly,
            ExcludeNotForUI = selectable,
            DisplayLanguage = input.Value("displayLanguage"),
            ExcludeSystems = input.Values("exclude-system"),
        };
    }
}
