using Microsoft.Extensions.Options;
using SecondOpinion.Cases;

namespace SecondOpinion.Storage.Cases;

/// <summary>Says at start what is wrong with the case options.</summary>
internal sealed class CaseOptionsCheck : IValidateOptions<CaseOptions>
{
    public ValidateOptionsResult Validate(string? name, CaseOptions options)
    {
        var result = new CaseOptionsValidator().Validate(options);
        return result.IsValid ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(result.Errors.Select(e => CaseOptions.Section + ":" + e.PropertyName + ": " + e.ErrorMessage));
    }
}
