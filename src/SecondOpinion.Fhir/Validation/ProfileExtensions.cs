using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Extensions whose definition is known: their content, and where they stand (FHIR R4 defining-extensions.html), claimed by a profile or not.</summary>
internal sealed partial class ProfileCheck
{
    private Dictionary<(FhirPathExpression Path, int Resource), HashSet<int>>? _contexts;

    private void Extensions()
    {
        for (var row = 0; row < run.Tree.Count && !run.IsFull; row++)
        {
            if (run.Tree.Slots[row] is not { Type.Name: "Extension", Element.Name: "extension" or "modifierExtension" } slot || run.Tree.Rows[row].Kind != RowKind.Object)
            {
                continue;
            }

            // The parts of an extension have names, not URLs; their definition is the extension's.
            var node = run.Node(row);
            if (node["url"].Value is not { } url || !url.Contains(':', StringComparison.Ordinal))
            {
                continue;
            }

            if (profiles.Find(url) is not { Use: { } use } profile)
            {
                if (slot.Name == "modifierExtension")
                {
                    // FHIR R4 extensibility.html#modifierExtension: who does not know it must not rely on the element.
                    run.Warning(row, "not-supported", "extension-modifier-unknown", $"the modifier extension {ValidationRun.Quote(url)} is not known here and may change what its element means");
                }

                continue;
            }

            try
            {
                if (!_checked.Contains((row, profile.Url)))
                {
                    WithState(() => Profile(profile, node));
                }

                _profile = profile.Name;
                Use(use, node, slot.Name);
            }
            catch (FhirException e) when (e.Issues[0].Code == "too-costly")
            {
                (_quiet, _failed) = (0, false);
                _open.Clear();
                run.Error(0, "too-costly", "too-costly", $"the rules of the extension {profile.Name} take too long to check on a resource of this size");
                return;
            }
        }
    }

    private void Use(ExtensionUse use, FhirNode extension, string name)
    {
        if (use.IsModifier != (name == "modifierExtension"))
        {
            Report(extension, "structure", "extension-modifier", use.IsModifier ? "changes the meaning of its element and stands in modifierExtension" : "is no modifier and stands in extension");
        }

        var holder = extension.Parent;
        if (use.Contexts.Length > 0 && !Array.Exists(use.Contexts, c => IsIn(c, holder)))
        {
            Report(extension, "structure", "extension-context", $"is not allowed on {Plain(holder.Path)}; allowed: {string.Join(", ", use.Contexts.Select(c => c.Expression))}");
        }

        foreach (var rule in use.Invariants)
        {
            var options = profiles.PathOptions with { MaxSteps = 100_000, Variables = new Dictionary<string, FhirPathValue>(StringComparer.Ordinal) { ["extension"] = FhirPathValue.Of(extension) } };
            if (rule.Test(holder, options) != true)
            {
                Report(extension, "invariant", "extension-context", $"is allowed only where {rule.Text}");
            }
        }
    }

    private bool IsIn(ExtensionContext context, FhirNode holder) => context.Kind switch
    {
        ContextKind.Extension => holder.Type == "Extension" && holder["url"].Value == context.Expression,
        ContextKind.FhirPath => Selected(context.Path!, holder.ContainingResource).Contains(holder.Row),
        _ => IsAt(context.Expression, holder),
    };

    /// <summary>By the element's type or one it derives from, by its path in the definitions, or by its whole path.</summary>
    private static bool IsAt(string elementId, FhirNode holder)
    {
        if (elementId == "Element")
        {
            // R4's own extensions on "Element" stand on resources too.
            return true;
        }

        for (var type = holder.TypeDefinition; type is not null; type = type.Base)
        {
            if (type.Path == elementId)
            {
                return true;
            }
        }

        if (!elementId.Contains('.', StringComparison.Ordinal))
        {
            return false;
        }

        // An element of a type that the parent has or derives from; valueQuantity stands for value[x] of that type.
        var dot = elementId.LastIndexOf('.');
        var last = elementId[(dot + 1)..];
        if (last == holder.Name || last == holder.JsonName)
        {
            for (var type = holder.Parent.TypeDefinition; type is not null; type = type.Base)
            {
                if (elementId.AsSpan(0, dot).SequenceEqual(type.Path))
                {
                    return true;
                }
            }
        }

        // The whole path, from the resource that holds the element: Patient.name.family.
        var resource = holder.ContainingResource;
        return elementId.StartsWith(resource.Type + ".", StringComparison.Ordinal) && Plain(holder.Path[resource.Path.Length..]) == elementId[resource.Type.Length..];
    }

    private static string Plain(string path)
    {
        var open = path.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            return path;
        }

        return string.Concat(path.Split('[').Select((part, i) => i == 0 ? part : part[(part.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    private HashSet<int> Selected(FhirPathExpression path, FhirNode resource)
    {
        _contexts ??= [];
        if (!_contexts.TryGetValue((path, resource.Row), out var rows))
        {
            _contexts[(path, resource.Row)] = rows = [.. path.Select(resource, profiles.PathOptions).Select(n => n.Row)];
        }

        return rows;
    }
}
