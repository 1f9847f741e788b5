using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SecondOpinion.Cases.Life;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Projection;

/// <summary>What a work item shows beside its Task.</summary>
/// <param name="Order">The ServiceRequest.</param>
/// <param name="Patient">Null when it cannot be read.</param>
/// <param name="Studies">The studies of the case.</param>
/// <param name="ReaderName">Name of the reading organization; null before assignment.</param>
/// <param name="PerformerName">Name of the person that claimed it.</param>
public sealed record WorkitemContext(FhirResource Order, FhirResource? Patient, IReadOnlyList<StudyFacts> Studies, string? ReaderName, string? PerformerName);

/// <summary>A UPS work item: columns that searches use, and the data set (no Transaction UID).</summary>
public sealed record Workitem(
    string Uid, string State, string Priority, string Label, string PatientId, string PatientName, string AccessionNumber,
    string ScheduledStart, string ExpectedCompletion, string PerformerTenant, DicomDataset Dataset);

/// <summary>Projects the Task of a case to a Unified Procedure Step (PS3.4 CC.2.5).</summary>
public static class WorkitemBuilder
{
    private const string UnifiedProcedureStepPush = "1.2.840.10008.5.1.4.34.6.1";

    /// <summary>The work item UID of a Task: below 2.25, from a hash of its id, so that it never changes.</summary>
    public static string UidOf(string taskId) => StableUid.Of("workitem", taskId);

    public static Workitem Build(FhirResource task, WorkitemContext context, CaseOptions options)
    {
        var root = task.Root;
        var state = CaseStates.Of(task);
        var order = Intake.Order.From(context.Order);
        var patient = PatientText.Of(context.Patient);
        var reader = root["owner"].LocalReference();
        var item = new Workitem(
            UidOf(task.Id!),
            StateOf(state),
            order.Priority switch { "stat" or "asap" => "HIGH", "urgent" => "MEDIUM", _ => "LOW" },
            Cut(root.Text("description") ?? "Second opinion", 64),
            patient.Id, patient.Name, Cut(order.Accessions.Count > 0 ? order.Accessions[0].Value : "", 16),
            DateTimeText(root["restriction"]["period"].Text("start") ?? root.Text("authoredOn")),
            DateTimeText(root["restriction"]["period"].Text("end")),
            reader is not null && reader.StartsWith("Organization/", StringComparison.Ordinal) ? reader["Organization/".Length..] : "",
            new DicomDataset());
        Fill(item, task, state, order, patient, context, options);
        return item;
    }

    private static void Fill(Workitem item, FhirResource task, CaseState state, Intake.Order order, PatientText patient, WorkitemContext context, CaseOptions options)
    {
        var set = item.Dataset;
        set.Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        set.Set(DicomTags.SOPClassUID, UnifiedProcedureStepPush).Set(DicomTags.SOPInstanceUID, item.Uid);
        set.Set(DicomTags.ProcedureStepState, item.State).Set(DicomTags.ScheduledProcedureStepPriority, item.Priority);
        set.Set(DicomTags.ProcedureStepLabel, item.Label).Set(DicomTags.WorklistLabel, "Second opinion");
        SetOrEmpty(set, DicomTags.ScheduledProcedureStepStartDateTime, item.ScheduledStart);
        if (item.ExpectedCompletion.Length > 0)
        {
            set.Set(DicomTags.ExpectedCompletionDateTime, item.ExpectedCompletion);
        }

        set.SetEmpty(DicomTags.ScheduledProcessingParametersSequence).SetEmpty(DicomTags.ScheduledStationNameCodeSequence);
        set.SetEmpty(DicomTags.ScheduledStationClassCodeSequence).SetEmpty(DicomTags.ScheduledStationGeographicLocationCodeSequence);
        set.SetItems(DicomTags.ScheduledWorkitemCodeSequence, Code("110005", "DCM", "Interpretation"));
        set.SetItems(DicomTags.ScheduledHumanPerformersSequence, context.ReaderName is null ? [] : [Performer(context)]);
        SetOrEmpty(set, DicomTags.CommentsOnTheScheduledProcedureStep, Cut(order.Question.Replace('\\', '/'), 10_240));
        set.Set(DicomTags.InputReadinessState, state == CaseState.AwaitingImages ? "INCOMPLETE" : "READY");
        set.SetItems(DicomTags.InputInformationSequence, [.. context.Studies.SelectMany(s => s.Series.Select(r => Input(s, r, options)))]);
        SetOrEmpty(set, DicomTags.StudyInstanceUID, context.Studies.Count > 0 ? context.Studies[0].StudyInstanceUid : "");
        patient.AddTo(set);
        set.SetEmpty(DicomTags.AdmissionID).SetEmpty(DicomTags.IssuerOfAdmissionIDSequence).SetEmpty(DicomTags.AdmittingDiagnosesDescription).SetEmpty(DicomTags.AdmittingDiagnosesCodeSequence);
        set.SetItems(DicomTags.ReferencedRequestSequence, Request(order, item, context));
        set.SetItems(DicomTags.ProcedureStepProgressInformationSequence, Progress(task, state));
        set.SetItems(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, state == CaseState.Completed ? [Performed(task)] : []);
    }

    // PS3.4 CC.1.1: what work is done or given up stays so.
    private static string StateOf(CaseState state) => state switch
    {
        CaseState.AwaitingImages or CaseState.Ready or CaseState.Assigned => "SCHEDULED",
        CaseState.Completed => "COMPLETED",
        CaseState.Rejected or CaseState.Failed or CaseState.Cancelled => "CANCELED",
        _ => "IN PROGRESS",
    };

    private static DicomDataset Performer(WorkitemContext context)
    {
        var item = new DicomDataset();
        item.SetItems(DicomTags.HumanPerformerCodeSequence);
        item.Set(DicomTags.HumanPerformerOrganization, Cut(context.ReaderName!.Replace('\\', '/'), 64));
        SetOrEmpty(item, DicomTags.HumanPerformerName, context.PerformerName ?? "");
        return item;
    }

    private static DicomDataset Input(StudyFacts study, SeriesFacts series, CaseOptions options)
    {
        var item = new DicomDataset();
        item.Set(DicomTags.TypeOfInstances, "DICOM").Set(DicomTags.StudyInstanceUID, study.StudyInstanceUid).Set(DicomTags.SeriesInstanceUID, series.SeriesInstanceUid);
        item.SetItems(DicomTags.ReferencedSOPSequence, [.. series.Instances.Select(i => new DicomDataset()
            .Set(DicomTags.ReferencedSOPClassUID, i.SopClassUid).Set(DicomTags.ReferencedSOPInstanceUID, i.SopInstanceUid))]);
        item.SetItems(DicomTags.WADORSRetrievalSequence, new DicomDataset()
            .Set(DicomTags.RetrieveURL, $"{options.DicomWebBase.TrimEnd('/')}/studies/{study.StudyInstanceUid}/series/{series.SeriesInstanceUid}"));
        return item;
    }

    private static DicomDataset Request(Intake.Order order, Workitem item, WorkitemContext context)
    {
        var request = new DicomDataset();
        request.Set(DicomTags.StudyInstanceUID, context.Studies.Count > 0 ? context.Studies[0].StudyInstanceUid : StableUid.Of("order", order.Id));
        SetOrEmpty(request, DicomTags.AccessionNumber, item.AccessionNumber);
        SetOrEmpty(request, DicomTags.PlacerOrderNumberImagingServiceRequest, Cut(order.Placer?.Value ?? "", 64));
        request.SetEmpty(DicomTags.FillerOrderNumberImagingServiceRequest).SetEmpty(DicomTags.OrderPlacerIdentifierSequence).SetEmpty(DicomTags.OrderFillerIdentifierSequence);
        SetOrEmpty(request, DicomTags.RequestedProcedureID, Cut(order.Placer?.Value ?? "", 16));
        SetOrEmpty(request, DicomTags.RequestedProcedureDescription, Cut(item.Label, 64));
        request.SetEmpty(DicomTags.RequestedProcedureCodeSequence).SetEmpty(DicomTags.RequestingService).SetEmpty(DicomTags.ReferringPhysicianName);
        request.Set(DicomTags.ReasonForTheRequestedProcedure, Cut(order.Question.Replace('\\', '/').ReplaceLineEndings(" "), 64));
        return request;
    }

    private static DicomDataset Progress(FhirResource task, CaseState state)
    {
        var item = new DicomDataset();
        if (task.Root["statusReason"].Display() is { Length: > 0 } reason && state is CaseState.Rejected or CaseState.Failed or CaseState.Cancelled)
        {
            item.Set(DicomTags.ReasonForCancellation, Cut(reason.Replace('\\', '/'), 1024));
            item.Set(DicomTags.ProcedureStepCancellationDateTime, DateTimeText(task.Root.Text("lastModified")));
        }
        else
        {
            item.Set(DicomTags.ProcedureStepProgressDescription, state.BusinessStatus() is { } business ? CaseStates.Display(business) : state.Status());
        }

        return item;
    }

    private static DicomDataset Performed(FhirResource task)
    {
        var period = task.Root["executionPeriod"];
        var item = new DicomDataset();
        item.SetEmpty(DicomTags.PerformedStationNameCodeSequence).SetEmpty(DicomTags.PerformedStationClassCodeSequence).SetEmpty(DicomTags.PerformedStationGeographicLocationCodeSequence);
        item.SetItems(DicomTags.PerformedWorkitemCodeSequence, Code("110005", "DCM", "Interpretation"));
        item.Set(DicomTags.PerformedProcedureStepStartDateTime, DateTimeText(period.Text("start") ?? task.Root.Text("lastModified")));
        item.Set(DicomTags.PerformedProcedureStepEndDateTime, DateTimeText(period.Text("end") ?? task.Root.Text("lastModified")));
        item.SetEmpty(DicomTags.OutputInformationSequence);
        return item;
    }

    private static DicomDataset Code(string value, string scheme, string meaning) => new DicomDataset()
        .Set(DicomTags.CodeValue, value).Set(DicomTags.CodingSchemeDesignator, scheme).Set(DicomTags.CodeMeaning, meaning);

    private static void SetOrEmpty(DicomDataset set, DicomTag tag, string value)
    {
        if (value.Length == 0)
        {
            set.SetEmpty(tag);
        }
        else
        {
            set.Set(tag, value);
        }
    }

    /// <summary>DT in UTC with its zone (PS3.5 6.2).</summary>
    private static string DateTimeText(string? fhir) =>
        DateTimeOffset.TryParse(fhir, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "+0000"
            : "";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length].TrimEnd();
}

/// <summary>UIDs that follow from names, so that making a thing twice gives the same UID (PS3.5 B.2: a UUID below 2.25; here of version 8, RFC 9562 5.8).</summary>
public static class StableUid
{
    public static string Of(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder("secondopinion");
        foreach (var name in names)
        {
            text.Append('\n').Append(name);
        }

        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return DicomUid.FromGuid(new Guid(bytes, bigEndian: true));
    }
}

/// <summary>A Patient in DICOM's words.</summary>
public sealed record PatientText(string Id, string Issuer, string Name, string BirthDate, string Sex)
{
    public static PatientText Of(FhirResource? patient)
    {
        if (patient is null)
        {
            return new PatientText("", "", "", "", "");
        }

        var root = patient.Root;
        var identifiers = root.Identifiers();
        var identifier = identifiers.FirstOrDefault(i => i.Type == "MR") ?? (identifiers.Count > 0 ? identifiers[0] : null);
        var name = root["name"];
        foreach (var candidate in root.All("name"))
        {
            if (candidate.Text("use") == "official")
            {
                name = candidate;
                break;
            }
        }

        var given = name.All("given").Select(g => g.Value).OfType<string>().ToList();
        var personName = string.Join('^', new[]
        {
            name.Text("family") ?? (given.Count == 0 ? name.Text("text") : ""), given.Count > 0 ? given[0] : "", string.Join(' ', given.Skip(1)),
            string.Join(' ', name.All("prefix").Select(p => p.Value)), string.Join(' ', name.All("suffix").Select(s => s.Value)),
        }.Select(Clean)).TrimEnd('^');
        var birthDate = root.Text("birthDate") is { Length: 10 } date ? date.Replace("-", "", StringComparison.Ordinal) : "";
        var sex = root.Text("gender") switch { "male" => "M", "female" => "F", "other" => "O", _ => "" };
        return new PatientText(Clean(identifier?.Value), Identifier.Plain(identifier?.System ?? ""), personName, birthDate, sex);
    }

    /// <summary>Patient module elements (PS3.3 C.7.1.1), all of type 2, and the issuer.</summary>
    public void AddTo(DicomDataset set)
    {
        Set(set, DicomTags.PatientName, Name);
        Set(set, DicomTags.PatientID, Id.Length > 64 ? Id[..64] : Id);
        Set(set, DicomTags.PatientBirthDate, BirthDate);
        Set(set, DicomTags.PatientSex, Sex);
        if (Issuer.Length > 0 && Id.Length > 0)
        {
            // PS3.3 10.14: an OID or a URI is a Universal Entity ID.
            set.SetItems(DicomTags.IssuerOfPatientIDQualifiersSequence, new DicomDataset()
                .Set(DicomTags.UniversalEntityID, Issuer).Set(DicomTags.UniversalEntityIDType, DicomUid.IsValid(Issuer) ? "ISO" : "URI"));
        }
    }

    private static void Set(DicomDataset set, DicomTag tag, string value)
    {
        if (value.Length == 0)
        {
            set.SetEmpty(tag);
        }
        else
        {
            set.Set(tag, value);
        }
    }

    // Delimiters of PN (PS3.5 6.2) and of multiple values cannot stand inside a part.
    private static string Clean(string? part) => (part ?? "").Replace('^', ' ').Replace('=', ' ').Replace('\\', ' ').Trim();
}
