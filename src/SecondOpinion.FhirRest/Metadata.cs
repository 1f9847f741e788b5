using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#capabilities: the CapabilityStatement, made of the table of routes and the registry of search parameters, so that it cannot say what is not so.</summary>
internal sealed class Metadata(FhirRestOptions options)
{
    private const int MaxCached = 8;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Interactions of the system have codes of their own (FHIR R4 valueset-system-restful-interaction.html).
    private static readonly string[] SystemInteractions = ["transaction", "batch", "search-system", "history-system"];

    private readonly ConcurrentDictionary<(string BaseUrl, bool IsTerminology), (byte[] Json, byte[] Xml)> _byBaseUrl = new();

    public static Task<Reply> HandleAsync(FhirCall call)
    {
        string? mode = call.Http.Request.Query["mode"];
        if (mode is not (null or "" or "full" or "normative" or "terminology"))
        {
            return Task.FromResult<Reply>(Refusal.Of(RefusalKind.Invalid, "not-supported", $"mode '{Types.Clip(mode)}' is not supported; allowed are full, normative and terminology", "mode"));
        }

        return Task.FromResult(call.Server.Metadata.Answer(call, isTerminology: mode == "terminology"));
    }

    private Reply Answer(FhirCall call, bool isTerminology)
    {
        var key = (call.BaseUrl, isTerminology);
        if (!_byBaseUrl.TryGetValue(key, out var forms))
        {
            // Host headers are the client's: a few forms are kept, not every one.
            var now = call.Server.Time.GetUtcNow();
            var json = isTerminology ? TerminologyMetadata.Make(call.BaseUrl, options.SoftwareVersion, now) : Make(call.BaseUrl, now);
            forms = (json, FhirXml.ToXml(FhirResource.Parse(json)));
            forms = _byBaseUrl.Count < MaxCached ? _byBaseUrl.GetOrAdd(key, forms) : forms;
        }

        return Reply.Body(forms.Json) with { Xml = forms.Xml, CanBeShaped = true };
    }

    private byte[] Make(string baseUrl, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 18);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "CapabilityStatement"u8);
            writer.WriteString("url"u8, baseUrl + "/metadata");
            writer.WriteString("name"u8, "SecondOpinionInterop"u8);
            writer.WriteString("title"u8, "SecondOpinion.Interop FHIR interface"u8);
            writer.WriteString("status"u8, "active"u8);
            writer.WriteString("date"u8, BundleWriter.Instant(now));
            writer.WriteString("kind"u8, "instance"u8);
            Strings(writer, "instantiates", Profiles.Artefacts.Where(a => a.ResourceType == "CapabilityStatement").Select(a => a.Root.Text("url")!));
            writer.WriteStartObject("software"u8);
            writer.WriteString("name"u8, "SecondOpinion.Interop"u8);
            writer.WriteString("version"u8, options.SoftwareVersion);
            writer.WriteEndObject();
            writer.WriteStartObject("implementation"u8);
            writer.WriteString("description"u8, "Orders for second opinions on dental and radiology images, and their results"u8);
            writer.WriteString("url"u8, baseUrl);
            writer.WriteEndObject();
            writer.WriteString("fhirVersion"u8, "4.0.1"u8);
            Strings(writer, "format", ["application/fhir+json", "application/fhir+xml", "json", "xml"]);
            Strings(writer, "patchFormat", [MediaTypes.JsonPatch, MediaTypes.XmlPatch, "application/fhir+json", "application/fhir+xml"]);
            Strings(writer, "implementationGuide", Profiles.Artefacts.Where(a => a.ResourceType == "ImplementationGuide").Select(a => a.Root.Text("url")!));
            writer.WriteStartArray("rest"u8);
            Rest(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Rest(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("mode"u8, "server"u8);
        Security(writer);
        writer.WriteStartArray("resource"u8);
        foreach (var type in Definitions.ResourceTypes.Where(Types.IsSupported))
        {
            Resource(writer, type);
        }

        writer.WriteEndArray();
        var mapped = FhirRoutes.Table.Select(r => r.Interaction).ToHashSet(StringComparer.Ordinal);
        Coded(writer, "interaction", SystemInteractions.Where(i => mapped.Contains(i == "batch" ? "transaction" : i)));
        writer.WriteStartArray("searchParam"u8);
        foreach (var parameter in SearchParameters.For("Basic").Where(p => p.Code.StartsWith('_')))
        {
            Parameter(writer, parameter);
        }

        writer.WriteEndArray();
        Strings(writer, "compartment", Search.Compartments.Select(c => "http://hl7.org/fhir/CompartmentDefinition/" + char.ToLowerInvariant(c[0]) + c[1..]));
        writer.WriteEndObject();
    }

    private void Security(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("security"u8);
        if (options.TokenUrl is { } token)
        {
            // SMART App Launch 1.0 conformance; newer clients read .well-known/smart-configuration.
            writer.WriteStartArray("extension"u8);
            writer.WriteStartObject();
            writer.WriteString("url"u8, "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"u8);
            writer.WriteStartArray("extension"u8);
            writer.WriteStartObject();
            writer.WriteString("url"u8, "token"u8);
            writer.WriteString("valueUri"u8, token);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteStartArray("service"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("coding"u8);
        writer.WriteStartObject();
        writer.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/restful-security-service"u8);
        writer.WriteString("code"u8, "SMART-on-FHIR"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("description"u8, "OAuth 2 bearer tokens with SMART scopes (v1 and v2); a token names one tenant"u8);
        writer.WriteEndObject();
    }

    private static void Resource(Utf8JsonWriter writer, string type)
    {
        var readOnly = Types.IsReadOnly(type);
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("profile"u8, "http://hl7.org/fhir/StructureDefinition/" + type);
        Strings(writer, "supportedProfile", Profiles.Default.For(type));
        Coded(writer, "interaction", FhirRoutes.Table
            .Where(r => r.Pattern.StartsWith("{type}", StringComparison.Ordinal) && r.Interaction is not ("search-compartment" or "$validate"))
            .Select(r => r.Interaction)
            .Distinct()
            .Where(i => !readOnly || i is not ("create" or "update" or "patch" or "delete")));
        writer.WriteString("versioning"u8, "versioned"u8);
        writer.WriteBoolean("readHistory"u8, true);
        writer.WriteBoolean("updateCreate"u8, !readOnly);
        writer.WriteBoolean("conditionalCreate"u8, !readOnly);
        writer.WriteString("conditionalRead"u8, "full-support"u8);
        writer.WriteBoolean("conditionalUpdate"u8, !readOnly);
        writer.WriteString("conditionalDelete"u8, readOnly ? "not-supported" : "single");
        // Not "local", which would say that references to other servers are refused (FHIR R4 valueset-reference-handling-policy.html).
        Strings(writer, "referencePolicy", ["literal", "logical"]);
        // Location's "near" is in the registry and not on this server.
        var parameters = SearchParameters.For(type).Where(p => !p.Code.StartsWith('_') && p.Type != SearchParameterType.Special).ToList();
        Strings(writer, "searchInclude", parameters.Where(p => p.Type == SearchParameterType.Reference).Select(p => type + ":" + p.Code));
        Strings(writer, "searchRevInclude", ReverseIncludes(type));
        if (parameters.Count > 0)
        {
            writer.WriteStartArray("searchParam"u8);
            foreach (var parameter in parameters)
            {
                Parameter(writer, parameter);
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("operation"u8);
        Operation(writer, "validate", "Resource");
        foreach (var operation in FhirRoutes.Table.Where(r => r.Interaction[0] == '$' && r.Pattern.StartsWith(type + "/", StringComparison.Ordinal)).Select(r => r.Interaction[1..]).Distinct())
        {
            Operation(writer, operation, type);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Operation(Utf8JsonWriter writer, string name, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString("definition"u8, $"http://hl7.org/fhir/OperationDefinition/{type}-{name}");
        writer.WriteEndObject();
    }

    private static IEnumerable<string> ReverseIncludes(string type) =>
        from source in Definitions.ResourceTypes
        where Types.IsSupported(source)
        from p in SearchParameters.For(source)
        where p.Type == SearchParameterType.Reference && p.Targets.Contains(type)
        select source + ":" + p.Code;

    private static void Parameter(Utf8JsonWriter writer, SearchParameter parameter)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, parameter.Code);
        writer.WriteString("definition"u8, parameter.Url);
        writer.WriteString("type"u8, parameter.Type.ToString().ToLowerInvariant());
        writer.WriteEndObject();
    }

    private static void Coded(Utf8JsonWriter writer, string name, IEnumerable<string> codes)
    {
        writer.WriteStartArray(name);
        foreach (var code in codes)
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, code);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        var all = values.ToList();
        if (all.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        all.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }
}
