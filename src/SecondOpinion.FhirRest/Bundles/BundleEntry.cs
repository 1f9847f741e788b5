using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>One entry of a batch or transaction, its address read and the caller's rights to it checked (FHIR R4 http.html#transaction).</summary>
internal sealed record BundleEntry
{
    public required int Index { get; init; }

    public required string Method { get; init; }

    /// <summary>Null: the system.</summary>
    public string? Type { get; init; }

    public string? Id { get; init; }

    /// <summary>Version of a vread.</summary>
    public string? Version { get; init; }

    /// <summary>Type in a compartment: <c>Patient/1/Observation</c>.</summary>
    public string? Member { get; init; }

    /// <summary>The address below the base, without the query.</summary>
    public string Path { get; init; } = "";

    /// <summary>The query without its question mark; null when there is none.</summary>
    public string? Query { get; init; }

    public string? FullUrl { get; init; }

    public Conditions Conditions { get; init; } = Conditions.None;

    /// <summary>Criteria of a conditional interaction.</summary>
    public SearchRequest? Criteria { get; init; }

    public FhirResource? Resource { get; init; }

    /// <summary>The row by which the entry runs as it would alone: an operation, a history. Null for the others.</summary>
    public FhirRoute? Route { get; init; }

    /// <summary>The patch of a PATCH.</summary>
    public PatchWork? Patch { get; init; }

    /// <summary>Place in the order of processing: DELETE, POST, PUT and PATCH, GET. None of our operations changes anything: they see what the others have done, as GET does.</summary>
    public int Rank => Route is not null ? 3 : Method switch { "DELETE" => 0, "POST" => 1, "PUT" or "PATCH" => 2, _ => 3 };

    /// <summary>Code of http://hl7.org/fhir/restful-interaction.</summary>
    public string Interaction => Route is not null ? Route.Interaction : Method switch
    {
        "DELETE" => "delete",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        _ => Version is not null ? "vread" : Id is not null && Member is null ? "read" : Type is null ? "search-system" : "search-type",
    };

    /// <summary>Reads an entry. The refusal's expressions name it.</summary>
    public static Outcome<BundleEntry> Read(FhirNode node, int index, FhirServer server, Access access)
    {
        var outcome = ReadInner(node, index, server, access);
        return outcome.Refusal is { } refusal ? Place(refusal, index) : outcome;
    }

    /// <summary>The refusal with expressions that start at the entry: one OperationOutcome serves the whole Bundle.</summary>
    public static Refusal Place(Refusal refusal, int index)
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"Bundle.entry[{index}]");
        return refusal with
        {
            Issues = [.. refusal.Issues.Select(i => i.Expression?.StartsWith("Bundle.entry[", StringComparison.Ordinal) == true ? i : i with { Expression = Under(entry, i.Expression) })],
        };
    }

    // 'Observation.code' of the resource is 'Bundle.entry[3].resource.code' of the Bundle.
    private static string Under(string entry, string? expression)
    {
        if (expression is null)
        {
            return entry;
        }

        var dot = expression.IndexOf('.', StringComparison.Ordinal);
        return entry + ".resource" + (dot < 0 ? "" : expression[dot..]);
    }

    private static Outcome<BundleEntry> ReadInner(FhirNode node, int index, FhirServer server, Access access)
    {
        var request = node["request"];
        var method = request.Text("method") ?? "";
        if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE"))
        {
            return Refusal.Of(RefusalKind.Invalid, "required", "Every entry of a batch or transaction needs request.method: GET, HEAD, POST, PUT, PATCH or DELETE", "entry-method");
        }

        if (!ParseUrl(request.Text("url"), method, index).TryGet(out var entry, out var refusal))
        {
            return refusal;
        }

        entry = entry with
        {
            FullUrl = node.Text("fullUrl"),
            Conditions = new Conditions(
                request.Text("ifMatch"),
                request.Text("ifNoneMatch"),
                DateTimeOffset.TryParse(request.Text("ifModifiedSince"), CultureInfo.InvariantCulture, out var since) ? since : null,
                request.Text("ifNoneExist")),
        };
        if (entry.Type is { } type && Types.Refuse(type) is { } unknown)
        {
            return unknown;
        }

        return CheckAccess(entry, access) is { } forbidden ? forbidden : ReadContent(entry, node["resource"], server, access);
    }

    // SMART App Launch 2: each entry is checked as if it were sent alone.
    private static Refusal? CheckAccess(BundleEntry entry, Access access)
    {
        // What runs by its row checks for itself what it needs.
        if (entry.Type is not { } type || entry.Route is not null)
        {
            return null;
        }

        if (entry.Method is not ("GET" or "HEAD") && Types.RefuseWrite(type, entry.Id) is { } readOnly)
        {
            return readOnly;
        }

        var needed = entry.Method switch
        {
            "POST" => Permissions.Create,
            "PUT" or "PATCH" => Permissions.Update,
            "DELETE" => Permissions.Delete,
            _ => entry.Id is not null && entry.Member is null ? Permissions.Read : Permissions.Search,
        };
        return access.Require(entry.Member ?? type, needed);
    }

    private static Outcome<BundleEntry> ReadContent(BundleEntry entry, FhirNode content, FhirServer server, Access access)
    {
        if (entry.Route is not null)
        {
            return content.Exists ? entry with { Resource = content.ToResource() } : entry;
        }

        if (entry.Method is "GET" or "HEAD")
        {
            return entry;
        }

        var query = entry.Method == "POST" ? entry.Conditions.IfNoneExist : entry.Id is null ? entry.Query ?? "" : null;
        if (query is not null)
        {
            if (!Conditional.Parse(entry.Type!, query).TryGet(out var criteria, out var refusal))
            {
                return refusal;
            }

            entry = entry with { Criteria = criteria };
        }

        switch (entry.Method)
        {
            case "DELETE":
                return entry;
            case "PATCH":
                return ReadPatch(entry, content);
        }

        if (!content.Exists)
        {
            return Refusal.Of(RefusalKind.Invalid, "required", $"An entry with {entry.Method} needs a resource", "entry-resource");
        }

        var resource = content.ToResource();
        if (resource.ResourceType != entry.Type)
        {
            return Refusal.Of(RefusalKind.Invalid, "invalid", $"request.url says {entry.Type}, the resource is a {resource.ResourceType}", "resource-type");
        }

        if (entry is { Method: "PUT", Id: { } id } && Update.CheckId(resource, id) is { } mismatch)
        {
            return mismatch;
        }

        return Writing.Accept(server, access, resource).TryGet(out var accepted, out var invalid) ? entry with { Resource = accepted } : invalid;
    }

    // FHIR R4 http.html#patch: in a Bundle, a JSON or XML Patch is a Binary, a FHIRPath Patch a Parameters.
    private static Outcome<BundleEntry> ReadPatch(BundleEntry entry, FhirNode content)
    {
        if (content.ResourceType == "Parameters")
        {
            var parameters = content.ToResource();
            return entry with { Patch = r => FhirPathPatch.Apply(r, parameters) };
        }

        if (content.ResourceType != "Binary")
        {
            return Refusal.Of(RefusalKind.Invalid, "not-supported", "The resource of a PATCH entry is a Binary with a JSON or XML Patch, or a Parameters with a FHIRPath Patch", "entry-resource");
        }

        var isJson = MediaTypes.IsJsonPatch(content.Text("contentType"));
        if (!isJson && !MediaTypes.IsXmlPatch(content.Text("contentType")))
        {
            return MediaTypes.Unsupported(content.Text("contentType"), $"{MediaTypes.JsonPatch}, {MediaTypes.XmlPatch}");
        }

        try
        {
            var patch = Convert.FromBase64String(content.Text("data") ?? "");
            return entry with { Patch = isJson ? r => JsonPatch.Apply(r, patch) : r => XmlPatch.Apply(r, patch) };
        }
        catch (FormatException)
        {
            return Refusal.Of(RefusalKind.Invalid, "value", "Binary.data is not base64", "entry-resource");
        }
    }

    /// <summary>Reads request.url, relative to the base: <c>Type</c>, <c>Type/id</c>, <c>Type/id/_history/v</c>, <c>Type?query</c>, ...</summary>
    private static Outcome<BundleEntry> ParseUrl(string? url, string method, int index)
    {
        if (string.IsNullOrEmpty(url))
        {
            return Refusal.Of(RefusalKind.Invalid, "required", "Every entry of a batch or transaction needs request.url", "entry-url");
        }

        var question = url.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? null : url[(question + 1)..];
        var path = (question < 0 ? url : url[..question]).Trim('/');
        string[] parts = path.Length == 0 ? [] : [.. path.Split('/').Select(Uri.UnescapeDataString)];
        var entry = new BundleEntry { Index = index, Method = method, Path = path, Query = string.IsNullOrEmpty(query) ? null : query };
        var isRead = method is "GET" or "HEAD";
        if (parts is [_, ['$', ..]] or [_, _, ['$', ..]])
        {
            return FhirRoutes.Operation(method, parts) is { } operation
                ? entry with { Type = parts[0], Id = parts.Length == 3 ? parts[1] : null, Route = operation }
                : Refusal.Of(RefusalKind.NotFound, "not-supported", $"{method} {Types.Clip(url)} is no operation of this server", "operation-unknown");
        }

        BundleEntry? parsed = parts switch
        {
            [] when isRead => entry,
            ["_history"] when isRead => entry with { Route = FhirRoutes.Of("history-system") },
            [var type] when !type.StartsWith('_') && !type.StartsWith('$') => entry with { Type = type },
            [var type, "_history"] when isRead => entry with { Type = type, Route = FhirRoutes.Of("history-type") },
            [var type, var id] when method != "POST" && !id.StartsWith('$') && !id.StartsWith('_') => entry with { Type = type, Id = id },
            [var type, var id, "_history"] when isRead => entry with { Type = type, Id = id, Route = FhirRoutes.Of("history-instance") },
            [var type, var id, "_history", var version] when isRead => entry with { Type = type, Id = id, Version = version },
            [var type, var id, var member] when isRead && !member.StartsWith('$') => entry with { Type = type, Id = id, Member = member },
            _ => null,
        };
        return parsed is null
            ? Refusal.Of(RefusalKind.Invalid, "not-supported", $"{method} {Types.Clip(url)} is no interaction that an entry can have", "entry-url")
            : parsed;
    }

    /// <summary>The query's parameters, decoded.</summary>
    public IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        foreach (var (name, values) in QueryHelpers.ParseQuery(Query))
        {
            foreach (var value in values)
            {
                yield return new(name, value ?? "");
            }
        }
    }
}
