using System.Globalization;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Resources;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#history: of a resource, of a type, of everything the tenant sees.</summary>
internal static class History
{
    private const string Cursor = "_page";

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var (type, id) = (call.Parameter("type"), call.Parameter("id"));

        // SMART: r covers the history of an instance, s that of a type or the system.
        var needed = id is null ? Permissions.Search : Permissions.Read;
        if (type is not null && call.Access.Require(type, needed) is { } refusal)
        {
            return refusal;
        }

        if (!HistoryQuery.Parse(call).TryGet(out var query, out refusal))
        {
            return refusal;
        }

        var (page, visible) = await call.ReadAsync(
            async reader =>
            {
                if (id is not null && Artefacts.Stored(call.Tenant, type!, id) is { } own)
                {
                    // A definition of the program has the one version that this release brings.
                    IReadOnlyList<StoredResource> one = (query.Since ?? own.LastUpdated) <= own.LastUpdated && own.LastUpdated <= (query.At ?? own.LastUpdated) ? [own] : [];
                    return (new HistoryPage(query.Count == 0 ? [] : one, one.Count, null), query.Count == 0 ? [] : one);
                }

                var found = id is null || Types.IsId(id)
                    ? await reader.Resources.HistoryAsync(call.Tenant, type, id, query.Since, query.At, query.Count, query.After, call.Cancellation)
                    : new HistoryPage([], 0, null);
                return (found, await VisibleAsync(reader, call, found.Versions, needed));
            });

        // A resource that never was has no history; one whose versions a filter hides is not known either.
        if (id is not null && query.After is null && (page.Versions.Count == 0 ? query is { Since: null, At: null, Count: > 0 } : visible.Count == 0))
        {
            return Read.NotFound(type!, id);
        }

        call.Notes.Add(new AuditNote(call.Route.Interaction, visible, null));
        return Answer(call, query, page, visible);
    }

    private static Reply Answer(FhirCall call, HistoryQuery query, HistoryPage page, IReadOnlyList<StoredResource> visible)
    {
        using var bundle = new BundleWriter("history", call.BaseUrl, call.Server.Time.GetUtcNow());

        // A total over what filters hide would tell how much there is of it.
        if (visible.Count == page.Versions.Count)
        {
            bundle.Total(page.Total);
        }

        var address = call.BaseUrl + call.Http.Request.Path.Value![FhirRoutes.Prefix.Length..];
        if (page.Next is null)
        {
            bundle.Links(("self", address + query.ToQuery(query.After)));
        }
        else
        {
            bundle.Links(("self", address + query.ToQuery(query.After)), ("next", address + query.ToQuery(page.Next)));
        }

        if (!call.Shape.IsCountOnly)
        {
            foreach (var version in visible)
            {
                bundle.HistoryEntry(version, call.Shape);
            }
        }

        return Reply.Body(bundle.Finish());
    }

    private static async Task<IReadOnlyList<StoredResource>> VisibleAsync(StoreReader reader, FhirCall call, IReadOnlyList<StoredResource> versions, Permissions needed)
    {
        var visible = new List<StoredResource>(versions.Count);
        var known = new Dictionary<long, bool>();
        foreach (var version in versions)
        {
            if (!known.TryGetValue(version.Key, out var permitted))
            {
                // Filters hold for the resource as it is now; a deleted one matches none.
                permitted = await call.Access.PermitsAsync(reader, version, needed, call.Cancellation);
                known[version.Key] = permitted;
            }

            if (permitted)
            {
                visible.Add(version);
            }
        }

        return visible;
    }

    private sealed record HistoryQuery(DateTimeOffset? Since, DateTimeOffset? At, int Count, string? After, string? SinceText, string? AtText)
    {
        public static Outcome<HistoryQuery> Parse(FhirCall call)
        {
            var query = call.Http.Request.Query;
            string? sinceText = query["_since"], atText = query["_at"], countText = query["_count"];
            var (since, at) = (Time(sinceText), Time(atText));
            if (!string.IsNullOrEmpty(sinceText) && since is null)
            {
                return Bad("_since", sinceText, "an instant");
            }

            if (!string.IsNullOrEmpty(atText) && at is null)
            {
                return Bad("_at", atText, "a date or an instant");
            }

            var count = call.Server.Options.DefaultPageSize;
            if (!string.IsNullOrEmpty(countText) && !int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out count))
            {
                return Bad("_count", countText, "a whole number");
            }

            foreach (var name in query.Keys)
            {
                if (call.Preferences.IsStrict && name is not ("_since" or "_at" or "_count" or Cursor or "_format" or "_pretty" or "_summary" or "_elements"))
                {
                    return Refusal.Of(RefusalKind.Invalid, "not-supported", $"'{Types.Clip(name)}' is not a parameter of history", "parameter");
                }
            }

            string? after = query[Cursor];
            return new HistoryQuery(since, at, Math.Min(count, call.Server.Options.MaxPageSize), string.IsNullOrEmpty(after) ? null : after, sinceText, atText);
        }

        public string ToQuery(string? after)
        {
            var text = "?_count=" + Count.ToString(CultureInfo.InvariantCulture);
            text += string.IsNullOrEmpty(SinceText) ? "" : "&_since=" + Uri.EscapeDataString(SinceText);
            text += string.IsNullOrEmpty(AtText) ? "" : "&_at=" + Uri.EscapeDataString(AtText);
            return text + (after is null ? "" : "&" + Cursor + "=" + Uri.EscapeDataString(after));
        }

        // A '+' of a zone offset that was not percent-encoded has become a space.
        private static DateTimeOffset? Time(string? text) =>
            DateTimeOffset.TryParseExact(
                text?.Replace(' ', '+'),
                ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd", "yyyy-MM", "yyyy"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at)
                ? at
                : null;

        private static Refusal Bad(string name, string value, string wanted) =>
            Refusal.Of(RefusalKind.Invalid, "value", $"{name} '{Types.Clip(value)}' is not {wanted}", "parameter-value");
    }
}
