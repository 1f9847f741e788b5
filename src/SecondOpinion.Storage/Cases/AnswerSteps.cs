using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>What the parties say to each other: documents that the placer adds, Communications of both.</summary>
internal sealed class AnswerSteps(CaseScope scope, CaseShares shares, StudySteps studies, AttachmentImages images)
{
    /// <summary>A document of the placer that supports an order, by supportingInfo of the order or by its own context.related.</summary>
    public async Task<Refusal?> DocumentAsync(ResourceChange change)
    {
        if (change.Resource is not { } document)
        {
            return null;
        }

        var cases = new Dictionary<long, CaseRow>();
        foreach (var row in await scope.FindCasesAsync(change.After.TenantId, CaseKeyKind.Supporting, change.After.Reference))
        {
            cases[row.OrderKey] = row;
        }

        foreach (var related in document.Root["context"].All("related"))
        {
            if (await CaseOfAsync(related.LocalReference()) is { } row && row.TenantId == change.After.TenantId)
            {
                cases[row.OrderKey] = row;
            }
        }

        foreach (var row in cases.Values.Where(c => c.IsOpen))
        {
            var refusal = await images.TakeAsync(row, change.After) ?? await AnswerAsync(row) ?? await studies.AdvanceAsync(row.OrderKey);
            if (refusal is not null)
            {
                return refusal;
            }

            if (row.ReaderTenantId.Length > 0)
            {
                await shares.SupportAsync(row, change.After.Reference);
            }
        }

        return null;
    }

    public async Task<Refusal?> CommunicationAsync(ResourceChange change)
    {
        if (change.Resource is not { } communication)
        {
            return null;
        }

        foreach (var reference in communication.Root.All("basedOn").Concat(communication.Root.All("about")).Concat(communication.Root.All("partOf")))
        {
            if (await CaseOfAsync(reference.LocalReference()) is not { } row)
            {
                continue;
            }

            await shares.WithOtherPartyAsync(row, change.After);
            if (change.After.TenantId == row.TenantId && change.Before is null)
            {
                if (row.ReaderTenantId.Length > 0)
                {
                    await shares.SupportAsync(row, change.After.Reference);
                }

                return await AnswerAsync(row);
            }
        }

        return null;
    }

    /// <summary>A Patient came, or was corrected: studies find their subject, and orders are found by the new numbers.</summary>
    public async Task<Refusal?> PatientAsync(ResourceChange change)
    {
        if (change.Resource is null)
        {
            return null;
        }

        var numbers = change.Resource.Root.Identifiers().Select(i => i.Value).Take(20).ToArray();
        var tenant = change.After.TenantId;
        if (numbers.Length > 0)
        {
            scope.ChangedStudies.UnionWith(await scope.Db.Studies.AsNoTracking().Where(s => s.TenantId == tenant && numbers.Contains(s.PatientId)).OrderByDescending(s => s.Key).Select(s => s.Key).Take(100).ToListAsync());
        }

        if (change.Before is null)
        {
            return null;
        }

        foreach (var row in await scope.FindCasesAsync(change.After.TenantId, CaseKeyKind.Supporting, change.After.Reference))
        {
            if (row.IsOpen)
            {
                await scope.IndexAsync(row, SecondOpinion.Cases.Intake.Order.From((await scope.OrderAsync(row)).Parse()), change.Resource);
                scope.ChangedCases.Add(row.OrderKey);
            }
        }

        return null;
    }

    private async Task<Refusal?> AnswerAsync(CaseRow row)
    {
        var task = await scope.TaskAsync(row);
        var state = CaseStates.Of(task.Parse());
        if (state != CaseState.AwaitingInformation || scope.Actor.TenantId != row.TenantId)
        {
            return null;
        }

        await scope.MoveAsync(row, task, Transitions.Apply(state, CaseEvent.Answer, CaseRole.Placer).Value, json => json.Remove("statusReason"));
        return null;
    }

    private async Task<CaseRow?> CaseOfAsync(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var (type, id) = ReferenceText.Split(reference);
        var row = type switch
        {
            "ServiceRequest" => await scope.CaseOfOrderAsync(id),
            "Task" => await scope.CaseOfTaskAsync(reference),
            _ => null,
        };
        return row is not null && (row.TenantId == scope.Actor.TenantId || row.ReaderTenantId == scope.Actor.TenantId) ? row : null;
    }
}
