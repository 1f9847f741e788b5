using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#batch: entries that know nothing of each other, each with a status of its own.</summary>
internal static class Batch
{
    public static async Task<Reply> RunAsync(FhirCall call, IReadOnlyList<FhirNode> nodes)
    {
        var replies = new EntryReply[nodes.Count];
        var order = new List<BundleEntry>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (BundleEntry.Read(nodes[i], i, call.Server, call.Access).TryGet(out var entry, out var refusal))
            {
                order.Add(entry);
            }
            else
            {
                replies[i] = EntryReply.Refused(refusal);
            }
        }

        // FHIR R4 http.html#trules: the order of processing holds for batches as well.
        foreach (var entry in order.OrderBy(e => e.Rank))
        {
            try
            {
                replies[entry.Index] = await EntryAsync(call, entry);
            }
            catch (FhirException e)
            {
                // As at the edge: the entry's content is too much for the work on it.
                replies[entry.Index] = EntryReply.Refused(BundleEntry.Place(new Refusal(RefusalKind.Unprocessable, e.Issues), entry.Index));
            }
        }

        return Transaction.Answer(call, "batch-response", replies);
    }

    private static async Task<EntryReply> EntryAsync(FhirCall call, BundleEntry entry)
    {
        Outcome<EntryReply> outcome;
        if (entry.Route is not null)
        {
            outcome = await EntryCalls.RunAsync(null, call, entry);
        }
        else if (entry.Rank == 3)
        {
            outcome = await call.Server.Store.ReadAsync(reader => EntryReads.RunAsync(reader, call, entry), call.Cancellation);
        }
        else
        {
            StoreTransaction? last = null;
            await Patch.PrefetchAsync(call, entry);
            var written = await call.Server.Store.WriteAsync(
                call.Access.Actor,
                transaction =>
                {
                    last = transaction;
                    return EntryWrites.RunAsync(transaction, call, entry);
                },
                call.Cancellation);
            outcome = written.Map(w => EntryWrites.Answer(call, entry, Writing.Latest(last!, w)));
        }

        return outcome.TryGet(out var reply, out var refusal) ? reply : EntryReply.Refused(BundleEntry.Place(refusal, entry.Index));
    }
}
