using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#transaction: all entries succeed as one, or none does and one OperationOutcome says why.</summary>
internal static class Transaction
{
    private const int MaxOperations = 20;

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        if (!(await RequestBody.ResourceAsync(call, "Bundle")).TryGet(out var bundle, out var refusal))
        {
            return refusal;
        }

        var nodes = new List<FhirNode>();
        foreach (var entry in bundle.Root.All("entry"))
        {
            nodes.Add(entry);
        }

        var limit = call.Server.Options.MaxBundleEntries;
        if (nodes.Count > limit)
        {
            return Refusal.Of(RefusalKind.TooLarge, "too-costly", $"The Bundle has {nodes.Count} entries; the limit MaxBundleEntries is {limit}", "max-bundle-entries", "Bundle.entry");
        }

        await Writing.PrefetchAsync(call, nodes.Select(n => n["resource"]).Where(r => r.ResourceType is not null and not ("Binary" or "Parameters")).Select(r => r.ToResource()));
        return bundle.Root.Text("type") switch
        {
            "batch" => await Batch.RunAsync(call, nodes),
            "transaction" => await RunAsync(call, nodes),
            var other => Refusal.Of(RefusalKind.Invalid, "value", $"Bundle.type is '{Types.Clip(other ?? "")}'; the base takes batch and transaction", "bundle-type", "Bundle.type"),
        };
    }

    private static async Task<Reply> RunAsync(FhirCall call, List<FhirNode> nodes)
    {
        if (!ReadEntries(call, nodes).TryGet(out var entries, out var refusal))
        {
            return refusal;
        }

        if (TransactionRun.RefuseDuplicates(entries) is { } duplicate)
        {
            return duplicate;
        }

        // They run while the database is written to, and other writes wait.
        if (entries.Count(e => e.Route?.Interaction[0] == '$') is var operations && operations > MaxOperations)
        {
            return Refusal.Of(RefusalKind.TooLarge, "too-costly", $"The transaction has {operations} operations; at most {MaxOperations} are taken, a batch takes more", "max-transaction-operations", "Bundle.entry");
        }

        foreach (var entry in entries)
        {
            await Patch.PrefetchAsync(call, entry);
        }

        TransactionRun? run = null;
        var outcome = await call.Server.Store.WriteAsync(
            call.Access.Actor,
            transaction =>
            {
                // The work may be run again: it starts from the entries each time.
                call.Notes.Clear();
                (call.Answered, call.Operated) = (0, TimeSpan.Zero);
                run = new TransactionRun(transaction, call, entries);
                return run.RunAsync();
            },
            call.Cancellation);
        return outcome.TryGet(out _, out refusal) ? Answer(call, "transaction-response", run!.Answers()) : refusal;
    }

    /// <summary>Reads all entries; what is wrong with any of them is said at once.</summary>
    private static Outcome<IReadOnlyList<BundleEntry>> ReadEntries(FhirCall call, List<FhirNode> nodes)
    {
        var entries = new List<BundleEntry>(nodes.Count);
        var issues = new List<FhirIssue>();
        var kind = RefusalKind.Invalid;
        for (var i = 0; i < nodes.Count; i++)
        {
            if (BundleEntry.Read(nodes[i], i, call.Server, call.Access).TryGet(out var entry, out var refusal))
            {
                entries.Add(entry);
                continue;
            }

            // The first refusal decides the status.
            kind = issues.Count == 0 ? refusal.Kind : kind;
            issues.AddRange(refusal.Issues);
        }

        return issues.Count == 0 ? entries : new Refusal(kind, issues);
    }

    /// <summary>The response Bundle, entries in the order of the request.</summary>
    public static Reply Answer(FhirCall call, string type, IReadOnlyList<EntryReply> replies)
    {
        using var bundle = new BundleWriter(type, call.BaseUrl, call.Server.Time.GetUtcNow());
        foreach (var reply in replies)
        {
            bundle.ResponseEntry(reply);
        }

        return Reply.Body(bundle.Finish());
    }
}
