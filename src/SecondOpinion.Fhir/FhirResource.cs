using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir;

/// <summary>
/// An immutable FHIR R4 resource: canonical UTF-8 JSON (no white space between tokens, everything else as it came: order, digits, escapes)
/// and a light tree over it.
/// </summary>
public sealed class FhirResource
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private static readonly ValidationOptions s_structure = new() { Invariants = false, Profiles = null, Warnings = false };

    private ReadOnlyMemory<byte>? _canonical;

    internal FhirResource(ResourceTree tree, string resourceType)
    {
        Tree = tree;
        ResourceType = resourceType;
    }

    internal ResourceTree Tree { get; }

    /// <summary>The text it was read from when that was XML, for lines and columns; null when it was JSON.</summary>
    internal ReadOnlyMemory<byte>? Xml { get; set; }

    /// <summary>For example <c>Patient</c>.</summary>
    public string ResourceType { get; }

    /// <summary>The root element.</summary>
    public FhirNode Root => new(this, 0);

    /// <summary>The logical id; null when there is none yet.</summary>
    public string? Id => Root.Text("id");

    /// <summary>meta.versionId; null when there is none.</summary>
    public string? VersionId => Root["meta"].Text("versionId");

    /// <summary>meta.lastUpdated; null when absent or not a valid instant.</summary>
    public DateTimeOffset? LastUpdated =>
        DateTimeOffset.TryParse(Root["meta"].Text("lastUpdated"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    /// <summary>The canonical bytes; do not write to them.</summary>
    public ReadOnlyMemory<byte> Json => _canonical ??= JsonMinifier.Minify(Tree.Json);

    /// <summary>Reads outside bytes; all issues found are reported and the resource is null when any of them is an error.</summary>
    public static FhirParseResult TryParse(ReadOnlyMemory<byte> utf8, FhirParseOptions? options = null)
    {
        options ??= FhirParseOptions.Default;
        var issues = new List<FhirIssue>();
        var tree = JsonTableReader.Read(utf8, options, issues);
        if (tree is null)
        {
            return new FhirParseResult(null, issues);
        }

        var row = tree.FindProperty(0, "resourceType"u8);
        if (row < 0 || tree.Rows[row].Kind != RowKind.String || tree.Rows[row].Index >= 0)
        {
            var (line, column) = tree.Locate(tree.Rows[Math.Max(row, 0)].Start);
            issues.Add(new FhirIssue(IssueSeverity.Fatal, "structure", "resourceType is missing or not a string", null, line, column, "resource-type"));
            return new FhirParseResult(null, issues);
        }

        var type = tree.Text(row)!;
        if (options.ExpectedType is { } expected && !string.Equals(expected, type, StringComparison.Ordinal))
        {
            issues.Add(new FhirIssue(IssueSeverity.Error, "invalid", $"A resource of type {expected} is expected, found {type}", Key: "resource-type"));
        }
        else if (Definitions.Root(type) is not { } root)
        {
            var (line, column) = tree.Locate(tree.Rows[row].Start);
            issues.Add(new FhirIssue(IssueSeverity.Error, "structure", $"'{type}' is not a resource type of FHIR R4", null, line, column, "resource-type"));
        }
        else
        {
            var resource = new FhirResource(tree, type);
            if (TypeBinder.Bind(tree, root, options, issues))
            {
                return new FhirParseResult(resource, issues);
            }

            // One answer names everything that is to be mended; rules and profiles would speak of values that nobody has chosen yet.
            issues.AddRange(FhirValidator.Validate(resource, s_structure with { MaxIssues = options.MaxIssues }));
        }

        return new FhirParseResult(null, issues);
    }

    /// <summary>Reads bytes that should be a resource.</summary>
    /// <exception cref="FhirException">They are not; carries the issues.</exception>
    public static FhirResource Parse(ReadOnlyMemory<byte> utf8)
    {
        var result = TryParse(utf8);
        return result.Resource ?? throw new FhirException(result.Issues);
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    public static FhirResource Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    public static FhirResource From(JsonObject json) => Parse(JsonSerializer.SerializeToUtf8Bytes(json, Relaxed));

    /// <summary>An editable copy. Numbers keep their digits.</summary>
    public JsonObject ToJsonObject() => JsonNode.Parse(Json.Span, documentOptions: Deep)!.AsObject();

    /// <summary>A copy with an edit: everything untouched keeps its exact text and order.</summary>
    /// <exception cref="FhirException">The edit made something that is not a resource.</exception>
    public FhirResource With(Action<JsonObject> edit)
    {
        var copy = ToJsonObject();
        edit(copy);
        return From(copy);
    }

    /// <summary>
    /// A copy in which every link is what <paramref name="map"/> makes of it: Reference.reference, values of type uri, url, oid and uuid, and href and src
    /// in narrative (FHIR R4 http.html#trules). Null leaves a link as it is; the rest keeps its exact text.
    /// </summary>
    public FhirResource RewriteReferences(Func<string, string?> map) => ReferenceRewriter.Rewrite(this, map);

    /// <summary><c>Type/id</c>, for people.</summary>
    public override string ToString() => ResourceType + "/" + (Id ?? "?");
}
