using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>The terminology on board with what the caller's organization has stored and the request asks for. What is on board cannot be replaced.</summary>
internal sealed class TenantTerminology(StoreReader reader, Access access, CancellationToken cancellation)
{
    private const int MaxResources = 100;
    private const int MaxAsked = 500;
    private const int MaxMaps = 20;
    private const int MaxUrl = 500;

    private readonly Queue<(string Type, string Url)> _wanted = [];
    private readonly HashSet<(string, string)> _asked = [];
    private readonly List<FhirResource> _found = [];

    /// <summary>What an operation works with; the resources of the request itself may name more.</summary>
    public static Task<Terminology> LoadAsync(FhirCall call, IEnumerable<(string Type, string Url)> wanted, params FhirResource?[] given) =>
        call.ReadAsync(reader => new TenantTerminology(reader, call.Access, call.Cancellation).LoadAsync(wanted, given));

    /// <summary>What the modifiers of a search go by: the value sets and code systems that its values name.</summary>
    public static Task<Terminology> LoadAsync(StoreReader reader, Access access, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        List<(string, string)> wanted = [.. parameters.SelectMany(p => Wanted(p.Key, p.Value))];
        return wanted.Count == 0 ? Task.FromResult(Terminology.Default) : new TenantTerminology(reader, access, cancellation).LoadAsync(wanted, []);
    }

    private static IEnumerable<(string Type, string Url)> Wanted(string name, string value) => name[(name.LastIndexOf(':') + 1)..] switch
    {
        "in" or "not-in" => value.Split(',').Select(v => ("ValueSet", v)),
        "above" or "below" => value.Split(',').Where(v => v.Contains('|', StringComparison.Ordinal)).Select(v => ("CodeSystem", v.Split('|')[0])),
        _ => [],
    };

    /// <summary>All concept maps of the caller's organization that start from one of these code systems.</summary>
    public static Task<Terminology> LoadMapsFromAsync(FhirCall call, IEnumerable<string> systems) => call.ReadAsync(async reader =>
    {
        var loading = new TenantTerminology(reader, call.Access, call.Cancellation);
        foreach (var system in systems.Where(s => s.Length <= MaxUrl).Distinct(StringComparer.Ordinal).TakeWhile(_ => loading._found.Count < MaxResources))
        {
            await loading.FindAsync("ConceptMap", "source-system=" + Escaped(system), MaxMaps);
        }

        return loading.Loaded;
    });

    private Terminology Loaded => _found.Count == 0 ? Terminology.Default : Terminology.Default.With(_found);

    private async Task<Terminology> LoadAsync(IEnumerable<(string Type, string Url)> wanted, FhirResource?[] given)
    {
        foreach (var (type, url) in wanted)
        {
            Want(type, url);
        }

        foreach (var resource in given.OfType<FhirResource>())
        {
            WantParts(resource);
        }

        while (_found.Count < MaxResources && _wanted.TryDequeue(out var next))
        {
            // The newest of several answers, unless the URL names a version.
            var bar = next.Url.IndexOf('|', StringComparison.Ordinal);
            await FindAsync(next.Type, "url=" + Escaped(bar < 0 ? next.Url : next.Url[..bar]) + (bar < 0 ? "" : "&version=" + Escaped(next.Url[(bar + 1)..])), most: 1);
        }

        return Loaded;
    }

    private void Want(string type, string? url)
    {
        if (url is null || url.Length > MaxUrl || _asked.Count >= MaxAsked || !_asked.Add((type, url)))
        {
            return;
        }

        var isOnBoard = type switch
        {
            "ValueSet" => Terminology.Default.Find(url) is not null,
            "CodeSystem" => Terminology.Default.IsWhole(url),
            _ => false,
        };
        if (!isOnBoard)
        {
            _wanted.Enqueue((type, url));
        }
    }

    private void WantParts(FhirResource resource)
    {
        foreach (var name in new[] { "include", "exclude" })
        {
            foreach (var part in resource.Root["compose"].All(name))
            {
                Want("CodeSystem", part.Text("system"));
                foreach (var set in part.All("valueSet"))
                {
                    Want("ValueSet", set.Value);
                }
            }
        }
    }

    private async Task FindAsync(string type, string query, int most)
    {
        if (access.Filters(type, Permissions.Read) is null)
        {
            return;
        }

        if (!SearchRequest.ParseQuery(type, FormattableString.Invariant($"{query}&_sort=-_lastUpdated&_count={most}")).TryGet(out var request, out _)
            || !(await reader.Search.PageAsync(access.Tenant, request, t => access.Filters(t, Permissions.Read), cancellation)).TryGet(out var page, out _))
        {
            return;
        }

        foreach (var stored in page.Matches)
        {
            var resource = stored.Parse();
            _found.Add(resource);
            WantParts(resource);
        }
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal));
}
