using System.Collections.Frozen;
using System.Linq.Expressions;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Which column answers which attribute, and by which kind of matching (PS3.18 10.6.1.2; PS3.4 C.2.2.2).</summary>
internal static class StudyQueryColumns
{
    /// <summary>A date and a time that are matched together.</summary>
    internal sealed record Moment<T>(string DatePath, string TimePath, Expression<Func<T, string>> Date, Expression<Func<T, string>> Time);

    public static Moment<StudyRow> StudyMoment { get; } = new("00080020", "00080030", s => s.StudyDate, s => s.StudyTime);

    public static Moment<SeriesRow> SeriesMoment { get; } = new("00400244", "00400245", s => s.PerformedProcedureStepStartDate, s => s.PerformedProcedureStepStartTime);

    public static FrozenDictionary<string, Func<string, Expression<Func<StudyRow, bool>>?>> Studies { get; } = new Dictionary<string, Func<string, Expression<Func<StudyRow, bool>>?>>
    {
        ["00080020"] = v => ColumnMatch.Date<StudyRow>(s => s.StudyDate, v),
        ["00080030"] = v => ColumnMatch.Time<StudyRow>(s => s.StudyTime, v),
        ["00080050"] = v => ColumnMatch.Text<StudyRow>(s => s.AccessionNumber, v),
        ["00080061"] = v => ColumnMatch.AnyOf<StudyRow>(s => s.Modalities, v),
        ["00080090"] = v => ColumnMatch.Name<StudyRow>(s => s.ReferringPhysicianNameNorm, v),
        ["00081030"] = v => ColumnMatch.Text<StudyRow>(s => s.StudyDescription, v),
        ["00100010"] = v => ColumnMatch.Name<StudyRow>(s => s.PatientNameNorm, v),
        ["00100020"] = v => ColumnMatch.Text<StudyRow>(s => s.PatientId, v),
        ["00100021"] = v => ColumnMatch.Text<StudyRow>(s => s.IssuerOfPatientId, v),
        ["00100030"] = v => ColumnMatch.Date<StudyRow>(s => s.PatientBirthDate, v),
        ["00100040"] = v => ColumnMatch.Text<StudyRow>(s => s.PatientSex, v),
        ["0020000D"] = v => ColumnMatch.Uids<StudyRow>(s => s.StudyInstanceUid, v),
        ["00200010"] = v => ColumnMatch.Text<StudyRow>(s => s.StudyId, v),
    }.ToFrozenDictionary();

    public static FrozenDictionary<string, Func<string, Expression<Func<SeriesRow, bool>>?>> Series { get; } = new Dictionary<string, Func<string, Expression<Func<SeriesRow, bool>>?>>
    {
        ["00080060"] = v => ColumnMatch.Text<SeriesRow>(s => s.Modality, v),
        ["00080070"] = v => ColumnMatch.Text<SeriesRow>(s => s.Manufacturer, v),
        ["0008103E"] = v => ColumnMatch.Text<SeriesRow>(s => s.SeriesDescription, v),
        ["00180015"] = v => ColumnMatch.Text<SeriesRow>(s => s.BodyPartExamined, v),
        ["0020000E"] = v => ColumnMatch.Uids<SeriesRow>(s => s.SeriesInstanceUid, v),
        ["00200011"] = v => ColumnMatch.Integer<SeriesRow>(s => s.SeriesNumber, v),
        ["00200060"] = v => ColumnMatch.Text<SeriesRow>(s => s.Laterality, v),
        ["00400244"] = v => ColumnMatch.Date<SeriesRow>(s => s.PerformedProcedureStepStartDate, v),
        ["00400245"] = v => ColumnMatch.Time<SeriesRow>(s => s.PerformedProcedureStepStartTime, v),
        ["00400275.00400009"] = v => ColumnMatch.Text<SeriesRow>(s => s.ScheduledProcedureStepId, v),
        ["00400275.00401001"] = v => ColumnMatch.Text<SeriesRow>(s => s.RequestedProcedureId, v),
    }.ToFrozenDictionary();

    public static FrozenDictionary<string, Func<string, Expression<Func<InstanceRow, bool>>?>> Instances { get; } = new Dictionary<string, Func<string, Expression<Func<InstanceRow, bool>>?>>
    {
        ["00080016"] = v => ColumnMatch.Uids<InstanceRow>(i => i.SopClassUid, v),
        ["00080018"] = v => ColumnMatch.Uids<InstanceRow>(i => i.SopInstanceUid, v),
        ["00083002"] = v => ColumnMatch.Uids<InstanceRow>(i => i.TransferSyntaxUid, v),
        ["00200013"] = v => ColumnMatch.Integer<InstanceRow>(i => i.InstanceNumber, v),
        ["00280008"] = v => ColumnMatch.Integer<InstanceRow>(i => i.NumberOfFrames, v),
        ["00280010"] = v => ColumnMatch.Integer<InstanceRow>(i => i.Rows, v),
        ["00280011"] = v => ColumnMatch.Integer<InstanceRow>(i => i.Columns, v),
        ["00280100"] = v => ColumnMatch.Integer<InstanceRow>(i => i.BitsAllocated, v),
    }.ToFrozenDictionary();

    /// <summary>Keys with an index of their own that find few rows: patients, orders, UIDs.</summary>
    public static FrozenSet<string> NarrowKeys { get; } = new[]
    {
        "00080018", "00080050", "00080090", "00100010", "00100020", "0020000D", "0020000E", "00200010", "00400275.00400009", "00400275.00401001",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>An instance without the tables that only frame retrieval needs.</summary>
    public static Expression<Func<InstanceRow, InstanceRow>> WithoutFrames { get; } = i => new InstanceRow
    {
        Key = i.Key,
        SeriesKey = i.SeriesKey,
        StudyKey = i.StudyKey,
        TenantId = i.TenantId,
        SopInstanceUid = i.SopInstanceUid,
        SopClassUid = i.SopClassUid,
        InstanceNumber = i.InstanceNumber,
        TransferSyntaxUid = i.TransferSyntaxUid,
        Rows = i.Rows,
        Columns = i.Columns,
        BitsAllocated = i.BitsAllocated,
        NumberOfFrames = i.NumberOfFrames,
        BlobId = i.BlobId,
        Size = i.Size,
        PixelOffset = i.PixelOffset,
        PixelLength = i.PixelLength,
        IsFloatPixels = i.IsFloatPixels,
        Created = i.Created,
    };
}
