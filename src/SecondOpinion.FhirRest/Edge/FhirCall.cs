using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecondOpinion.Fhir;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>One request, its headers read.</summary>
internal sealed class FhirCall
{
    private Conditions? _conditions;
    private Preferences? _preferences;

    /// <param name="notes">Where accesses are noted, when the call is part of another.</param>
    public FhirCall(HttpContext http, FhirServer server, FhirRoute route, List<AuditNote>? notes = null)
    {
        Notes = notes ?? [];
        Http = http;
        Server = server;
        Route = route;
        BaseUrl = server.Options.PublicBaseUrl ?? string.Concat(http.Request.Scheme, "://", http.Request.Host.Value, http.Request.PathBase.Value, FhirRoutes.Prefix);
        RequestId = Edge.RequestId.Of(http);
    }

    public HttpContext Http { get; }

    public FhirServer Server { get; }

    public FhirRoute Route { get; }

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl { get; }

    public string RequestId { get; }

    public WireFormat Format { get; set; }

    public Shape Shape { get; set; } = Shape.Whole;

    /// <summary>Set before any interaction but the public ones runs.</summary>
    public Access Access { get; set; } = null!;

    public string Tenant => Access.Tenant;

    /// <summary>The transaction in whose entry this call stands; null when it stands alone or in a batch.</summary>
    public StoreReader? Within { get; init; }

    /// <summary>The terminology server; in a transaction nobody is asked, since the database waits.</summary>
    public RemoteTerminology Remote => Within is null ? Server.Remote : RemoteTerminology.None;

    /// <summary>Bytes of what the entries of a Bundle have answered so far.</summary>
    public long Answered { get; set; }

    /// <summary>How long its entries' operations have run.</summary>
    public TimeSpan Operated { get; set; }

    /// <summary>Reads in the transaction that the call stands in, else by itself.</summary>
    public Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work) => Within is { } reader ? work(reader) : Server.Store.ReadAsync(work, Cancellation);

    public CancellationToken Cancellation => Http.RequestAborted;

    public Preferences Preferences => _preferences ??= Preferences.Parse(Http.Request.Headers["Prefer"]);

    public Conditions Conditions => _conditions ??= ReadConditions();

    /// <summary>The accesses to be kept in the audit trail.</summary>
    public List<AuditNote> Notes { get; }

    public string Type => (string)Http.GetRouteValue("type")!;

    public string Id => (string)Http.GetRouteValue("id")!;

    public string? Parameter(string name) => Http.GetRouteValue(name) as string;

    public string Location(StoredResource stored) => string.Create(CultureInfo.InvariantCulture, $"{BaseUrl}/{stored.Type}/{stored.Id}/_history/{stored.Version}");

    /// <summary>What was touched, for the audit trail; who the resource is about is found when the event is written.</summary>
    public void Note(StoredResource stored) => Notes.Add(new AuditNote(Route.Interaction, [stored], null));

    private Conditions ReadConditions()
    {
        var headers = Http.Request.Headers;
        DateTimeOffset? since = headers.IfModifiedSince.Count > 0 && DateTimeOffset.TryParse(headers.IfModifiedSince.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
        return new Conditions(Conditions.Header(headers.IfMatch), Conditions.Header(headers.IfNoneMatch), since, Conditions.Header(headers["If-None-Exist"]));
    }
}

/// <summary>One access of a request: a batch has one per entry.</summary>
/// <param name="Interaction">Code of http://hl7.org/fhir/restful-interaction.</param>
/// <param name="Query">The raw query, for searches.</param>
internal sealed record AuditNote(string Interaction, IReadOnlyList<StoredResource> Touched, string? Query, bool Succeeded = true);

internal static class RequestId
{
    private const string Header = "X-Request-Id";

    private static readonly SearchValues<char> Harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");

    /// <summary>The client's id when it is harmless, else a new one (FHIR R4 http.html#custom).</summary>
    public static string Of(HttpContext http)
    {
        var given = http.Request.Headers[Header].ToString();
        if (given.Length is 0 or > 64 || given.AsSpan().ContainsAnyExcept(Harmless))
        {
            given = Guid.NewGuid().ToString("N");
        }

        http.Response.Headers[Header] = given;
        return given;
    }
}
