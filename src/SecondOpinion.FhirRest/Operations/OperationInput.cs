using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>The parameters of an operation (FHIR R4 operations.html#request): of the query for GET, of the query and a Parameters resource for POST.</summary>
internal sealed class OperationInput
{
    private readonly List<(string Name, string? Text, FhirNode Node)> _all = [];

    /// <summary>400 for what cannot be read, for a name that the operation does not have, and for one that this server does not support.</summary>
    /// <param name="names">Names that the operation understands.</param>
    public static async Task<Outcome<OperationInput>> ReadAsync(FhirCall call, params string[] names)
    {
        var input = new OperationInput();
        foreach (var (name, values) in call.Http.Request.Query)
        {
            if (name is not ("_format" or "_pretty" or "_summary" or "_elements"))
            {
                input._all.AddRange(values.Select(v => (name, v, default(FhirNode))));
            }
        }

        if (HttpMethods.IsPost(call.Http.Request.Method) && (call.Http.Request.ContentType is not null || call.Http.Request.ContentLength is > 0))
        {
            if (!(await RequestBody.ResourceAsync(call, "Parameters")).TryGet(out var body, out var refusal))
            {
                return refusal;
            }

            foreach (var parameter in body.Root.All("parameter"))
            {
                var node = parameter["resource"] is { Exists: true } resource ? resource : parameter["value"];
                input._all.Add((parameter.Text("name") ?? "", node.IsPrimitive ? node.Value : null, node));
            }
        }

        return input._all.FirstOrDefault(p => !names.Contains(p.Name)) is { Name: { } unknown }
            ? Refusal.Of(RefusalKind.Invalid, "not-supported", $"The operation's parameter '{Types.Clip(unknown)}' is not known or not supported; supported are {string.Join(", ", names)}", "operation-parameter")
            : input;
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
