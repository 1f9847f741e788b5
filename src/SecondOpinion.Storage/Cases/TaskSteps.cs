using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>Tasks: the reader's and the placer's edits of a case's Task, and requests to abort.</summary>
internal sealed class TaskSteps(CaseScope scope, CaseShares shares)
{
    public async Task<Refusal?> RunAsync(ResourceChange change)
    {
        var row = await scope.Db.Cases.AsNoTracking().FirstOrDefaultAsync(c => c.TaskKey == change.After.Key);
        if (row is not null)
        {
            return change.Resource is null
                ? Refusal.Of(RefusalKind.NotAllowed, "not-supported", "The Task of a case is not deleted; revoke the order, or decline the Task", "task-delete")
                : await EditAsync(row, change, change.Resource);
        }

        if (change.Resource is not { } task)
        {
            return null;
        }

        return task.Root["code"].HasCoding(CaseCodes.TaskCode, CaseCodes.Abort) ? await AbortAsync(change, task) : await RefuseFulfillAsync(task);
    }

    private async Task<Refusal?> EditAsync(CaseRow row, ResourceChange change, FhirResource after)
    {
        if (change.Before is not { IsDeleted: false } before || scope.Actor.IsServer)
        {
            return null;
        }

        var old = before.Parse();
        var role = RoleOf(row, after);
        if (role is null)
        {
            return Refusal.Of(RefusalKind.NotFound, "not-found", $"Task/{change.After.Id} is not known", "not-found");
        }

        var intent = TaskEdit.Read(old, after, role.Value, scope.Actor);
        if (intent.IsRefused)
        {
            return intent.Refusal;
        }

        var state = CaseStates.Of(old);
        if (intent.Value.AwaitsReport && !HasReportInThisWrite(row))
        {
            return Refusal.Of(RefusalKind.Conflict, "conflict", "The Task is completed by a final DiagnosticReport that is basedOn the order", "case-transition", "Task.status");
        }

        if (intent.Value.Event is not { } happening)
        {
            await scope.MoveAsync(row, change.After, state);
            return null;
        }

        var next = Transitions.Apply(state, happening, role.Value);
        return next.IsRefused ? next.Refusal : await ApplyAsync(row, change.After, happening, next.Value);
    }

    private async Task<Refusal?> ApplyAsync(CaseRow row, StoredResource task, CaseEvent happening, CaseState next)
    {
        await scope.MoveAsync(row, task, next, json =>
        {
            if (happening == CaseEvent.Claim)
            {
                TaskWriter.StartExecution(json, scope.Now);
                // Who takes the work is its owner, so that a second reader sees that it is taken.
                if (scope.Actor.FhirUser is { } person && ((string?)json["owner"]?["reference"])?.StartsWith("Organization/", StringComparison.Ordinal) != false)
                {
                    json["owner"] = new System.Text.Json.Nodes.JsonObject { ["reference"] = person };
                }
            }
            else if (next.IsOver())
            {
                TaskWriter.EndExecution(json, scope.Now);
            }

            if (happening is CaseEvent.Claim or CaseEvent.Resume or CaseEvent.Answer)
            {
                json.Remove("statusReason");
            }
        });

        switch (happening)
        {
            case CaseEvent.Revoke:
                await WithdrawOrderAsync(row);
                await shares.TakeBackAsync(row);
                break;
            case CaseEvent.Decline or CaseEvent.Fail:
                await shares.TakeBackAsync(row);
                break;
        }

        return null;
    }

    // Parties may be one organization that reads its own images; then cancelling is the placer's act and all else the reader's.
    private CaseRole? RoleOf(CaseRow row, FhirResource after)
    {
        var isPlacer = scope.Actor.TenantId == row.TenantId;
        var isReader = scope.Actor.TenantId == row.ReaderTenantId;
        return (isPlacer, isReader) switch
        {
            (true, true) => after.Root.Text("status") == "cancelled" ? CaseRole.Placer : CaseRole.Fulfiller,
            (true, false) => CaseRole.Placer,
            (false, true) => CaseRole.Fulfiller,
            _ => null,
        };
    }

    private bool HasReportInThisWrite(CaseRow row)
    {
        var reference = "ServiceRequest/" + row.OrderId;
        return scope.Transaction.Changes.Exists(c => c.Resource is { ResourceType: "DiagnosticReport" } report
            && report.Root.Text("status") == "final" && report.Root.All("basedOn").Any(b => b.LocalReference() == reference));
    }

    /// <summary>Sets the order to revoked on the placer's behalf.</summary>
    private async Task WithdrawOrderAsync(CaseRow row)
    {
        var order = await scope.OrderAsync(row);
        await scope.SaveAsync(order, order.Parse().With(json => json["status"] = "revoked"));
    }

    // One Task of code fulfill per order: the server's.
    private async Task<Refusal?> RefuseFulfillAsync(FhirResource task)
    {
        if (!task.Root["code"].HasCoding(CaseCodes.TaskCode, CaseCodes.Fulfill) || task.Root["focus"].LocalReference() is not { } focus
            || await CaseOfAsync(focus) is not { } row || !focus.StartsWith("ServiceRequest/", StringComparison.Ordinal))
        {
            return null;
        }

        var known = await scope.TaskAsync(row);
        return Refusal.Of(RefusalKind.Conflict, "duplicate", $"The server keeps the Task of a second-opinion order: {known.Reference}", "task-duplicate", "Task.focus");
    }

    /// <summary>COW cancellation request: the placer asks by a Task of code abort, the reader accepts or rejects it.</summary>
    private async Task<Refusal?> AbortAsync(ResourceChange change, FhirResource task)
    {
        if (task.Root["focus"].LocalReference() is not { } focus || await CaseOfAsync(focus) is not { } row)
        {
            return null;
        }

        var state = CaseStates.Of((await scope.TaskAsync(row)).Parse());
        if (change.Before is null or { IsDeleted: true })
        {
            if (scope.Actor.TenantId != row.TenantId)
            {
                return Refusal.Of(RefusalKind.Forbidden, "forbidden", "An abort is the placer's to ask for", "case-role", "Task.code");
            }

            var asked = Transitions.Apply(state, CaseEvent.AskAbort, CaseRole.Placer);
            if (asked.IsRefused)
            {
                return asked.Refusal;
            }

            if (task.Root.Text("status") != "requested")
            {
                return Refusal.Of(RefusalKind.Unprocessable, "business-rule", "A request to abort begins as 'requested'", "abort-status", "Task.status");
            }

            await shares.WithOtherPartyAsync(row, change.After, canWrite: true);
            return null;
        }

        var (from, to) = (change.Before.Parse().Root.Text("status"), task.Root.Text("status"));
        if (from == to)
        {
            return null;
        }

        if (to == "cancelled" && scope.Actor.TenantId == row.TenantId)
        {
            return null;
        }

        if (scope.Actor.TenantId != row.ReaderTenantId || from is not ("requested" or "received" or "accepted" or "in-progress"))
        {
            return Refusal.Of(RefusalKind.Conflict, "conflict", "A request to abort is answered once, by the reader", "abort-status", "Task.status");
        }

        return to is "accepted" or "completed" ? await GrantAsync(row, state, change.After) : null;
    }

    private async Task<Refusal?> GrantAsync(CaseRow row, CaseState state, StoredResource abort)
    {
        var next = Transitions.Apply(state, CaseEvent.GrantAbort, CaseRole.Fulfiller);
        if (next.IsRefused)
        {
            return next.Refusal;
        }

        await scope.SaveAsync(abort, abort.Parse().With(json => json["status"] = "completed"));
        await scope.MoveAsync(row, await scope.TaskAsync(row), next.Value, json =>
        {
            json["statusReason"] = new System.Text.Json.Nodes.JsonObject { ["text"] = "Aborted at the placer's request" };
            TaskWriter.EndExecution(json, scope.Now);
        });
        await WithdrawOrderAsync(row);
        await shares.TakeBackAsync(row);
        return null;
    }

    /// <summary>The case of a Task or an order, if this actor is a party of it.</summary>
    private async Task<CaseRow?> CaseOfAsync(string focus)
    {
        var (type, id) = ReferenceText.Split(focus);
        var row = type switch
        {
            "ServiceRequest" => await scope.CaseOfOrderAsync(id),
            "Task" => await scope.CaseOfTaskAsync(focus),
            _ => null,
        };
        return row is not null && (row.TenantId == scope.Actor.TenantId || row.ReaderTenantId == scope.Actor.TenantId) ? row : null;
    }
}
