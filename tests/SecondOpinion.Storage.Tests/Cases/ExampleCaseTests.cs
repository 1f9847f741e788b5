using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Result;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using SecondOpinion.TestKit;
using Xunit;
using static SecondOpinion.Storage.Tests.Cases.CaseWorld;

namespace SecondOpinion.Storage.Tests.Cases;

/// <summary>The published order and result examples, as their transactions would be carried out.</summary>
public sealed class ExampleCaseTests
{
    private static readonly Actor Reviewer = new(Reading, "workstation", "Practitioner/reader-demo");

    /// <summary>Creates the entries of a transaction Bundle in one write; fullUrls become ids.</summary>
    private static async Task<Dictionary<string, string>> PostAsync(CaseWorld world, Actor actor, string json)
    {
        var bundle = FhirResource.Parse(json);
        var ids = new Dictionary<string, string>();
        foreach (var entry in bundle.Root.All("entry"))
        {
            var type = entry["resource"].ResourceType!;
            ids[entry.Text("fullUrl")!] = $"{type}/{type.ToLowerInvariant()}-{ids.Count}";
        }

        var outcome = await world.Store.Store.WriteAsync<bool>(actor, async t =>
        {
            foreach (var entry in bundle.Root.All("entry"))
            {
                var resource = entry["resource"].ToResource().RewriteReferences(r => ids.GetValueOrDefault(r));
                Assert.DoesNotContain(FhirValidator.Validate(resource), i => i.IsError);
                var created = await t.Writes.CreateAsync(actor.TenantId, resource, ids[entry.Text("fullUrl")!].Split('/')[1]);
                if (created.IsRefused)
                {
                    return created.Refusal;
                }
            }

            return true;
        }, CancellationToken.None);
        Assert.False(outcome.IsRefused, outcome.Refusal?.ToString());
        return ids;
    }

    [Fact]
    public async Task Order_images_and_result_go_through_as_they_stand()
    {
        var order = File.ReadAllText(Requires.Shared("examples/order-bundle.json"));
        var result = File.ReadAllText(Requires.Shared("examples/result-bundle.json"));
        await using var world = await OpenAsync();
        await world.CreateAsync(Reviewer, """{"resourceType":"Practitioner","name":[{"family":"Haugen","given":["Ingrid"],"suffix":["DDS"]}]}""", "reader-demo");
        var ids = await PostAsync(world, Placer, order);
        Assert.Equal("requested awaiting-images", await world.StateAsync());
        Assert.Empty((await world.TaskAsync()).Root.All("note"));
        await world.StoreImageAsync(accession: "ACC-88421");
        Assert.Equal("received assigned", await world.StateAsync());
        var placed = ids.Values.Single(i => i.StartsWith("ServiceRequest/", StringComparison.Ordinal)).Split('/')[1];
        var patient = ids.Values.Single(i => i.StartsWith("Patient/", StringComparison.Ordinal)).Split('/')[1];
        await PostAsync(world, Reviewer, result
            .Replace("{patient}", patient, StringComparison.Ordinal).Replace("{order}", placed, StringComparison.Ordinal)
            .Replace("ImagingStudy/{imagingStudy}", await world.ImagingStudyAsync(), StringComparison.Ordinal).Replace("reading-demo", Reading, StringComparison.Ordinal));
        Assert.Equal("completed -", await world.StateAsync());
        var report = Assert.Single(await world.AllAsync(Practice, "DiagnosticReport")).Parse();
        Assert.Equal(2, (await world.AllAsync(Practice, "Observation")).Count);
        Assert.NotNull(report.Root["presentedForm"].Text("data"));
    }

    [Fact]
    public async Task The_PDF_in_the_study_is_a_correct_DICOM_object_of_the_same_patient()
    {
        var tool = Requires.Tool("dciodvfy");
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        var row = await world.Store.ReadAsync(r => r.Db.Instances.SingleAsync(i => i.SopClassUid == DicomUids.EncapsulatedPDFStorage));
        var checkedBy = Shell.Run(tool, world.Blobs.LocalPath(row.BlobId)!);
        Assert.DoesNotContain("Error", checkedBy.Error + checkedBy.Output, StringComparison.Ordinal);
        var file = DicomFile.Read(File.ReadAllBytes(world.Blobs.LocalPath(row.BlobId)!));
        Assert.Equal(("1.2.3", "MRN-4711", "ACC-1", "DOC"), (
            file.Dataset.GetString(DicomTags.StudyInstanceUID), file.Dataset.GetString(DicomTags.PatientID), file.Dataset.GetString(DicomTags.AccessionNumber), file.Dataset.GetString(DicomTags.Modality)));
        var report = (await world.ReadAsync(Practice, "DiagnosticReport/report"))!;
        var pdf = Convert.FromBase64String(report.Root["presentedForm"].Text("data")!);
        Assert.Equal(pdf, file.Dataset.GetBytes(DicomTags.EncapsulatedDocument)[..pdf.Length].ToArray());
    }

    [Fact]
    public async Task The_structured_report_in_the_study_says_what_the_report_says_and_the_amended_one_names_the_one_before()
    {
        var checker = Requires.Tool("dciodvfy");
        var dumper = Requires.Tool("dsrdump");
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        await world.EditAsync(Reader, "DiagnosticReport/report", r =>
        {
            r["status"] = "amended";
            r["conclusion"] = "The mental foramen, 你好, certainly.";
        });

        var rows = await world.Store.ReadAsync(r => r.Db.Instances.Where(i => i.SopClassUid == DicomUids.BasicTextSRStorage).OrderBy(i => i.InstanceNumber).ToListAsync());
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal(Practice, row.TenantId));
        foreach (var path in rows.Select(r => world.Blobs.LocalPath(r.BlobId)!))
        {
            var checkedBy = Shell.Run(checker, path);
            Assert.DoesNotContain("Error", checkedBy.Error + checkedBy.Output, StringComparison.Ordinal);
            Assert.Equal("", Shell.Run(dumper, "-q", path).Error);
        }

        var first = DicomFile.Read(File.ReadAllBytes(world.Blobs.LocalPath(rows[0].BlobId)!)).Dataset;
        var second = DicomFile.Read(File.ReadAllBytes(world.Blobs.LocalPath(rows[1].BlobId)!)).Dataset;
        Assert.Equal(("1.2.3", "MRN-4711", "ACC-1", "SR", "VERIFIED"), (
            second.GetString(DicomTags.StudyInstanceUID), second.GetString(DicomTags.PatientID), second.GetString(DicomTags.AccessionNumber), second.GetString(DicomTags.Modality), second.GetString(DicomTags.VerificationFlag)));
        Assert.Equal(first.GetString(DicomTags.SeriesInstanceUID), second.GetString(DicomTags.SeriesInstanceUID));
        Assert.False(first.Contains(DicomTags.PredecessorDocumentsSequence));
        Assert.Equal(first.GetString(DicomTags.SOPInstanceUID), second.GetItem(DicomTags.PredecessorDocumentsSequence)!.GetItem(DicomTags.ReferencedSeriesSequence)!.GetItem(DicomTags.ReferencedSOPSequence)!
            .GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Contains("Conclusion: The mental foramen, 你好, certainly.", SrDocument.Read(second).ToText(), StringComparison.Ordinal);
    }
}
