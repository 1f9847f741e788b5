using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>One try of a transaction (FHIR R4 http.html#trules).</summary>
internal sealed class TransactionRun(StoreTransaction transaction, FhirCall call, IReadOnlyList<BundleEntry> entries)
{
    private readonly BundleLinks _links = new();
    private readonly Written?[] _written = new Written?[entries.Count];
    private readonly EntryReply?[] _reads = new EntryReply?[entries.Count];
    private readonly string?[] _newIds = new string?[entries.Count];
    private readonly int?[] _sameAs = new int?[entries.Count];
    private readonly Dictionary<string, string> _resolved = new(StringComparer.Ordinal);

    /// <summary>400 when two entries write the same resource.</summary>
    public static Refusal? RefuseDuplicates(IReadOnlyList<BundleEntry> entries)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry is { Rank: < 3, Id: not null } && !seen.Add(entry.Type + "/" + entry.Id))
            {
                return Duplicate(entry, entry.Type + "/" + entry.Id);
            }
        }

        return null;
    }

    public async Task<Outcome<bool>> RunAsync()
    {
        foreach (var entry in entries.Where(e => e.Rank == 0))
        {
            if (await WriteAsync(entry) is { } refusal)
            {
                return refusal;
            }
        }

        if (await PlanAsync() is { } unplanned)
        {
            return unplanned;
        }

        // Resources with conditional references go last, so that these may match what the transaction itself makes.
        var writes = entries.Where(e => e.Rank is 1 or 2).OrderBy(e => e.Rank).ToList();
        foreach (var entry in writes.Where(e => !HasConditionalReference(e)).Concat(writes.Where(HasConditionalReference)))
        {
            if (_written[entry.Index] is null && _sameAs[entry.Index] is null && await WriteAsync(entry) is { } refusal)
            {
                return refusal;
            }
        }

        foreach (var entry in entries.Where(e => _sameAs[e.Index] is not null))
        {
            _written[entry.Index] = new Written(_written[_sameAs[entry.Index]!.Value]!.Stored, 200, IsUnchanged: true);
        }

        foreach (var entry in entries.Where(e => e.Rank == 3))
        {
            var outcome = entry.Route is null ? await EntryReads.RunAsync(transaction, call, entry) : await EntryCalls.RunAsync(transaction, call, entry);
            if (!outcome.TryGet(out var reply, out var refusal))
            {
                return BundleEntry.Place(refusal, entry.Index);
            }

            _reads[entry.Index] = reply;
        }

        return true;
    }

    /// <summary>After the commit: the answers, in the order of the request.</summary>
    public IReadOnlyList<EntryReply> Answers() =>
        [.. entries.Select(e => _reads[e.Index] ?? EntryWrites.Answer(call, e, Writing.Latest(transaction, _written[e.Index]!)))];

    /// <summary>Decides what each fullUrl stands for before anything that may refer to it is stored.</summary>
    private async Task<Refusal?> PlanAsync()
    {
        var written = new HashSet<string>(entries.Where(e => e is { Rank: < 3, Id: not null }).Select(e => e.Type + "/" + e.Id), StringComparer.Ordinal);
        var created = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(e => e.Rank is 1 or 2))
        {
            // Two entries that create the same thing if there is none make one thing.
            if (entry is { Method: "POST", Criteria: not null } && !created.TryAdd(entry.Type + "?" + entry.Conditions.IfNoneExist, entry.Index))
            {
                _sameAs[entry.Index] = created[entry.Type + "?" + entry.Conditions.IfNoneExist];
                continue;
            }

            StoredResource? match = null;
            if (entry.Criteria is not null && !(await Conditional.FindAsync(transaction, call.Tenant, entry.Criteria)).TryGet(out match, out var refusal))
            {
                return BundleEntry.Place(refusal!, entry.Index);
            }

            if (entry.Rank == 2 && match is not null && !written.Add(match.Reference))
            {
                return Duplicate(entry, match.Reference);
            }

            if (entry.Method == "POST" && match is not null)
            {
                _written[entry.Index] = new Written(match, 200, IsUnchanged: true);
            }

            var id = match?.Id ?? entry.Id ?? (entry.Method == "PUT" ? entry.Resource!.Id : null) ?? (_newIds[entry.Index] = Guid.CreateVersion7(transaction.Now).ToString());
            var version = match?.Version ?? (entry.Id is null ? null : await transaction.Resources.FindAsync(call.Tenant, entry.Type!, entry.Id))?.Version ?? 0;
            if (!_links.TryAdd(entry.FullUrl, entry.Type + "/" + id, _written[entry.Index] is null ? version + 1 : version))
            {
                return BundleEntry.Place(Refusal.Of(RefusalKind.Invalid, "duplicate", $"Two entries have the fullUrl {Types.Clip(entry.FullUrl!)}", "duplicate-full-url"), entry.Index);
            }
        }

        foreach (var entry in entries.Where(e => _sameAs[e.Index] is not null))
        {
            var first = entries[_sameAs[entry.Index]!.Value];
            var id = _written[first.Index]?.Stored?.Id ?? _newIds[first.Index];
            _links.TryAdd(entry.FullUrl, entry.Type + "/" + id, _written[first.Index]?.Stored?.Version ?? 1);
        }

        return null;
    }

    private async Task<Refusal?> WriteAsync(BundleEntry entry)
    {
        var linked = entry;
        if (entry.Resource is { } resource)
        {
            if (!(await LinkAsync(resource)).TryGet(out var rewritten, out var unresolved))
            {
                return BundleEntry.Place(unresolved, entry.Index);
            }

            linked = entry with { Resource = rewritten };
        }

        var outcome = linked is { Method: "PUT", Criteria: not null, Resource.Id: null } && _newIds[entry.Index] is { } id
            ? await Create.RunAsync(transaction, call.Access, linked.Resource, null, id)
            : await EntryWrites.RunAsync(transaction, call, linked with { Criteria = entry.Method == "POST" ? null : entry.Criteria }, _newIds[entry.Index]);
        if (!outcome.TryGet(out var written, out var refusal))
        {
            return BundleEntry.Place(refusal, entry.Index);
        }

        _written[entry.Index] = written;
        return null;
    }

    /// <summary>The resource with the Bundle's own links and its conditional references resolved.</summary>
    private async Task<Outcome<FhirResource>> LinkAsync(FhirResource resource)
    {
        foreach (var (reference, path) in ConditionalReferences(resource))
        {
            if (!_resolved.ContainsKey(reference))
            {
                if (!(await ResolveAsync(reference, path)).TryGet(out var target, out var refusal))
                {
                    return refusal;
                }

                _resolved[reference] = target;
            }
        }

        return _links.IsEmpty && _resolved.Count == 0 ? resource : resource.RewriteReferences(link => _links.Map(link) ?? _resolved.GetValueOrDefault(link));
    }

    /// <summary><c>Type?query</c> stands for the one resource that matches; none or several fail the transaction.</summary>
    private async Task<Outcome<string>> ResolveAsync(string reference, string path)
    {
        var question = reference.IndexOf('?', StringComparison.Ordinal);
        var type = reference[..question];
        if (call.Access.Require(type, Permissions.Search) is { } forbidden)
        {
            return forbidden;
        }

        if (!Conditional.Parse(type, reference[(question + 1)..]).TryGet(out var criteria, out var refusal)
            || !(await Conditional.FindAsync(transaction, call.Tenant, criteria)).TryGet(out var match, out refusal))
        {
            return refusal! with { Issues = [.. refusal!.Issues.Select(i => i with { Expression = path })] };
        }

        return match?.Reference ?? new Outcome<string>(Refusal.Of(RefusalKind.PreconditionFailed, "not-found", $"Nothing matches the conditional reference {Types.Clip(reference)}", "conditional-reference", path));
    }

    private static bool HasConditionalReference(BundleEntry entry) => entry.Resource is not null && ConditionalReferences(entry.Resource).Any();

    private static IEnumerable<(string Reference, string Path)> ConditionalReferences(FhirResource resource)
    {
        if (resource.Json.Span.IndexOf((byte)'?') < 0)
        {
            yield break;
        }

        foreach (var node in resource.Root.Descendants())
        {
            if (node is { Name: "reference", Definition.Path: "Reference.reference", Value: { } value }
                && value.IndexOf('?', StringComparison.Ordinal) is var question and > 0
                && Types.IsSupported(value[..question]))
            {
                yield return (value, node.Path);
            }
        }
    }

    private static Refusal Duplicate(BundleEntry entry, string reference) =>
        BundleEntry.Place(Refusal.Of(RefusalKind.Invalid, "duplicate", $"Two entries write {reference}", "duplicate-identity"), entry.Index);
}
