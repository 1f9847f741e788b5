using SecondOpinion.Fhir.FhirPath.Expressions;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIR R4 fhirpath.html#functions.</summary>
internal static class FhirFunctions
{
    private const string StructureDefinition = "http://hl7.org/fhir/StructureDefinition/";

    public static void Extension(FhirPathState state, int start, Expression argument)
    {
        var url = Arguments.Text(state, argument, "extension()");
        var end = state.Count;
        var utf8 = System.Text.Encoding.UTF8.GetBytes(url ?? "");
        for (var i = start; url is not null && i < end; i++)
        {
            state.PayChildren(state[i].Node);
            foreach (var extension in state[i].Node.All("extension"))
            {
                state.Step();
                if (extension["url"] is { Exists: true } own && Equality.IsText(own, url, utf8))
                {
                    state.Push(FhirPathValue.Of(extension));
                }
            }
        }

        state.Remove(start, end);
    }

    /// <summary>Contained resources first, then the caller's resolver; without one an item that knows the type the reference names.</summary>
    public static void Resolve(FhirPathState state, int start)
    {
        var end = state.Count;
        for (var i = start; i < end; i++)
        {
            var item = state[i];
            var node = item.Node;
            state.Pay(item);
            state.PayChildren(node);
            state.Pay(FhirPathValue.Of(node["reference"]));
            var reference = item.Text ?? (node.IsPrimitive ? node.Value : node["reference"].Value);
            if (reference is not null && reference.StartsWith('#'))
            {
                state.Push(FhirPathValue.Of(Contained(state, node.Exists ? node : state.Context, reference[1..])));
            }
            else if (reference is not null && state.Options.Resolve is { } resolve)
            {
                state.Push(FhirPathValue.Of(resolve(reference)));
            }
            else if (state.Options.Resolve is null && TargetType(node, reference) is { } type)
            {
                state.Push(FhirPathValue.OfTarget(type));
            }
        }

        state.Remove(start, end);
    }

    private static string? TargetType(FhirNode node, string? reference)
    {
        if (reference is not null && ReferenceCheck.TypeOf(reference) is { } written)
        {
            return written;
        }

        var declared = node["type"].Value;
        declared = declared?.StartsWith(StructureDefinition, StringComparison.Ordinal) == true ? declared[StructureDefinition.Length..] : declared;
        return declared is not null && Definitions.IsResource(declared) ? declared : null;
    }

    private static FhirNode Contained(FhirPathState state, FhirNode from, string id)
    {
        var container = from.ContainingResource;
        container = container.Definition is { Path: "DomainResource.contained" } ? container.Parent.ContainingResource : container;
        if (id.Length == 0)
        {
            return container;
        }

        state.PayChildren(container);
        foreach (var contained in container.All("contained"))
        {
            state.Step();
            state.Pay(FhirPathValue.Of(contained["id"]));
            if (contained["id"].Value == id)
            {
                return contained;
            }
        }

        return default;
    }

    /// <summary>Empty when the value set is not on board and nobody else knows it.</summary>
    public static void MemberOf(FhirPathState state, int start, Expression argument)
    {
        var url = Arguments.Text(state, argument, "memberOf()");
        var item = state.Single(start, "memberOf()");
        if (url is null || item.Kind == FhirPathKind.None)
        {
            state.Cut(start);
            return;
        }

        state.PayChildren(item.Node);
        bool? result = null;
        if (!item.IsNode || item.Node.IsPrimitive)
        {
            result = item.ToString() is { } code ? Member(state, url, null, code, isCoded: false) : null;
        }
        else if (item.Node.Type == "CodeableConcept")
        {
            foreach (var coding in item.Node.All("coding"))
            {
                var member = coding["code"].Value is { } code ? Member(state, url, coding["system"].Value, code, isCoded: true) : null;
                result = result == true || member == true ? true : result ?? member;
            }

            result ??= item.Node["coding"].Exists || ValueSetDefinition.Find(url) is not { IsOpen: false } ? null : false;
        }
        else
        {
            result = item.Node["code"].Value is { } code ? Member(state, url, item.Node["system"].Value, code, isCoded: true) : null;
        }

        state.Set(start, result);
    }

    private static bool? Member(FhirPathState state, string url, string? system, string code, bool isCoded)
    {
        state.Step(10);
        if (state.Options.MemberOf?.Invoke(url, system, code) is { } answer)
        {
            return answer;
        }

        return ValueSetDefinition.Find(url) is { IsOpen: false } set ? (isCoded ? set.Contains(system, code) : set.ContainsCode(code)) : null;
    }

    /// <summary>The caller's profiles first, then the base definitions; an unknown profile is an error.</summary>
    public static void ConformsTo(FhirPathState state, int start, Expression argument)
    {
        var url = Arguments.Text(state, argument, "conformsTo()");
        var item = state.Single(start, "conformsTo()");
        if (url is null || item.Kind == FhirPathKind.None)
        {
            state.Cut(start);
            return;
        }

        var result = state.Options.ConformsTo?.Invoke(item.Node, url);
        if (result is null)
        {
            var name = url.StartsWith(StructureDefinition, StringComparison.Ordinal) ? url[StructureDefinition.Length..] : "";
            if (name.Length is 0 or > 60 || Definitions.Type(name) is null)
            {
                FhirPathError.Execution("conformsTo(): the profile is not known");
            }

            result = item.Node.TypeDefinition?.Is(name) == true;
        }

        state.Set(start, result);
    }

    /// <summary>Rules txt-1 and txt-2.</summary>
    public static void HtmlChecks(FhirPathState state, int start)
    {
        var text = Arguments.FocusText(state, start, "htmlChecks()");
        state.Set(start, text is null ? null : NarrativeCheck.Problem(System.Text.Encoding.UTF8.GetBytes(text)) is null);
    }
}
