using System.Text.Json;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Patch;

/// <summary>JSON Patch (RFC 6902) on resources and plain JSON (FHIR R4 http.html#patch). All operations succeed, or none has an effect.</summary>
public static class JsonPatch
{
    /// <summary>Operations in one patch.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Bytes that copy operations may add, so that copies of copies cannot explode.</summary>
    public const int MaxCopied = 8 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 200, AllowDuplicateProperties = false };

    /// <summary>The patched resource; a refusal (400 for a malformed patch, 422 for one that does not apply) otherwise. The result is not yet validated.</summary>
    public static Outcome<FhirResource> Apply(FhirResource resource, ReadOnlySpan<byte> patch)
    {
        JsonNode? operations;
        try
        {
            // The parser looks at the inside of a string only when it is asked for, and then fails.
            operations = JsonText.IsUnicode(patch) ? JsonNode.Parse(patch, documentOptions: Strict) : throw new JsonException("a text is not valid Unicode");
        }
        catch (JsonException e)
        {
            return Refusal.Of(RefusalKind.Invalid, "structure", "The patch is not valid JSON: " + e.Message, "patch");
        }

        var outcome = Apply(resource.ToJsonObject(), operations);
        return outcome.TryGet(out var patched, out var refusal) ? PatchResult.Freeze(patched, resource) : refusal;
    }

    /// <summary>Applies a patch to a document, which it may change even when it refuses.</summary>
    public static Outcome<JsonNode?> Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            return Refusal.Of(RefusalKind.Invalid, "structure", "A JSON Patch is an array of operations (RFC 6902 section 3)", "patch");
        }

        if (operations.Count > MaxOperations)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-costly", $"The patch has {operations.Count} operations; the limit is {MaxOperations}", "patch");
        }

        var copied = 0L;
        for (var i = 0; i < operations.Count; i++)
        {
            try
            {
                document = ApplyOne(document, operations[i], ref copied);
            }
            catch (PatchException e)
            {
                return Refusal.Of(e.Kind, e.IssueCode, $"Operation {i}: {e.Message}", "patch");
            }
        }

        return new Outcome<JsonNode?>(document);
    }

    private static JsonNode? ApplyOne(JsonNode? document, JsonNode? node, ref long copied)
    {
        if (node is not JsonObject operation)
        {
            throw PatchException.Malformed("an operation is an object");
        }

        var path = JsonPointer.Parse(Text(operation, "path"));
        switch (Text(operation, "op"))
        {
            case "add":
                return Add(document, path, Value(operation));
            case "remove":
                return Remove(document, path, out _);
            case "replace":
                if (path.Count == 0)
                {
                    return Value(operation);
                }

                Remove(document, path, out _);
                return Add(document, path, Value(operation));
            case "move":
                var source = JsonPointer.Parse(Text(operation, "from"));
                if (path.Count > source.Count && path.Take(source.Count).SequenceEqual(source))
                {
                    throw PatchException.DoesNotApply("a value cannot be moved into itself");
                }

                document = Remove(document, source, out var moved);
                return Add(document, path, moved);
            case "copy":
                var value = JsonPointer.Find(document, JsonPointer.Parse(Text(operation, "from")));
                if ((copied += value?.ToJsonString().Length ?? 4) > MaxCopied)
                {
                    throw new PatchException(RefusalKind.TooLarge, "too-costly", $"the patch copies more than {MaxCopied} bytes");
                }

                return Add(document, path, value?.DeepClone());
            case "test":
                var found = JsonPointer.Find(document, path);
                return IsSame(found, Value(operation))
                    ? document
                    : throw PatchException.DoesNotApply($"the test failed: the value at '{Text(operation, "path")}' is {Short(found)}");
            case var op:
                throw PatchException.Malformed($"'{op}' is not an operation; allowed are add, remove, replace, move, copy, test");
        }
    }

    private static bool IsSame(JsonNode? a, JsonNode? b)
    {
        try
        {
            return JsonNode.DeepEquals(a, b);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A number whose exponent has more digits than an int.
            throw PatchException.DoesNotApply("a number in the test is out of range");
        }
    }

    private static JsonNode? Add(JsonNode? document, IReadOnlyList<string> path, JsonNode? value)
    {
        if (path.Count == 0)
        {
            return value;
        }

        var name = path[^1];
        switch (JsonPointer.Find(document, [.. path.Take(path.Count - 1)]))
        {
            case JsonObject parent:
                parent[name] = value;
                break;
            case JsonArray parent:
                parent.Insert(name == "-" ? parent.Count : JsonPointer.Index(name, parent.Count), value);
                break;
            default:
                throw PatchException.DoesNotApply($"nothing to add '{name}' to");
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, IReadOnlyList<string> path, out JsonNode? removed)
    {
        removed = JsonPointer.Find(document, path);
        if (path.Count == 0)
        {
            return null;
        }

        switch (JsonPointer.Find(document, [.. path.Take(path.Count - 1)]))
        {
            case JsonObject parent:
                parent.Remove(path[^1]);
                break;
            case JsonArray parent:
                parent.RemoveAt(JsonPointer.Index(path[^1], parent.Count - 1));
                break;
        }

        return document;
    }

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw PatchException.Malformed($"'{name}' is missing or not a string");

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw PatchException.Malformed("'value' is missing");

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
