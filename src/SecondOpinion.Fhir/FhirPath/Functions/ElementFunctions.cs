using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>elementDefinition(), slice() and checkModifiers() (FHIR R4 fhirpath.html#functions).</summary>
internal static class ElementFunctions
{
    // One entry an element of R4 at most, so bounded.
    private static readonly ConcurrentDictionary<string, FhirResource> Built = new(StringComparer.Ordinal);

    /// <summary>The definition of each element in the base definitions; computed values have none.</summary>
    public static void ElementDefinition(FhirPathState state, int start)
    {
        for (var i = start; i < state.Count; i++)
        {
            var node = state[i].Node;
            var path = node.Definition?.Path ?? node.TypeDefinition?.Path;
            state.Step(8);
            state[i] = path is null ? default : FhirPathValue.Of(Built.GetOrAdd(path, static (p, n) => Build(p, n), node).Root["snapshot"]["element"]);
        }

        Compact(state, start);
    }

    /// <summary>The items that are in the slice; a profile or slice that is not known is an error.</summary>
    public static void Slice(FhirPathState state, int start, Expression[] arguments)
    {
        var profile = Arguments.Text(state, arguments[0], "slice()");
        var name = Arguments.Text(state, arguments[1], "slice()");
        var isSlice = state.Options.Slice ?? Profiles.Default.InSlice;
        for (var i = start; i < state.Count; i++)
        {
            // A slice may be told by rules of its own.
            state.Step(200);
            var node = state[i].Node;
            var inside = profile is null || name is null || !node.Exists ? false : isSlice(node, profile, name);
            if (inside is null)
            {
                FhirPathError.Execution("slice(): the profile or its slice is not known");
            }

            state[i] = inside == true ? state[i] : default;
        }

        Compact(state, start);
    }

    /// <summary>The focus, when none of its items has a modifier extension other than those named; an error otherwise.</summary>
    public static void CheckModifiers(FhirPathState state, int start, Expression[] arguments)
    {
        var allowed = new List<string>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (Arguments.Text(state, argument, "checkModifiers()") is { } url)
            {
                allowed.Add(url);
            }
        }

        for (var i = start; i < state.Count; i++)
        {
            foreach (var extension in state[i].Node.All("modifierExtension"))
            {
                state.Step(allowed.Count + 1);
                if (!allowed.Contains(extension.Text("url") ?? ""))
                {
                    FhirPathError.Execution("checkModifiers() found a modifier extension that is not named");
                }
            }
        }
    }

    /// <summary>Drops the items that became None.</summary>
    private static void Compact(FhirPathState state, int start)
    {
        var kept = start;
        for (var i = start; i < state.Count; i++)
        {
            if (state[i].Kind != FhirPathKind.None)
            {
                state[kept++] = state[i];
            }
        }

        state.Cut(kept);
    }

    /// <summary>An ElementDefinition, in the StructureDefinition that a node needs around it.</summary>
    private static FhirResource Build(string path, FhirNode node)
    {
        var definition = node.Definition;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "StructureDefinition");
            json.WriteStartObject("snapshot");
            json.WriteStartArray("element");
            json.WriteStartObject();
            json.WriteString("id", path);
            json.WriteString("path", path);
            json.WriteNumber("min", definition?.Min ?? 0);
            json.WriteString("max", definition is null or { Max: int.MaxValue } ? "*" : definition.Max.ToString(CultureInfo.InvariantCulture));
            if (definition is not null)
            {
                WriteTypes(json, definition);
                json.WriteBoolean("isModifier", definition.IsModifier);
                json.WriteBoolean("isSummary", definition.IsSummary);
                WriteBinding(json, definition);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return FhirResource.Parse(buffer.WrittenMemory);
    }

    private static void WriteTypes(Utf8JsonWriter json, ElementDefinition definition)
    {
        if (definition.ContentReference is { } reference)
        {
            json.WriteString("contentReference", "#" + reference);
            return;
        }

        if (definition.Types.Count == 0)
        {
            return;
        }

        json.WriteStartArray("type");
        foreach (var type in definition.Types)
        {
            json.WriteStartObject();
            json.WriteString("code", type.Code);
            if (type.Targets.Count > 0)
            {
                json.WriteStartArray("targetProfile");
                foreach (var target in type.Targets)
                {
                    json.WriteStringValue("http://hl7.org/fhir/StructureDefinition/" + target);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBinding(Utf8JsonWriter json, ElementDefinition definition)
    {
        if (definition.Binding == BindingStrength.None)
        {
            return;
        }

        json.WriteStartObject("binding");
        json.WriteString("strength", definition.Binding.ToString().ToLowerInvariant());
        if (definition.ValueSet is { } valueSet)
        {
            json.WriteString("valueSet", valueSet.Contains(':', StringComparison.Ordinal) ? valueSet : "http://hl7.org/fhir/ValueSet/" + valueSet);
        }

        json.WriteEndObject();
    }
}
