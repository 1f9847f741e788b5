using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Life;
using SecondOpinion.Cases.Review;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>Reviews: the reader's DiagnosticReport is checked, moves the Task, and when it is final becomes the signed result.</summary>
internal sealed class ReviewSteps(CaseScope scope, CaseShares shares, ResultMaker results)
{
    public async Task<Refusal?> ReportAsync(ResourceChange change)
    {
        if (change.Resource is not { } report)
        {
            return await RefuseDeleteAsync(change);
        }

        foreach (var basedOn in report.Root.All("basedOn"))
        {
            if (basedOn.LocalReference() is { } reference && reference.StartsWith("ServiceRequest/", StringComparison.Ordinal)
                && await ReportOnAsync(scope.Current(change), reference) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>A finding of a signed report changes only together with the report.</summary>
    public async Task<Refusal?> ObservationAsync(ResourceChange change)
    {
        if (change.Before is not { IsDeleted: false } before || scope.Actor.IsServer)
        {
            return null;
        }

        foreach (var basedOn in before.Parse().Root.All("basedOn"))
        {
            if (basedOn.LocalReference() is { } reference && reference.StartsWith("ServiceRequest/", StringComparison.Ordinal)
                && await scope.CaseOfOrderAsync(reference["ServiceRequest/".Length..]) is { ReportKey: { } reportKey } row && row.ReaderTenantId == before.TenantId
                && await scope.Transaction.Resources.FindAnyAsync(reportKey) is { IsDeleted: false } stored && stored.Parse() is var report
                && ReviewFacts.IsFinal(report.Root.Text("status"))
                && report.Root.All("result").Any(r => r.LocalReference() == before.Reference)
                && !scope.Transaction.Changes.Exists(c => c.After.Key == reportKey))
            {
                return Refusal.Of(RefusalKind.Conflict, "conflict", $"{before.Reference} is part of the signed {stored.Reference}: amend both in one transaction", "signed-finding", "Observation");
            }
        }

        return null;
    }

    private async Task<Refusal?> ReportOnAsync(ResourceChange change, string order)
    {
        var report = change.Resource!;
        var row = await scope.CaseOfOrderAsync(order["ServiceRequest/".Length..]);
        if (row is null)
        {
            // Unknown and somebody else's are answered alike.
            var plain = await scope.Transaction.Resources.FindAsync(scope.Actor.TenantId, "ServiceRequest", order["ServiceRequest/".Length..]);
            return plain is null or { IsDeleted: true } && !scope.Actor.IsServer ? Unknown(order) : null;
        }

        if (!scope.Actor.IsServer && scope.Actor.TenantId != row.ReaderTenantId)
        {
            return scope.Actor.TenantId == row.TenantId
                ? Refusal.Of(RefusalKind.Forbidden, "forbidden", "The review is written by the reading organization that the order is assigned to", "report-reader", "DiagnosticReport.basedOn")
                : Unknown(order);
        }

        var task = await scope.TaskAsync(row);
        var state = CaseStates.Of(task.Parse());
        if (state is CaseState.Rejected or CaseState.Cancelled or CaseState.Failed)
        {
            return Unknown(order);
        }

        var facts = await FactsAsync(row, change, report, order);
        return ReviewValidator.Refuse(facts) ?? await MoveAsync(row, change, facts, task, state);
    }

    private async Task<Refusal?> MoveAsync(CaseRow row, ResourceChange change, ReviewFacts facts, StoredResource task, CaseState state)
    {
        CaseEvent? happening = facts.Status switch
        {
            "preliminary" => CaseEvent.SavePreliminary,
            "final" => CaseEvent.Finish,
            "amended" or "corrected" or "appended" => CaseEvent.Amend,
            _ => null,
        };
        var next = happening is null ? state : Transitions.Apply(state, happening.Value, CaseRole.Fulfiller);
        if (next.IsRefused)
        {
            return next.Refusal;
        }

        var wasTaken = state != CaseState.Assigned;
        if (facts.Status is not ("cancelled" or "entered-in-error"))
        {
            row.ReportKey = change.After.Key;
        }

        await scope.MoveAsync(row, task, next.Value, json =>
        {
            TaskWriter.StartExecution(json, scope.Now);
            json.Remove("statusReason");
            if (!wasTaken && happening is not null)
            {
                TaskWriter.AddNote(json, "claimed-by-report", "Taken by the report that was saved.", scope.Now);
                if (scope.Actor.FhirUser is { } person)
                {
                    json["owner"] = new System.Text.Json.Nodes.JsonObject { ["reference"] = person };
                }
            }
        });
        if (facts.IsSigned)
        {
            return await results.MakeAsync(row, change, facts);
        }

        if (scope.Options.ShowPreliminary && facts.Status == "preliminary")
        {
            await ShareAsync(row, change.After, facts);
        }
        else if (facts.Status == "entered-in-error" && ReviewFacts.IsFinal(facts.StatusBefore))
        {
            await results.WithdrawAsync(row);
        }

        return null;
    }

    private async Task ShareAsync(CaseRow row, StoredResource report, ReviewFacts facts)
    {
        await shares.WithOtherPartyAsync(row, report);
        foreach (var result in facts.Results)
        {
            if (await scope.FindAsync(result.Reference) is { } stored)
            {
                await shares.WithOtherPartyAsync(row, stored);
            }
        }
    }

    private async Task<ReviewFacts> FactsAsync(CaseRow row, ResourceChange change, FhirResource report, string order)
    {
        var named = new List<ReviewResult>();
        foreach (var result in report.Root.All("result"))
        {
            var text = result.Text("reference") ?? "";
            var found = result.LocalReference() is { } local && local.StartsWith("Observation/", StringComparison.Ordinal)
                ? await scope.Transaction.Resources.FindAsync(row.ReaderTenantId, "Observation", local["Observation/".Length..])
                : null;
            named.Add(new ReviewResult(text, found is { IsDeleted: false } ? found.Parse() : null));
        }

        var studies = (await scope.StudiesAsync(row)).ConvertAll(s => "ImagingStudy/" + CaseProjection.ImagingStudyId(row.TenantId, s.Study.StudyInstanceUid));
        var other = row.ReportKey is { } key && key != change.After.Key ? await scope.Transaction.Resources.FindAnyAsync(key) : null;
        return new ReviewFacts
        {
            Report = report,
            StatusBefore = change.Before is { IsDeleted: false } before ? before.Parse().Root.Text("status") : null,
            Actor = scope.Actor,
            Order = order,
            Patient = row.Patient,
            Results = named,
            Studies = studies,
            OtherFinal = other is { IsDeleted: false } && ReviewFacts.IsFinal(other.Parse().Root.Text("status")) ? other.Reference : null,
        };
    }

    private async Task<Refusal?> RefuseDeleteAsync(ResourceChange change)
    {
        var key = change.After.Key;
        return change.Before is { IsDeleted: false } before && ReviewFacts.IsFinal(before.Parse().Root.Text("status"))
            && await scope.Db.Cases.AnyAsync(c => c.ReportKey == key)
            ? Refusal.Of(RefusalKind.Conflict, "conflict", "A signed report is not deleted; withdraw it with the status entered-in-error", "report-delete")
            : null;
    }

    private static Refusal Unknown(string order) =>
        Refusal.Of(RefusalKind.NotFound, "not-found", $"{order} is not known", "report-order", "DiagnosticReport.basedOn");
}
