using System.Globalization;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Cases.Projection;

/// <summary>The PDF of a report as a DICOM document of the study that was read, for PACS that take results as DICOM.</summary>
public static class ReportDicom
{
    /// <summary>Patient and study as the study's own images say it, so that all of it stays one study of one patient.</summary>
    /// <param name="version">The version of the report: each has an object of its own.</param>
    public static DicomFile Make(byte[] pdf, StudyFacts study, string reportId, int version, string title, string? institution, DateTimeOffset now) => MakeDicom.FromPdf(pdf, new MakeDicomInput
    {
        Patient = new DicomPatient(study.PatientId, study.IssuerOfPatientId, study.PatientName, DicomTimes.Date(study.PatientBirthDate), study.PatientSex),
        Study = new DicomStudy
        {
            Uid = study.StudyInstanceUid,
            Date = DicomTimes.Date(study.StudyDate),
            Time = TimeOnly.TryParseExact(study.StudyTime.Split('.')[0], "HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null,
            AccessionNumber = study.AccessionNumber,
            AccessionIssuer = study.IssuerOfAccession,
            Id = study.StudyId,
            Description = study.Description,
            ReferringPhysician = study.ReferringPhysician,
        },
        Series = new DicomSeries { Uid = StableUid.Of("report-series", reportId), Number = 9000, Modality = "DOC", Description = "Second opinion" },
        InstanceUid = StableUid.Of("report", reportId, version.ToString(CultureInfo.InvariantCulture)),
        InstanceNumber = version,
        Institution = institution,
        Now = now,
        Acquired = now.UtcDateTime,
        Title = title,
        BurnedInAnnotation = true,
    });
}
