using System.Globalization;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Patch;

/// <summary>FHIRPath Patch (FHIR R4 fhirpatch.html): a Parameters resource of operations. All operations succeed, or none has an effect.</summary>
public static class FhirPathPatch
{
    /// <summary>Operations in one patch.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Bytes of resource read over all operations: each sees the result of the one before.</summary>
    public const int MaxWork = 64 << 20;

    private static readonly FhirPathOptions PathOptions = FhirPathOptions.Default with { MaxSteps = 200_000 };

    /// <summary>The patched resource; a refusal (400 for a malformed patch, 422 for one that does not apply) otherwise. The result is not yet validated.</summary>
    public static Outcome<FhirResource> Apply(FhirResource resource, FhirResource parameters)
    {
        if (parameters.ResourceType != "Parameters")
        {
            return Refusal.Of(RefusalKind.Invalid, "structure", $"A FHIRPath Patch is a Parameters resource, found {parameters.ResourceType}", "patch");
        }

        var operations = parameters.Root.All("parameter").Take(MaxOperations + 1).ToList();
        if (operations.Count > MaxOperations)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-costly", $"The patch has more than {MaxOperations} operations", "patch");
        }

        var current = resource;
        var json = resource.ToJsonObject();
        var work = 0L;
        for (var i = 0; i < operations.Count; i++)
        {
            try
            {
                if (i > 0)
                {
                    current = FhirResource.From(json);
                }

                if ((work += current.Json.Length) > MaxWork && i > 0)
                {
                    throw new PatchException(RefusalKind.TooLarge, "too-costly", $"the patch has too many operations for a resource of {current.Json.Length} bytes");
                }

                Apply(json, current, new PatchOperation(operations[i]));
            }
            catch (PatchException e)
            {
                return Refusal.Of(e.Kind, e.IssueCode, $"Operation {i.ToString(CultureInfo.InvariantCulture)}: {e.Message}", "patch", operations[i].Path);
            }
            catch (FhirException e)
            {
                return new Refusal(RefusalKind.Unprocessable, [.. e.Issues.Select(x => x with { Message = $"Operation {i.ToString(CultureInfo.InvariantCulture)}: {x.Message}", Key = "patch" })]);
            }
        }

        return PatchResult.Freeze(json, resource);
    }

    private static void Apply(JsonObject json, FhirResource current, PatchOperation operation)
    {
        var found = Select(current, operation);
        switch (operation.Type)
        {
            case "add":
                Add(json, Single(found, operation), operation);
                break;
            case "insert":
                var (list, count) = List(json, found, operation);
                var inserted = operation.Value(found[0].Slot!.Element!);
                list.Insert(operation.Index("index", count), inserted.Json, inserted.Extra);
                break;
            case "delete" when found.Count == 0:
                // FHIR R4 fhirpatch.html: what is not there need not be deleted.
                break;
            case "delete":
                JsonPlace.Of(json, Inside(Single(found, operation), operation)).Remove();
                break;
            case "replace":
                Replace(json, Inside(Single(found, operation), operation), operation);
                break;
            case "move":
                var (items, length) = List(json, found, operation);
                items.Move(operation.Index("source", length - 1), operation.Index("destination", length - 1));
                break;
            default:
                throw PatchException.Malformed($"'{operation.Type}' is not an operation; allowed are add, insert, delete, replace, move");
        }
    }

    private static IReadOnlyList<FhirNode> Select(FhirResource current, PatchOperation operation)
    {
        FhirPathExpression path;
        try
        {
            path = FhirPathExpression.Compile(operation.Path);
        }
        catch (FhirException e)
        {
            throw PatchException.Malformed($"the path '{operation.Path}' cannot be read: {e.Message}");
        }

        var items = path.Evaluate(current.Root, PathOptions);
        if (items.Any(i => !i.IsNode || !ReferenceEquals(i.Node.Document, current)))
        {
            throw PatchException.DoesNotApply($"'{operation.Path}' yields a value, not an element of the resource");
        }

        return [.. items.Select(i => i.Node)];
    }

    private static FhirNode Single(IReadOnlyList<FhirNode> found, PatchOperation operation) => found.Count == 1
        ? found[0]
        : throw PatchException.DoesNotApply($"'{operation.Path}' must name one element; it names {(found.Count == 0 ? "none" : found.Count.ToString(CultureInfo.InvariantCulture))}");

    private static FhirNode Inside(FhirNode node, PatchOperation operation) => node.Parent.Exists
        ? node
        : throw PatchException.DoesNotApply($"'{operation.Path}' names the resource itself, which a patch cannot {operation.Type}");

    // Add: to the end of a list, or an element that is not there yet.
    private static void Add(JsonObject json, FhirNode target, PatchOperation operation)
    {
        var name = operation.Text("name");
        var element = target.TypeDefinition?.Element(name)
            ?? (target.TypeDefinition is { } type && type.TryFind(name, out var slot) ? slot.Element : null)
            ?? throw PatchException.DoesNotApply($"{target.Type} has no element '{name}'");
        var (value, extra, property) = operation.Value(element);
        var parent = JsonPlace.ObjectOf(json, target);
        if (element.IsArray)
        {
            JsonPlace.ListOf(parent, property).Add(value, extra);
        }
        else if (target[element.Name].Exists)
        {
            throw PatchException.DoesNotApply($"'{operation.Path}' has the element '{name}' already, and it does not repeat; use replace");
        }
        else
        {
            Set(parent, property, value, extra);
        }
    }

    private static void Replace(JsonObject json, FhirNode target, PatchOperation operation)
    {
        if (target.Slot?.Element is not { } element)
        {
            throw PatchException.DoesNotApply($"'{operation.Path}' is not an element of FHIR R4");
        }

        var (value, extra, property) = operation.Value(element);
        var place = JsonPlace.Of(json, target);
        if (place.Index >= 0)
        {
            place.List.Replace(place.Index, value, extra);
        }
        else
        {
            // A choice may change its type, and so its name.
            place.Remove();
            Set(place.Parent, property, value, extra);
        }
    }

    private static void Set(JsonObject parent, string property, JsonNode? value, JsonNode? extra)
    {
        if (value is not null)
        {
            parent[property] = value;
        }

        if (extra is not null)
        {
            parent["_" + property] = extra;
        }
    }

    /// <summary>The list that all found elements make up, and its length.</summary>
    private static (JsonList List, int Count) List(JsonObject json, IReadOnlyList<FhirNode> found, PatchOperation operation)
    {
        if (found.Count == 0 || found[0].Index < 0 || found[0].Slot?.Element is null || found.Any(n => n.Parent != found[0].Parent || n.JsonName != found[0].JsonName))
        {
            throw PatchException.DoesNotApply($"'{operation.Path}' must name the elements of one list");
        }

        var list = JsonPlace.Of(json, found[0]).List;
        return list.Count == found.Count
            ? (list, found.Count)
            : throw PatchException.DoesNotApply($"'{operation.Path}' must name the whole list of {list.Count.ToString(CultureInfo.InvariantCulture)} elements; it names {found.Count.ToString(CultureInfo.InvariantCulture)}");
    }
}
