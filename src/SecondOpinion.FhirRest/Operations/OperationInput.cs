using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>A parameter that an operation takes.</summary>
/// <param name="Type">As its OperationDefinition says: a primitive, Coding, CodeableConcept, or the type of a resource.</param>
internal sealed record InputParameter(string Name, string Type, bool Repeats = false);

/// <summary>The parameters of an operation (FHIR R4 operations.html#request): of the query for GET, of the query and a Parameters resource for POST.</summary>
internal sealed class OperationInput
{
    private const int MaxIssues = 20;

    // Clients write one for another, and nothing is misread by it: all are texts.
    private static readonly FrozenSet<string> Texts =
        FrozenSet.Create(StringComparer.Ordinal, "string", "code", "uri", "url", "canonical", "id", "oid", "uuid", "markdown", "date", "dateTime");

    private static readonly FrozenSet<string> Integers = FrozenSet.Create(StringComparer.Ordinal, "integer", "unsignedInt", "positiveInt");

    private readonly List<(string Name, string? Text, FhirNode Node)> _all = [];

    /// <summary>400 with all that is wrong: what cannot be read, a name that is not known or not supported, a value of another type, a parameter given too often.</summary>
    /// <param name="known">What the operation understands.</param>
    public static async Task<Outcome<OperationInput>> ReadAsync(FhirCall call, IReadOnlyList<InputParameter> known)
    {
        FhirResource? body = null;
        if (HasBody(call) && !(await RequestBody.ResourceAsync(call, "Parameters")).TryGet(out body, out var refusal))
        {
            return refusal;
        }

        return Read(call.Http.Request.Query, body, known);
    }

    /// <summary>Whether a POST brings parameters beside those of its address.</summary>
    public static bool HasBody(FhirCall call) =>
        HttpMethods.IsPost(call.Http.Request.Method) && (call.Http.Request.ContentType is not null || call.Http.Request.ContentLength is > 0);

    /// <summary>As <see cref="ReadAsync"/>, of what is at hand.</summary>
    /// <param name="body">A Parameters resource; null for none.</param>
    public static Outcome<OperationInput> Read(IQueryCollection query, FhirResource? body, IReadOnlyList<InputParameter> known)
    {
        var input = new OperationInput();
        var issues = new List<FhirIssue>();
        foreach (var (name, values) in query.Where(p => p.Key is not ("_format" or "_pretty" or "_summary" or "_elements")))
        {
            var parameter = Find(known, name, null, issues);
            if (parameter is not null && char.IsAsciiLetterUpper(parameter.Type[0]))
            {
                // FHIR R4 operations.html#request: an address carries primitives only.
                Wrong(issues, "value", $"'{name}' is a {parameter.Type}, which only a POST with Parameters can carry", null);
            }

            input._all.AddRange(values.Select(v => (name, v, default(FhirNode))));
        }

        if (body is not null)
        {
            foreach (var node in body.Root.All("parameter"))
            {
                var value = node["resource"] is { Exists: true } resource ? resource : node["value"];
                var name = node.Text("name") ?? "";
                if (Find(known, name, node.Path, issues) is { } parameter && !IsOf(value, parameter.Type))
                {
                    Wrong(issues, "value", $"'{name}' must be a {parameter.Type}{(value.Exists ? ", not a " + value.Type : "; it has no value")}", node.Path);
                }

                input._all.Add((name, value.IsPrimitive ? value.Value : null, value));
            }
        }

        foreach (var parameter in known.Where(k => !k.Repeats && input._all.Count(p => p.Name == k.Name) > 1))
        {
            Wrong(issues, "invalid", $"'{parameter.Name}' may be given once", null);
        }

        return issues.Count == 0 ? input : new Refusal(RefusalKind.Invalid, issues);
    }

    private static InputParameter? Find(IReadOnlyList<InputParameter> known, string name, string? place, List<FhirIssue> issues)
    {
        var parameter = known.FirstOrDefault(p => p.Name == name);
        if (parameter is null)
        {
            Wrong(issues, "not-supported", $"The operation's parameter '{Types.Clip(name)}' is not known or not supported; supported are {string.Join(", ", known.Select(p => p.Name))}", place);
        }

        return parameter;
    }

    private static bool IsOf(FhirNode value, string type) => value.Exists && type switch
    {
        "Resource" => value.IsResource,
        "boolean" => value.Type == "boolean",
        "integer" => Integers.Contains(value.Type),
        _ => char.IsAsciiLetterUpper(type[0]) ? value.Type == type : Texts.Contains(value.Type),
    };

    private static void Wrong(List<FhirIssue> issues, string code, string message, string? place)
    {
        if (issues.Count < MaxIssues)
        {
            issues.Add(new FhirIssue(IssueSeverity.Error, code, message, place, Key: "operation-parameter"));
        }
    }

    public string? Value(string name) => _all.Find(p => p.Name == name && !string.IsNullOrEmpty(p.Text)).Text;

    public IReadOnlyList<string> Values(string name) => [.. _all.Where(p => p.Name == name && !string.IsNullOrEmpty(p.Text)).Select(p => p.Text!)];

    /// <summary>A value of a complex type, or a resource; missing when there is none.</summary>
    public FhirNode Node(string name) => _all.Find(p => p.Name == name && p.Node.Exists && !p.Node.IsPrimitive).Node;

    /// <summary>400 for anything but true and false.</summary>
    public Outcome<bool> Flag(string name, bool otherwise) => Value(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var text => Wrong(name, text, "true or false"),
    };

    /// <summary>400 for anything but a whole number that is not negative.</summary>
    public Outcome<int?> Number(string name) => Value(name) is not { } text
        ? (int?)null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Wrong(name, text, "a number of 0 or more");

    public static Refusal Missing(string what) => Refusal.Of(RefusalKind.Invalid, "required", $"The operation needs {what}", "operation-parameter");

    private static Refusal Wrong(string name, string text, string expected) =>
        Refusal.Of(RefusalKind.Invalid, "value", $"'{name}' is '{Types.Clip(text)}'; it must be {expected}", "operation-parameter");
}

/// <summary>Builds the Parameters of an answer, in order.</summary>
internal sealed class OperationOutput
{
    private readonly JsonArray _parameters = [];

    public OperationOutput Add(string name, string type, JsonNode? value)
    {
        if (value is not null)
        {
            _parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["value" + type] = value });
        }

        return this;
    }

    public OperationOutput Add(string name, OperationOutput parts)
    {
        _parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["part"] = parts._parameters });
        return this;
    }

    public static JsonObject Coding(string system, string code, string? display)
    {
        var coding = new JsonObject();
        if (system.Length > 0)
        {
            coding["system"] = system;
        }

        coding["code"] = code;
        if (display is not null)
        {
            coding["display"] = display;
        }

        return coding;
    }

    public Reply ToReply()
    {
        var json = new JsonObject { ["resourceType"] = "Parameters" };
        if (_parameters.Count > 0)
        {
            json["parameter"] = _parameters;
        }

        return Reply.Body(FhirResource.From(json).Json);
    }
}
