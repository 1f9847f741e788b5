using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb.Tests;

/// <summary>Puts into the store what the case engine would.</summary>
public static class Workitems
{
    /// <summary>A Task and its work item.</summary>
    /// <returns>The work item's UID.</returns>
    public static async Task<string> AddAsync(DicomWebHost host, string tenant, string state, string? sharedWith = null, Action<WorkitemRow>? change = null, Action<DicomDataset>? edit = null)
    {
        var uid = DicomUid.New();
        var task = FhirResource.Parse("""{"resourceType":"Task","status":"requested","intent":"order"}"""u8.ToArray());
        var dataset = new DicomDataset().Set(DicomTags.SOPInstanceUID, uid).Set(DicomTags.ProcedureStepState, state).Set(DicomTags.PatientID, "P-1");
        edit?.Invoke(dataset);
        var outcome = await host.Store.WriteAsync<bool>(Actor.Server(tenant), async transaction =>
        {
            var stored = (await transaction.Writes.CreateAsync(tenant, task)).Value;
            var row = new WorkitemRow
            {
                TaskKey = stored.Key,
                TenantId = tenant,
                WorkitemUid = uid,
                State = state,
                Priority = "MEDIUM",
                Label = "Second opinion",
                PatientId = "P-1",
                PatientNameNorm = TextFold.FoldName("Müller^Jörg"),
                AccessionNumber = "ACC-1",
                ScheduledStart = "20260214101530+0000",
                ExpectedCompletion = "20260215101530+0000",
                Json = DicomJson.ToArray(dataset),
            };
            change?.Invoke(row);
            transaction.Db.Workitems.Add(row);
            if (sharedWith is not null)
            {
                await transaction.Writes.ShareAsync(stored.Key, sharedWith, "case");
            }

            return true;
        }, CancellationToken.None);
        Assert(outcome);
        return uid;
    }

    public static async Task ShareStudyAsync(DicomWebHost host, string studyUid, string owner, string reader) => Assert(await host.Store.WriteAsync<bool>(Actor.Server(owner), async transaction =>
    {
        var key = await transaction.Db.Studies.Where(s => s.TenantId == owner && s.StudyInstanceUid == studyUid).Select(s => s.Key).SingleAsync();
        await transaction.Writes.ShareStudyAsync(key, reader, "case");
        return true;
    }, CancellationToken.None));

    public static async Task UnshareAsync(DicomWebHost host, string owner, string reader) => Assert(await host.Store.WriteAsync<bool>(Actor.Server(owner), async transaction =>
    {
        await transaction.Writes.UnshareAsync(reader, "case");
        return true;
    }, CancellationToken.None));

    private static void Assert(Outcome<bool> outcome) => Xunit.Assert.False(outcome.IsRefused);
}
