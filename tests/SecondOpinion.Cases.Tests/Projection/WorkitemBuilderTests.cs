using System.Text.Json.Nodes;
using SecondOpinion.Cases.Life;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Projection;

public sealed class WorkitemBuilderTests
{
    private static FhirResource Task(CaseState state, Action<JsonObject>? edit = null) => TaskWriter.Create(Samples.Order(), Samples.Now, []).With(t =>
    {
        t["id"] = "task1";
        TaskWriter.Assign(t, "reading", Samples.Now.AddHours(24), Samples.Now);
        TaskWriter.SetState(t, state);
        edit?.Invoke(t);
    });

    private static Workitem Build(FhirResource task, Action<JsonObject>? order = null) => WorkitemBuilder.Build(
        task, new WorkitemContext(Samples.OrderResource(order), Samples.Patient(), [Samples.Study], "Nordlys", "Haugen^Ingrid"), new CaseOptions());

    [Theory]
    [InlineData(CaseState.AwaitingImages, "SCHEDULED")]
    [InlineData(CaseState.Ready, "SCHEDULED")]
    [InlineData(CaseState.Assigned, "SCHEDULED")]
    [InlineData(CaseState.InProgress, "IN PROGRESS")]
    [InlineData(CaseState.AwaitingInformation, "IN PROGRESS")]
    [InlineData(CaseState.Preliminary, "IN PROGRESS")]
    [InlineData(CaseState.Completed, "COMPLETED")]
    [InlineData(CaseState.Rejected, "CANCELED")]
    [InlineData(CaseState.Failed, "CANCELED")]
    [InlineData(CaseState.Cancelled, "CANCELED")]
    public void The_procedure_step_state_follows_the_Task(CaseState state, string expected)
    {
        var item = Build(Task(state));
        Assert.Equal((expected, expected), (item.State, item.Dataset.GetString(DicomTags.ProcedureStepState)));
    }

    [Theory]
    [InlineData("stat", "HIGH")]
    [InlineData("asap", "HIGH")]
    [InlineData("urgent", "MEDIUM")]
    [InlineData("routine", "LOW")]
    public void Priority_has_three_steps(string priority, string expected) => Assert.Equal(expected, Build(Task(CaseState.Assigned), o => o["priority"] = priority).Priority);

    [Fact]
    public void A_reader_finds_patient_question_images_and_due_time()
    {
        var set = Build(Task(CaseState.Assigned)).Dataset;
        Assert.Equal("Okafor^Adaeze", set.GetString(DicomTags.PatientName));
        Assert.Equal("MRN-4711", set.GetString(DicomTags.PatientID));
        Assert.Contains("root tip of tooth 19", set.GetText(DicomTags.CommentsOnTheScheduledProcedureStep), StringComparison.Ordinal);
        Assert.Equal("20261122080500+0000", set.GetString(DicomTags.ExpectedCompletionDateTime));
        var input = set.GetItem(DicomTags.InputInformationSequence)!;
        Assert.Equal("1.2.3.4", input.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal("1.2.3.4.1.1", input.GetItem(DicomTags.ReferencedSOPSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Equal("Nordlys", set.GetItem(DicomTags.ScheduledHumanPerformersSequence)!.GetString(DicomTags.HumanPerformerOrganization));
        var request = set.GetItem(DicomTags.ReferencedRequestSequence)!;
        Assert.Equal(("ACC-88421", "SO-2026-000123"), (request.GetString(DicomTags.AccessionNumber), request.GetString(DicomTags.PlacerOrderNumberImagingServiceRequest)));
        Assert.False(set.Contains(DicomTags.TransactionUID));
    }

    // PS3.4 table CC.2.5-3, types 1 and 2 of an N-GET of the SCP.
    [Fact]
    public void All_required_attributes_are_there()
    {
        var set = Build(Task(CaseState.Completed)).Dataset;
        foreach (var keyword in new[]
        {
            "SOPClassUID", "SOPInstanceUID", "ScheduledProcedureStepPriority", "ProcedureStepLabel", "WorklistLabel", "ScheduledProcessingParametersSequence", "ScheduledStationNameCodeSequence",
            "ScheduledStationClassCodeSequence", "ScheduledStationGeographicLocationCodeSequence", "ScheduledProcedureStepStartDateTime", "ScheduledWorkitemCodeSequence",
            "CommentsOnTheScheduledProcedureStep", "InputReadinessState", "InputInformationSequence", "StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "AdmissionID",
            "IssuerOfAdmissionIDSequence", "AdmittingDiagnosesDescription", "AdmittingDiagnosesCodeSequence", "ReferencedRequestSequence", "ProcedureStepState", "ProcedureStepProgressInformationSequence",
            "UnifiedProcedureStepPerformedProcedureSequence",
        })
        {
            Assert.True(set.Contains(DicomTag.Parse(keyword)), keyword);
        }

        var performed = set.GetItem(DicomTags.UnifiedProcedureStepPerformedProcedureSequence)!;
        Assert.NotNull(performed.GetString(DicomTags.PerformedProcedureStepEndDateTime));
    }

    [Fact]
    public void A_reason_to_give_up_is_told()
    {
        var set = Build(Task(CaseState.Rejected, t => t["statusReason"] = new JsonObject { ["text"] = "Not ours" })).Dataset;
        Assert.Equal("Not ours", set.GetItem(DicomTags.ProcedureStepProgressInformationSequence)!.GetString(DicomTags.ReasonForCancellation));
    }

    [Fact]
    public void UIDs_are_valid_and_never_change()
    {
        Assert.Equal(WorkitemBuilder.UidOf("task1"), WorkitemBuilder.UidOf("task1"));
        Assert.NotEqual(WorkitemBuilder.UidOf("task1"), WorkitemBuilder.UidOf("task2"));
        Assert.NotEqual(StableUid.Of("a", "bc"), StableUid.Of("ab", "c"));
        Assert.True(DicomUid.IsValid(WorkitemBuilder.UidOf("task1")));
    }
}
