using System.Globalization;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>FHIR R4 codesystem-operation-lookup.html and codesystem-operation-subsumes.html.</summary>
internal static class Lookup
{
    public static readonly IReadOnlyList<InputParameter> Inputs =
    [
        new("code", "code"),
        new("system", "uri"),
        new("version", "string"),
        new("coding", "Coding"),
        new("displayLanguage", "code"),
        new("property", "code", Repeats: true),
    ];

    public static readonly IReadOnlyList<InputParameter> SubsumesInputs =
    [
        new("codeA", "code"),
        new("codeB", "code"),
        new("system", "uri"),
        new("version", "string"),
        new("codingA", "Coding"),
        new("codingB", "Coding"),
    ];

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        if (call.Access.Require("CodeSystem", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, Inputs)).TryGet(out var input, out refusal)
            || !CodeInput.Read(input, "version").TryGet(out var codes, out refusal))
        {
            return refusal;
        }

        var code = codes[0];
        if (code.System is not { } system)
        {
            return OperationInput.Missing("'system' with 'code'");
        }

        var terminology = await TenantTerminology.LoadAsync(call, [("CodeSystem", system)]);
        if (!terminology.Lookup(system, code.Code, code.Version).TryGet(out var details, out refusal))
        {
            return !terminology.IsWhole(system) && await call.Remote.LookupAsync(system, code.Code, code.Version, input.Value("displayLanguage"), call.Cancellation) is { } answer
                ? Reply.Body(answer.Json)
                : refusal;
        }

        return Answer(details, input.Values("property"), input.Value("displayLanguage"));
    }

    public static async Task<Reply> SubsumesAsync(FhirCall call)
    {
        if (call.Access.Require("CodeSystem", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, SubsumesInputs)).TryGet(out var input, out refusal))
        {
            return refusal;
        }

        var (a, b) = (input.Node("codingA"), input.Node("codingB"));
        string? system = input.Value("system") ?? a.Text("system"), given = null;
        if (call.Parameter("id") is not null)
        {
            if (!(await Subject.ReadAsync(call, input, "CodeSystem", "codeSystem", "version")).TryGet(out var subject, out refusal))
            {
                return refusal;
            }

            system = given = subject.Url ?? subject.Resource!.Root.Text("url");
        }

        if (system is null || (input.Value("codeA") ?? a.Text("code")) is not { } left || (input.Value("codeB") ?? b.Text("code")) is not { } right)
        {
            return OperationInput.Missing("'codeA', 'codeB' and 'system', or 'codingA' and 'codingB'");
        }

        if ((a.Exists && a.Text("system") != system) || (b.Exists && b.Text("system") != system) || (given is not null && input.Value("system") is { } other && other != given))
        {
            return Refusal.Of(RefusalKind.Invalid, "invalid", "Both codes must be of one code system", "operation-parameter");
        }

        var terminology = await TenantTerminology.LoadAsync(call, [("CodeSystem", system)]);
        if (!terminology.Subsumes(system, left, right, input.Value("version")).TryGet(out var outcome, out refusal))
        {
            return !terminology.IsWhole(system) && await call.Remote.SubsumesAsync(system, left, right, input.Value("version"), call.Cancellation) is { } answer
                ? Reply.Body(answer.Json)
                : refusal;
        }

        return new OperationOutput().Add("outcome", "Code", outcome).ToReply();
    }

    private static Reply Answer(CodeDetails details, IReadOnlyList<string> properties, string? language)
    {
        var display = (language is null ? null : details.Designations.FirstOrDefault(d => d.Answers(language))?.Value) ?? details.Display ?? details.Code;
        var output = new OperationOutput()
            .Add("name", "String", details.SystemName ?? details.System)
            .Add("version", "String", details.Version)
            .Add("display", "String", display);

        // Without a list the server chooses; with one only what it names is sent, and the three above (codesystem-operation-lookup.html).
        bool Wanted(string property) => properties.Count == 0 || properties.Contains(property) || properties.Contains("*");
        foreach (var designation in Wanted("designation") ? details.Designations : [])
        {
            output.Add("designation", new OperationOutput()
                .Add("language", "Code", designation.Language)
                .Add("use", "Coding", designation.Use is { } use ? OperationOutput.Coding(use.System, use.Code, use.Display) : null)
                .Add("value", "String", designation.Value));
        }

        if (details.Definition is { } definition && Wanted("definition"))
        {
            output.Add("property", new OperationOutput().Add("code", "Code", "definition").Add("value", "String", definition));
        }

        foreach (var property in details.Properties.Where(p => Wanted(p.Code)))
        {
            output.Add("property", Property(property));
        }

        return output.ToReply();
    }

    private static OperationOutput Property(CodeProperty property)
    {
        var part = new OperationOutput().Add("code", "Code", property.Code);
        return property.Type switch
        {
            "boolean" => part.Add("value", "Boolean", property.Value == "true"),
            "integer" when int.TryParse(property.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => part.Add("value", "Integer", number),
            "decimal" => part.Add("value", "Decimal", JsonNode.Parse(property.Value)),
            "code" or "Coding" => part.Add("value", "Code", property.Value),
            "dateTime" => part.Add("value", "DateTime", property.Value),
            _ => part.Add("value", "String", property.Value),
        };
    }
}
