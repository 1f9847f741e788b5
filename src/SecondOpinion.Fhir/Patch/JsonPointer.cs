using System.Globalization;
using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Patch;

/// <summary>JSON Pointer (RFC 6901).</summary>
internal static class JsonPointer
{
    private const int MaxDepth = 200;

    public static IReadOnlyList<string> Parse(string pointer)
    {
        if (pointer.Length == 0)
        {
            return [];
        }

        if (pointer[0] != '/')
        {
            throw PatchException.Malformed($"the path '{pointer}' must begin with '/'");
        }

        var parts = pointer[1..].Split('/', MaxDepth + 1);
        if (parts.Length > MaxDepth)
        {
            throw PatchException.Malformed("the path is too deep");
        }

        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Unescape(parts[i]);
        }

        return parts;
    }

    /// <summary>The value at the path, which may be JSON null.</summary>
    public static JsonNode? Find(JsonNode? document, IReadOnlyList<string> path)
    {
        var node = document;
        foreach (var name in path)
        {
            switch (node)
            {
                case JsonObject o when o.TryGetPropertyValue(name, out var child):
                    node = child;
                    break;
                case JsonArray a:
                    node = a[Index(name, a.Count - 1)];
                    break;
                default:
                    throw PatchException.DoesNotApply($"the path '/{string.Join('/', path)}' does not exist: no '{name}'");
            }
        }

        return node;
    }

    /// <summary>An array index of at most <paramref name="last"/>.</summary>
    public static int Index(string name, int last)
    {
        var isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (name[0] != '0' || name.Length == 1);
        return isNumber && index <= last ? index : throw PatchException.DoesNotApply($"'{name}' is not an index of the array, which has {Math.Max(0, last + 1)} places");
    }

    private static string Unescape(string part)
    {
        for (var i = part.IndexOf('~', StringComparison.Ordinal); i >= 0; i = part.IndexOf('~', i + 1))
        {
            if (i + 1 >= part.Length || part[i + 1] is not ('0' or '1'))
            {
                throw PatchException.Malformed("'~' in a path must be followed by 0 or 1");
            }
        }

        return part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
