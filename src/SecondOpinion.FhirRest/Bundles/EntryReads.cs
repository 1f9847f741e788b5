using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>Runs an entry that reads or searches.</summary>
internal static class EntryReads
{
    public static async Task<Outcome<EntryReply>> RunAsync(StoreReader reader, FhirCall call, BundleEntry entry)
    {
        return entry.Id is not null && entry.Member is null ? await ReadAsync(reader, call, entry) : await SearchAsync(reader, call, entry);
    }

    private static async Task<Outcome<EntryReply>> ReadAsync(StoreReader reader, FhirCall call, BundleEntry entry)
    {
        var outcome = entry.Version is { } version
            ? await VersionRead.RunAsync(reader, call.Access, entry.Type!, entry.Id!, version)
            : await Read.RunAsync(reader, call.Access, entry.Type!, entry.Id!);
        if (!outcome.TryGet(out var found, out var refusal))
        {
            return refusal;
        }

        call.Notes.Add(new AuditNote(entry.Interaction, [found], null));
        return entry.Conditions.IsNotModified(found)
            ? new EntryReply(304, found)
            : new EntryReply(200, found, entry.Method == "HEAD" ? default : call.Shape.Apply(found.Json));
    }

    private static async Task<Outcome<EntryReply>> SearchAsync(StoreReader reader, FhirCall call, BundleEntry entry)
    {
        var target = new SearchTarget(entry.Type, entry.Id, entry.Member);
        IReadOnlyList<KeyValuePair<string, string>> parameters = [.. entry.Parameters()];
        var terminology = await TenantTerminology.LoadAsync(reader, call.Access, parameters, call.Cancellation);
        if (!Search.Prepare(target, parameters, call.Access, call.Preferences.IsStrict, call.Server.SearchOptions(call.BaseUrl, terminology)).TryGet(out var request, out var refusal)
            || !(await Search.RunAsync(reader, call.Access, target, request)).TryGet(out var page, out refusal))
        {
            return refusal;
        }

        call.Notes.Add(new AuditNote(entry.Interaction, [.. page.Matches, .. page.Includes], target.Path + "?" + request.ToQuery(request.Page)));
        var found = Search.Write(call.Server, call.BaseUrl, target, request, page, null);
        return EntryCalls.Charge(call, found.Length) is { } tooMuch ? tooMuch : new EntryReply(200, Resource: found);
    }
}
