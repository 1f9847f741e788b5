using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>FHIR R4 valueset-operation-validate-code.html and codesystem-operation-validate-code.html.</summary>
internal static class ValidateCode
{
    public static readonly IReadOnlyList<InputParameter> SetInputs =
    [
        new("url", "uri"),
        new("valueSet", "ValueSet"),
        new("valueSetVersion", "string"),
        new("code", "code"),
        new("system", "uri"),
        new("systemVersion", "string"),
        new("display", "string"),
        new("coding", "Coding"),
        new("codeableConcept", "CodeableConcept"),
        new("abstract", "boolean"),
        new("displayLanguage", "code"),
    ];

    public static readonly IReadOnlyList<InputParameter> SystemInputs =
    [
        new("url", "uri"),
        new("codeSystem", "CodeSystem"),
        new("code", "code"),
        new("version", "string"),
        new("display", "string"),
        new("coding", "Coding"),
        new("codeableConcept", "CodeableConcept"),
        new("abstract", "boolean"),
        new("displayLanguage", "code"),
    ];

    public static async Task<Reply> InSetAsync(FhirCall call)
    {
        if (call.Access.Require("ValueSet", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, SetInputs)).TryGet(out var input, out refusal)
            || !CodeInput.Read(input, "systemVersion").TryGet(out var codes, out refusal)
            || !input.Flag("abstract", false).TryGet(out var allowAbstract, out refusal)
            || !(await Subject.ReadAsync(call, input, "ValueSet", "valueSet", "valueSetVersion")).TryGet(out var subject, out refusal))
        {
            return refusal;
        }

        var terminology = await TenantTerminology.LoadAsync(call, subject.Url is { } url ? [("ValueSet", url)] : [], subject.Resource);
        var set = subject.Find(terminology);
        return await AnswerAsync(
            codes,
            code => set is null ? new CodeCheck(null, null, null) : terminology.ValidateCode(set, code.System, code.Code, code.Display, allowAbstract),
            code => subject.Url is { } known ? call.Remote.ValidateCodeAsync(known, code.System, code.Code, code.Display, call.Cancellation) : Task.FromResult<CodeCheck?>(null),
            set is null ? subject.NotFound : null);
    }

    public static async Task<Reply> InSystemAsync(FhirCall call)
    {
        if (call.Access.Require("CodeSystem", Permissions.Read) is { } refusal
            || !(await OperationInput.ReadAsync(call, SystemInputs)).TryGet(out var input, out refusal)
            || !input.Flag("abstract", true).TryGet(out var allowAbstract, out refusal)
            || !(await Subject.ReadAsync(call, input, "CodeSystem", "codeSystem", "version", isOptional: input.Node("coding").Exists || input.Node("codeableConcept").Exists)).TryGet(out var subject, out refusal)
            || !CodeInput.Read(input, "version", subject.Resource?.Root.Text("url") ?? subject.Url?.Split('|')[0]).TryGet(out var codes, out refusal))
        {
            return refusal;
        }

        // FHIR R4 codesystem-operation-validate-code.html: the system of a coding must be the code system that is asked.
        var asked = subject.Resource?.Root.Text("url") ?? subject.Url?.Split('|')[0];
        if (codes.FirstOrDefault(c => c.System is null || (asked is not null && c.System != asked)) is { } other)
        {
            return Refusal.Of(RefusalKind.Invalid, "invalid", other.System is null ? "The coding has no system" : $"The coding is of {Types.Clip(other.System)}, the code system asked is {Types.Clip(asked!)}", "operation-parameter");
        }

        var terminology = await TenantTerminology.LoadAsync(call, codes.Select(c => ("CodeSystem", c.System!)));
        terminology = subject.Resource is { } given ? terminology.With([given]) : terminology;
        return await AnswerAsync(
            codes,
            code => terminology.ValidateCodeOf(code.System!, code.Code, code.Display, code.Version, allowAbstract),
            code => subject.Resource is null ? call.Remote.ValidateCodeAsync(null, code.System, code.Code, code.Display, call.Cancellation) : Task.FromResult<CodeCheck?>(null),
            terminology.HasCodesOf(codes[0].System!) ? null : Refusal.Of(RefusalKind.NotFound, "not-found", $"The code system {Types.Clip(codes[0].System!)} is not known", "code-system-unknown"));
    }

    /// <summary>One of several codes that is right makes the concept right; nothing is guessed when none is and some are undecided.</summary>
    private static async Task<Reply> AnswerAsync(IReadOnlyList<CodeInput> codes, Func<CodeInput, CodeCheck> onBoard, Func<CodeInput, Task<CodeCheck?>> remote, Refusal? unknown)
    {
        CodeCheck? wrong = null, open = null;
        foreach (var code in codes)
        {
            var check = onBoard(code);
            check = check.Result is null ? await remote(code) ?? check : check;
            switch (check.Result)
            {
                case true:
                    return Answer(check);
                case false:
                    wrong ??= check;
                    break;
                default:
                    open ??= check;
                    break;
            }
        }

        return open is null ? Answer(wrong!)
            : unknown ?? Refusal.Of(RefusalKind.Unprocessable, "not-supported", open.Message ?? "The code cannot be checked", "code-undecided");
    }

    private static Reply Answer(CodeCheck check) =>
        new OperationOutput().Add("result", "Boolean", check.Result).Add("message", "String", check.Message).Add("display", "String", check.Display).ToReply();
}
