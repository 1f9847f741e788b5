using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>Runs an entry that writes: the same steps as the interaction sent alone.</summary>
internal static class EntryWrites
{
    public static Task<Outcome<Written>> RunAsync(StoreTransaction transaction, FhirCall call, BundleEntry entry, string? newId = null) => entry.Method switch
    {
        "DELETE" when entry.Criteria is not null => Delete.RunConditionalAsync(transaction, call.Access, entry.Criteria, entry.Conditions),
        "DELETE" => Delete.RunAsync(transaction, call.Access, entry.Type!, entry.Id!, entry.Conditions),
        "POST" => Create.RunAsync(transaction, call.Access, entry.Resource!, entry.Criteria, newId),
        "PUT" when entry.Criteria is not null => Update.RunConditionalAsync(transaction, call.Access, entry.Criteria, entry.Resource!, entry.Conditions),
        "PUT" => Update.RunAsync(transaction, call.Access, entry.Id!, entry.Resource!, entry.Conditions),
        _ => Patch.RunAsync(transaction, call.Server, call.Access, entry.Type!, entry.Id, entry.Criteria, entry.Patch!, entry.Conditions),
    };

    /// <summary>The entry of the answer; the resource itself only when the client prefers it.</summary>
    public static EntryReply Answer(FhirCall call, BundleEntry entry, Written written)
    {
        if (written.Stored is { } stored)
        {
            call.Notes.Add(new AuditNote(entry.Interaction, [stored], null));
        }

        var wantsResource = call.Preferences.Return == ReturnPreference.Representation && written.Stored is { IsDeleted: false }
            && (!written.IsUnchanged || call.Access.Require(written.Stored.Type, Security.Permissions.Read) is null);
        return new EntryReply(
            written.Status,
            written.Stored,
            wantsResource ? call.Shape.Apply(written.Stored!.Json) : default,
            HasLocation: written.Status != 204);
    }
}
