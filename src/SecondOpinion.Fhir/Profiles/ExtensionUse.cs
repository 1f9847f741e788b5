using System.Text.RegularExpressions;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>FHIR R4 valueset-extension-context-type.html.</summary>
internal enum ContextKind
{
    Element,
    Extension,
    FhirPath,
}

/// <summary>Where an extension may stand: an element id or type, the URL of an extension, or a path from the resource.</summary>
/// <param name="Expression">An element id without slices and <c>[x]</c>; a URL; or the path.</param>
/// <param name="Path">The path, compiled; null for the other kinds.</param>
internal sealed record ExtensionContext(ContextKind Kind, string Expression, FhirPathExpression? Path);

/// <summary>The context of use of an extension (FHIR R4 defining-extensions.html#context).</summary>
/// <param name="Contexts">It may stand in any of these; empty says nothing.</param>
/// <param name="Invariants">Rules on the element that has the extension, which is <c>%extension</c>.</param>
/// <param name="IsModifier">Whether it stands in modifierExtension.</param>
internal sealed partial record ExtensionUse(ExtensionContext[] Contexts, FhirPathExpression[] Invariants, bool IsModifier)
{
    /// <exception cref="FhirException">A path or rule cannot be read.</exception>
    public static ExtensionUse Read(FhirResource definition, bool isModifier)
    {
        var contexts = new List<ExtensionContext>();
        foreach (var context in definition.Root.All("context"))
        {
            var expression = context.Text("expression") ?? "";
            contexts.Add(context.Text("type") switch
            {
                "fhirpath" => new ExtensionContext(ContextKind.FhirPath, expression, Compile(definition, expression)),
                "extension" => new ExtensionContext(ContextKind.Extension, Canonical.Bare(expression), null),
                _ => new ExtensionContext(ContextKind.Element, Plain(expression), null),
            });
        }

        return new ExtensionUse([.. contexts], [.. definition.Root.All("contextInvariant").Select(i => Compile(definition, TypedValue().Replace(i.Value ?? "", "$1")))], isModifier);
    }

    /// <summary>R4's own rules (questionnaire-minOccurs) write the JSON name, which FHIRPath does not know.</summary>
    [GeneratedRegex("(%extension\\.value)[A-Z][A-Za-z0-9]*", RegexOptions.CultureInvariant)]
    private static partial Regex TypedValue();

    /// <summary><c>url#Observation.component:x.value[x]</c> is <c>Observation.component.value</c>: which slice an element is in, the profile says where it is claimed.</summary>
    private static string Plain(string elementId)
    {
        var id = elementId[(elementId.IndexOf('#', StringComparison.Ordinal) + 1)..];
        return string.Join('.', id.Split('.').Select(step => step.Split(':')[0].Replace("[x]", "", StringComparison.Ordinal)));
    }

    private static FhirPathExpression Compile(FhirResource definition, string expression)
    {
        try
        {
            return FhirPathExpression.Compile(expression);
        }
        catch (FhirException e)
        {
            throw ProfileElements.Unusable(definition, $"has a context that cannot be read: {e.Message}");
        }
    }
}
