using System.Diagnostics.CodeAnalysis;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>The errors of compiling and evaluating, all of them <see cref="FhirException"/>.</summary>
internal static class FhirPathError
{
    /// <summary>The text is not FHIRPath, or names a function or type that does not exist.</summary>
    [DoesNotReturn]
    public static void Syntax(string message) => throw new FhirException("invalid", "FHIRPath: " + message, "fhirpath-syntax");

    /// <summary>The expression cannot be evaluated over this input.</summary>
    [DoesNotReturn]
    public static void Execution(string message) => throw new FhirException("processing", "FHIRPath: " + message, "fhirpath-execution");

    /// <summary>The budget of steps, items or characters is used up.</summary>
    [DoesNotReturn]
    public static void TooCostly(string message) => throw new FhirException("too-costly", "FHIRPath: " + message, "fhirpath-too-costly");
}
