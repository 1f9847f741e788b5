using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Subscriptions;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>What a write did.</summary>
/// <param name="Stored">The version there is now; null when there was nothing to delete.</param>
/// <param name="Status">201, 200 or 204.</param>
/// <param name="IsUnchanged">If-None-Exist found the resource: nothing was written.</param>
internal sealed record Written(StoredResource? Stored, int Status, bool IsUnchanged = false);

/// <summary>What create, update, patch and delete have in common.</summary>
internal static class Writing
{
    /// <summary>Runs a write and answers it.</summary>
    public static async Task<Reply> RunAsync(FhirCall call, Func<StoreTransaction, Task<Outcome<Written>>> work)
    {
        StoreTransaction? last = null;
        var outcome = await call.Server.Store.WriteAsync(
            call.Access.Actor,
            transaction =>
            {
                last = transaction;
                return work(transaction);
            },
            call.Cancellation);
        if (!outcome.TryGet(out var written, out var refusal))
        {
            return refusal;
        }

        written = Latest(last!, written);
        if (written.Stored is not null)
        {
            call.Note(written.Stored);
        }

        return Answer(call, written);
    }

    /// <summary>The case engine may have written the resource again in the same transaction: the answer speaks of what is there now.</summary>
    public static Written Latest(StoreTransaction transaction, Written written)
    {
        if (written.Stored is { } stored)
        {
            for (var i = transaction.Changes.Count - 1; i >= 0; i--)
            {
                if (transaction.Changes[i].After is { } after && after.Key == stored.Key)
                {
                    return written with { Stored = after };
                }
            }
        }

        return written;
    }

    /// <summary>
    /// Asks the terminology server what it will take to check these, before a transaction begins: nothing waits for it while the database is written to.
    /// Without <paramref name="warnings"/> only what required bindings need.
    /// </summary>
    public static Task PrefetchAsync(FhirCall call, IEnumerable<FhirResource> resources, bool warnings = false)
    {
        if (!call.Remote.IsConfigured)
        {
            return Task.CompletedTask;
        }

        var questions = new List<CodeQuestion>();
        bool? Collect(CodeQuestion question)
        {
            questions.Add(question);
            return null;
        }

        // What is refused anyway is found again where it is refused; here only the codes matter.
        var options = new ValidationOptions { Warnings = warnings, Invariants = false, Elsewhere = Collect };
        foreach (var resource in resources)
        {
            FhirValidator.Validate(resource, options);
        }

        return call.Remote.PrefetchAsync(questions, call.Cancellation);
    }

    /// <summary>As <see cref="Accept"/>, with what the terminology server knows.</summary>
    public static async Task<Outcome<FhirResource>> AcceptAsync(FhirCall call, FhirResource resource)
    {
        await PrefetchAsync(call, [resource]);
        return Accept(call.Server, call.Access, resource);
    }

    /// <summary>Checks what a client sent: 422 with all issues, or the resource as it may be stored.</summary>
    public static Outcome<FhirResource> Accept(FhirServer server, Access access, FhirResource resource) =>
        FhirValidator.Refuse(resource, server.Validation) is { } refusal
            ? refusal
            : resource.ResourceType == "Subscription" ? SubscriptionRules.Accept(resource, access, server.Options.Subscriptions, server.Time) : resource;

    // FHIR R4 http.html#return
    private static Reply Answer(FhirCall call, Written written)
    {
        if (written.Status == StatusCodes.Status204NoContent || written.Stored is not { } stored)
        {
            return Reply.Empty(written.Status, written.Stored);
        }

        // A match of If-None-Exist may be something the caller may create but not read.
        var mayRead = !written.IsUnchanged || call.Access.Require(stored.Type, Security.Permissions.Read) is null;
        var reply = call.Preferences.Return switch
        {
            ReturnPreference.Minimal => Reply.Empty(written.Status, stored),
            ReturnPreference.OperationOutcome => Reply.Body(OperationOutcome.ToJson([Told(stored, written)]), written.Status) with { Version = stored },
            _ => mayRead ? Reply.Of(stored, written.Status) : Reply.Empty(written.Status, stored),
        };
        return reply with { HasLocation = true };
    }

    private static FhirIssue Told(StoredResource stored, Written written) => new(
        IssueSeverity.Information,
        "informational",
        written.IsUnchanged ? $"{stored.Reference} exists already" : $"{stored.Reference} is stored as version {stored.Version}",
        Key: "stored");
}
