using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>Writes a Bundle around stored bytes; the resources themselves are copied, never re-written.</summary>
internal sealed class BundleWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _writer;
    private readonly string _baseUrl;
    private bool _hasEntries;

    public BundleWriter(string type, string baseUrl, DateTimeOffset now)
    {
        _baseUrl = baseUrl;
        _writer = new Utf8JsonWriter(_buffer, Options);
        _writer.WriteStartObject();
        _writer.WriteString("resourceType"u8, "Bundle"u8);
        _writer.WriteString("id"u8, Guid.NewGuid().ToString());
        _writer.WriteStartObject("meta"u8);
        _writer.WriteString("lastUpdated"u8, Instant(now));
        _writer.WriteEndObject();
        _writer.WriteString("type"u8, type);
    }

    public void Total(long total) => _writer.WriteNumber("total"u8, total);

    public void Links(params ReadOnlySpan<(string Relation, string Url)> links)
    {
        _writer.WriteStartArray("link"u8);
        foreach (var (relation, url) in links)
        {
            _writer.WriteStartObject();
            _writer.WriteString("relation"u8, relation);
            _writer.WriteString("url"u8, url);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    /// <summary>A result of a search; mode is match or include (FHIR R4 search.html#mode).</summary>
    public void SearchEntry(StoredResource stored, string mode, Shape shape)
    {
        StartEntry(_baseUrl + "/" + stored.Type + "/" + stored.Id);
        Resource(shape.Apply(stored.Json));
        Search(mode);
        _writer.WriteEndObject();
    }

    /// <summary>What is worth saying about a search.</summary>
    public void OutcomeEntry(IReadOnlyList<FhirIssue> issues)
    {
        StartEntry(null);
        _writer.WritePropertyName("resource"u8);
        OperationOutcome.Write(_writer, issues);
        Search("outcome");
        _writer.WriteEndObject();
    }

    /// <summary>A version (FHIR R4 http.html#history): what made it, and what came of it.</summary>
    public void HistoryEntry(StoredResource stored, Shape shape)
    {
        StartEntry(_baseUrl + "/" + stored.Type + "/" + stored.Id);
        if (!stored.IsDeleted)
        {
            Resource(shape.Apply(stored.Json));
        }

        _writer.WriteStartObject("request"u8);
        _writer.WriteString("method"u8, stored.Method);
        _writer.WriteString("url"u8, stored.Method == "POST" ? stored.Type : stored.Reference);
        _writer.WriteEndObject();
        var status = stored.IsDeleted ? 204 : stored.Version == 1 ? 201 : 200;
        Response(status, null, stored, null);
        _writer.WriteEndObject();
    }

    /// <summary>An entry of a batch-response or transaction-response.</summary>
    public void ResponseEntry(EntryReply reply)
    {
        StartEntry(reply.Stored is { IsDeleted: false } stored ? _baseUrl + "/" + stored.Type + "/" + stored.Id : null);
        if (!reply.Resource.IsEmpty)
        {
            Resource(reply.Resource);
        }

        var location = reply.HasLocation && reply.Stored is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"{version.Type}/{version.Id}/_history/{version.Version}")
            : null;
        Response(reply.Status, location, reply.Stored, reply.Refusal?.Issues);
        _writer.WriteEndObject();
    }

    public ReadOnlyMemory<byte> Finish()
    {
        if (_hasEntries)
        {
            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    public static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fffK", CultureInfo.InvariantCulture);

    private void StartEntry(string? fullUrl)
    {
        if (!_hasEntries)
        {
            _writer.WriteStartArray("entry"u8);
            _hasEntries = true;
        }

        _writer.WriteStartObject();
        if (fullUrl is not null)
        {
            _writer.WriteString("fullUrl"u8, fullUrl);
        }
    }

    private void Resource(ReadOnlyMemory<byte> json)
    {
        _writer.WritePropertyName("resource"u8);
        _writer.WriteRawValue(json.Span, skipInputValidation: true);
    }

    private void Search(string mode)
    {
        _writer.WriteStartObject("search"u8);
        _writer.WriteString("mode"u8, mode);
        _writer.WriteEndObject();
    }

    private void Response(int status, string? location, StoredResource? version, IReadOnlyList<FhirIssue>? issues)
    {
        _writer.WriteStartObject("response"u8);
        _writer.WriteString("status"u8, StatusLine(status));
        if (location is not null)
        {
            _writer.WriteString("location"u8, location);
        }

        if (version is not null)
        {
            _writer.WriteString("etag"u8, Conditions.ETag(version.Version));
            _writer.WriteString("lastModified"u8, Instant(version.LastUpdated));
        }

        if (issues is not null)
        {
            _writer.WritePropertyName("outcome"u8);
            OperationOutcome.Write(_writer, issues);
        }

        _writer.WriteEndObject();
    }

    private static string StatusLine(int status)
    {
        var reason = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
        return reason.Length == 0 ? status.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{status} {reason}");
    }
}

/// <summary>The answer to one entry of a batch or transaction.</summary>
/// <param name="Stored">The version the response speaks of.</param>
/// <param name="Resource">What goes into entry.resource; empty for nothing.</param>
internal sealed record EntryReply(int Status, StoredResource? Stored = null, ReadOnlyMemory<byte> Resource = default, Refusal? Refusal = null, bool HasLocation = false)
{
    public static EntryReply Refused(Refusal refusal) => new((int)refusal.Kind, Refusal: refusal);
}
