using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>Orders: a new one opens a case; the placer may correct or revoke it.</summary>
internal sealed class OrderSteps(CaseScope scope, CaseShares shares, StudySteps studies, AttachmentImages images)
{
    public async Task<Refusal?> RunAsync(ResourceChange change)
    {
        var row = await scope.Db.Cases.AsNoTracking().FirstOrDefaultAsync(c => c.OrderKey == change.After.Key);
        if (change.Resource is not { } resource)
        {
            return row is null ? null : Refusal.Of(RefusalKind.Conflict, "conflict", "An order with a case is not deleted; revoke it (status revoked)", "order-delete");
        }

        if (row is not null)
        {
            return await UpdateAsync(row, change, resource);
        }

        return Order.Is(resource) ? await OpenAsync(change.After, Order.From(resource)) : null;
    }

    private async Task<Refusal?> OpenAsync(StoredResource stored, Order order)
    {
        if (OrderValidator.Refuse(order) is { } refusal)
        {
            return refusal;
        }

        var patient = await scope.FindAsync(order.Patient);
        if (patient is null or { IsDeleted: true } || patient.TenantId != stored.TenantId)
        {
            return Refusal.Of(RefusalKind.Unprocessable, "not-found", $"The subject {order.Patient} is not known", "subject-patient", "ServiceRequest.subject");
        }

        if (DuplicateOrder.Refuse(order, await KnownOrdersAsync(stored.TenantId, order)) is { } duplicate)
        {
            return duplicate;
        }

        var task = await scope.CreateAsync(stored.TenantId, TaskWriter.Create(order, scope.Now, OrderAdvice.Of(order)));
        if (task.IsRefused)
        {
            return task.Refusal;
        }

        var row = new CaseRow { OrderKey = stored.Key, OrderId = stored.Id, TenantId = stored.TenantId, TaskKey = task.Value.Key, Patient = order.Patient!, IsOpen = true };
        scope.Db.Cases.Add(row);
        await scope.FlushAsync();
        scope.ChangedCases.Add(row.OrderKey);
        return await GatherAsync(row, order, patient.Parse());
    }

    /// <summary>Indexes the order, takes in what is stored already, and moves on.</summary>
    private async Task<Refusal?> GatherAsync(CaseRow row, Order order, FhirResource? patient)
    {
        await scope.IndexAsync(row, order, patient);
        foreach (var reference in order.Supporting.Where(s => s.StartsWith("DocumentReference/", StringComparison.Ordinal)))
        {
            if (await scope.FindAsync(reference) is { IsDeleted: false } document && document.TenantId == row.TenantId
                && await images.TakeAsync(row, document) is { } refusal)
            {
                return refusal;
            }
        }

        foreach (var key in await CandidateStudiesAsync(row))
        {
            if (await studies.MatchAsync(key) is { } refusal)
            {
                return refusal;
            }
        }

        return await studies.AdvanceAsync(row.OrderKey);
    }

    private async Task<Refusal?> UpdateAsync(CaseRow row, ResourceChange change, FhirResource resource)
    {
        if (scope.Actor.TenantId != row.TenantId && !scope.Actor.IsServer)
        {
            return Refusal.Of(RefusalKind.Forbidden, "forbidden", "Only the placer changes an order", "case-role", "ServiceRequest");
        }

        var task = await scope.TaskAsync(row);
        var state = CaseStates.Of(task.Parse());
        var before = change.Before?.IsDeleted == false ? change.Before.Parse().Root.Text("status") : null;
        switch (before, resource.Root.Text("status"))
        {
            case (_, "revoked" or "entered-in-error") when before is not ("revoked" or "entered-in-error"):
                return await RevokeAsync(row, state, task);
            case ("active", "active"):
                break;
            case (var from, var to) when from == to:
                return null;
            case ("active", "completed") when state == CaseState.Completed:
                return null;
            case var (from, to):
                return Refusal.Of(RefusalKind.Conflict, "conflict", $"The order cannot go from {from} to {to} while its Task is {state.Status()}", "order-status", "ServiceRequest.status");
        }

        var order = Order.From(resource);
        if (!Order.Is(resource) || order.Patient != row.Patient)
        {
            return Refusal.Of(RefusalKind.Conflict, "conflict", "Category and subject of an order with a case stay as they are; revoke it and order anew", "order-fixed", "ServiceRequest");
        }

        return OrderValidator.Refuse(order) ?? DuplicateOrder.Refuse(order, await KnownOrdersAsync(row.TenantId, order)) ?? await CorrectAsync(row, change, order, task, state);
    }

    private async Task<Refusal?> CorrectAsync(CaseRow row, ResourceChange change, Order order, StoredResource task, CaseState state)
    {
        if (state.IsOver())
        {
            return null;
        }

        var added = order.Supporting.Except(Order.From(change.Before!.Parse()).Supporting).Any();
        if (state == CaseState.AwaitingInformation && added)
        {
            await scope.MoveAsync(row, task, CaseState.InProgress);
        }
        else if (task.Parse().Root.Text("priority") != order.Priority)
        {
            await scope.MoveAsync(row, task, state, json => json["priority"] = order.Priority);
        }

        scope.ChangedCases.Add(row.OrderKey);
        return await GatherAsync(row, order, await scope.ReadAsync(row.Patient));
    }

    private async Task<Refusal?> RevokeAsync(CaseRow row, CaseState state, StoredResource task)
    {
        // A declined or failed case is over already: the order alone is withdrawn.
        if (state is CaseState.Rejected or CaseState.Failed or CaseState.Cancelled)
        {
            return null;
        }

        var next = Transitions.Apply(state, CaseEvent.Revoke, CaseRole.Placer);
        if (next.IsRefused)
        {
            return next.Refusal;
        }

        await scope.MoveAsync(row, task, next.Value);
        await shares.TakeBackAsync(row);
        return null;
    }

    private async Task<List<KnownOrder>> KnownOrdersAsync(string tenant, Order order)
    {
        var rows = new Dictionary<long, CaseRow>();
        var keys = order.Accessions.Select(a => (CaseKeyKind.Accession, a.Value)).ToList();
        if (order.Placer is { } placer)
        {
            keys.Add((CaseKeyKind.Placer, placer.Value));
        }

        foreach (var (kind, value) in keys)
        {
            foreach (var row in await scope.FindCasesAsync(tenant, kind, value))
            {
                rows[row.OrderKey] = row;
            }
        }

        var known = new List<KnownOrder>();
        foreach (var row in rows.Values)
        {
            var other = Order.From((await scope.OrderAsync(row)).Parse());
            known.Add(new KnownOrder(row.OrderId, other.Placer, other.Accessions, row.IsOpen, other.Status is "revoked" or "entered-in-error"));
        }

        return known;
    }

    /// <summary>Studies stored before the order that its numbers may mean; the rules decide.</summary>
    private async Task<List<long>> CandidateStudiesAsync(CaseRow row)
    {
        var open = await scope.OpenOrderAsync(row);
        var uids = open.StudyUids.ToArray();
        var accessions = open.Accessions.Select(a => a.Value).ToArray();
        var patients = open.PatientIdentifiers.Select(i => i.Value).ToArray();
        var tenant = row.TenantId;
        var stored = scope.Db.Studies.AsNoTracking().Where(s => s.TenantId == tenant);
        var keys = await stored.Where(s => uids.Contains(s.StudyInstanceUid)).Select(s => s.Key).ToListAsync();
        keys.AddRange(await stored.Where(s => accessions.Contains(s.AccessionNumber)).OrderBy(s => s.Key).Select(s => s.Key).Take(100).ToListAsync());
        var since = (scope.Now - scope.Options.PatientMatchWindow).UtcTicks;
        keys.AddRange(await stored.Where(s => patients.Contains(s.PatientId) && s.LastUpdated >= since).OrderBy(s => s.Key).Select(s => s.Key).Take(100).ToListAsync());
        return [.. keys.Distinct()];
    }
}
