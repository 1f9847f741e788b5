using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Life;
using SecondOpinion.Cases.Matching;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>Studies: each finds its case, and a case with images goes to its reader.</summary>
internal sealed class StudySteps(CaseScope scope, CaseShares shares)
{
    // Wider than the query behind it: an empty accession or patient id is nobody's key.
    private const string AnyKey = "SELECT \"OrderKey\" FROM \"CaseKeys\" WHERE \"TenantId\" = @p0 AND ((\"Kind\" = @p1 AND \"Value\" = @p2) OR (\"Kind\" = @p3 AND \"Value\" = @p4) OR (\"Kind\" = @p5 AND \"Value\" = @p6))";

    /// <summary>Finds the cases of a study and moves them on.</summary>
    public async Task<Refusal?> MatchAsync(long studyKey)
    {
        if (await scope.StudyAsync(studyKey) is not { } tree)
        {
            return null;
        }

        scope.ChangedStudies.Add(studyKey);
        var study = CaseProjection.Facts(tree);
        var linked = await scope.OrdersOfAsync(studyKey);
        var cases = await CandidatesAsync(tree.Study.TenantId, study);
        var open = new List<OpenOrder>();
        foreach (var row in cases.Values)
        {
            open.Add(await scope.OpenOrderAsync(row));
        }

        var match = StudyMatch.Find(study, open);
        // The patient alone is a weak link: not for a study that has its case, nor for one of long ago.
        var isWeak = match.Basis == MatchBasis.Patient && (linked.Count > 0 || tree.Study.LastUpdated < (scope.Now - scope.Options.PatientMatchWindow).UtcTicks);
        // A case that is with its reader and has this study already needs nothing for each further slice.
        var moving = linked.Count == 0
            ? []
            : await scope.Db.Cases.AsNoTracking().Where(c => linked.Contains(c.OrderKey) && c.IsOpen && c.ReaderTenantId == "").Select(c => c.OrderKey).ToListAsync();
        foreach (var row in cases.Values.Where(c => match.Orders.Contains(c.OrderId) && !linked.Contains(c.OrderKey) && !isWeak))
        {
            scope.Db.CaseStudies.Add(new CaseStudyRow { OrderKey = row.OrderKey, StudyKey = studyKey });
            await scope.FlushAsync();
            moving.Add(row.OrderKey);
        }

        foreach (var row in cases.Values.Where(c => match.WrongPatient.Contains(c.OrderId)))
        {
            await UnlinkAsync(row, studyKey);
            moving.Remove(row.OrderKey);
            await NoteAsync(row, "wrong-patient", $"Study {study.StudyInstanceUid} carries the numbers of this order but shows another patient. It was not added to the case: check the order's patient and accession, or the images.");
        }

        foreach (var row in cases.Values.Where(c => match.Ambiguous.Contains(c.OrderId)))
        {
            await NoteAsync(row, "ambiguous-images", $"Study {study.StudyInstanceUid} is of this patient, who has several open orders: name it in one of them, or send it with the accession number.");
        }

        foreach (var orderKey in moving)
        {
            if (await AdvanceAsync(orderKey) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Moves a case on as far as its images and routing allow; a running case gets what is new.</summary>
    public async Task<Refusal?> AdvanceAsync(long orderKey)
    {
        var row = await scope.Db.Cases.AsNoTracking().FirstAsync(c => c.OrderKey == orderKey);
        scope.ChangedCases.Add(orderKey);
        if (!row.IsOpen)
        {
            return null;
        }

        var order = await WithImagesAsync(row);
        var task = await AdviseAsync(row, order);
        var state = CaseStates.Of(task.Parse());
        if (state == CaseState.AwaitingImages && await HasImagesAsync(orderKey))
        {
            state = Transitions.Apply(state, CaseEvent.ImagesArrived, CaseRole.Server).Value;
            task = await scope.MoveAsync(row, task, state);
        }

        if (state == CaseState.Ready)
        {
            var readers = await scope.Db.Tenants.AsNoTracking().Where(t => t.IsReader).Select(t => t.Id).ToListAsync();
            if (Routing.Choose(order, row.TenantId, readers, scope.Options) is not { } reader)
            {
                return null;
            }

            state = Transitions.Apply(state, CaseEvent.Assign, CaseRole.Server).Value;
            row.ReaderTenantId = reader;
            await scope.MoveAsync(row, task, state, json => TaskWriter.Assign(json, reader, DueTime.Of(order, scope.Now, scope.Options), scope.Now));
        }

        return await shares.WithReaderAsync(row);
    }

    private async Task<Dictionary<long, CaseRow>> CandidatesAsync(string tenant, StudyFacts study)
    {
        // One query: every stored instance asks.
        var (uid, accession, patient) = (CaseScope.KeyOf(study.StudyInstanceUid), CaseScope.KeyOf(study.AccessionNumber), CaseScope.KeyOf(study.PatientId));
        // Most studies of an archive have no case.
        if (await Statements.Of(scope.Db).ScalarAsync(AnyKey, tenant, CaseKeyKind.Study, uid, CaseKeyKind.Accession, accession, CaseKeyKind.Patient, patient) is null)
        {
            return [];
        }

        var rows = await (from k in scope.Db.CaseKeys.AsNoTracking()
                          join c in scope.Db.Cases.AsNoTracking() on k.OrderKey equals c.OrderKey
                          where k.TenantId == tenant && c.IsOpen
                              && ((k.Kind == CaseKeyKind.Study && k.Value == uid)
                                  || (k.Kind == CaseKeyKind.Accession && k.Value == accession && accession != "")
                                  || (k.Kind == CaseKeyKind.Patient && k.Value == patient && patient != ""))
                          orderby c.OrderKey
                          select c).ToListAsync();
        return rows.DistinctBy(r => r.OrderKey).ToDictionary(r => r.OrderKey);
    }

    private async Task UnlinkAsync(CaseRow row, long studyKey)
    {
        await scope.Db.CaseStudies.Where(s => s.OrderKey == row.OrderKey && s.StudyKey == studyKey).ExecuteDeleteAsync();
        await scope.Db.StudyShares.Where(s => s.CaseId == row.OrderId && s.StudyKey == studyKey).ExecuteDeleteAsync();
        if (await scope.StudyAsync(studyKey) is { } tree
            && await scope.FindAsync("ImagingStudy/" + CaseProjection.ImagingStudyId(row.TenantId, tree.Study.StudyInstanceUid)) is { } projected)
        {
            await scope.Db.Shares.Where(s => s.CaseId == row.OrderId && s.ResourceKey == projected.Key).ExecuteDeleteAsync();
        }
    }

    private async Task<StoredResource> AdviseAsync(CaseRow row, Order order)
    {
        var task = await scope.TaskAsync(row);
        return await scope.SaveAsync(task, task.Parse().With(json =>
        {
            foreach (var issue in OrderAdvice.Of(order))
            {
                TaskWriter.AddNote(json, issue.Key!, issue.Message, scope.Now);
            }
        }));
    }

    private async Task NoteAsync(CaseRow row, string rule, string text)
    {
        var task = await scope.TaskAsync(row);
        await scope.SaveAsync(task, task.Parse().With(json => TaskWriter.AddNote(json, rule, text, scope.Now)));
        scope.ChangedCases.Add(row.OrderKey);
    }

    /// <summary>The order with what is known of its images, for advice and due time.</summary>
    private async Task<Order> WithImagesAsync(CaseRow row)
    {
        var order = Order.From((await scope.OrderAsync(row)).Parse());
        var images = new List<OrderImage>();
        foreach (var study in (await scope.StudiesAsync(row)).ConvertAll(CaseProjection.Facts))
        {
            images.AddRange(study.Series.Where(s => s.Instances.Any(i => ImageClasses.IsImage(i.SopClassUid))).Select(s => new OrderImage(
                s.Modality,
                DateOnly.TryParseExact(study.StudyDate.Length > 0 ? study.StudyDate : s.StartDate, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
                study.Description + " " + s.Description)));
        }

        var formats = new List<string>();
        foreach (var reference in order.Supporting.Where(s => s.StartsWith("DocumentReference/", StringComparison.Ordinal)))
        {
            if (await scope.FindAsync(reference) is { IsDeleted: false } document && document.TenantId == row.TenantId)
            {
                formats.AddRange(AttachmentDicom.UnusableFormats(document.Parse()));
            }
        }

        return order with { Images = images, UnusableFormats = formats };
    }

    private async Task<bool> HasImagesAsync(long orderKey)
    {
        var classes = await (from s in scope.Db.CaseStudies.AsNoTracking()
                             join i in scope.Db.Instances.AsNoTracking() on s.StudyKey equals i.StudyKey
                             where s.OrderKey == orderKey
                             select i.SopClassUid).Distinct().ToListAsync();
        return classes.Exists(ImageClasses.IsImage);
    }
}

/// <summary>Which SOP classes show something (PS3.4 B.5): not documents, reports, presentation states and the like.</summary>
internal static class ImageClasses
{
    private static readonly string[] Others =
    [
        "1.2.840.10008.5.1.4.1.1.104.", "1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.11.", "1.2.840.10008.5.1.4.1.1.9.", "1.2.840.10008.5.1.4.1.1.66", "1.2.840.10008.5.1.4.34.",
    ];

    public static bool IsImage(string sopClass) => !Others.Any(o => sopClass.StartsWith(o, StringComparison.Ordinal));
}
