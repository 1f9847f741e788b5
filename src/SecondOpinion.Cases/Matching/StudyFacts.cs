namespace SecondOpinion.Cases;

/// <summary>A stored study as the case rules and projections see it; texts as DICOM has them, empty when unknown.</summary>
public sealed record StudyFacts
{
    public required string StudyInstanceUid { get; init; }

    public string PatientId { get; init; } = "";

    public string IssuerOfPatientId { get; init; } = "";

    /// <summary>All component groups.</summary>
    public string PatientName { get; init; } = "";

    /// <summary>DA.</summary>
    public string PatientBirthDate { get; init; } = "";

    public string PatientSex { get; init; } = "";

    public string AccessionNumber { get; init; } = "";

    public string IssuerOfAccession { get; init; } = "";

    /// <summary>DA.</summary>
    public string StudyDate { get; init; } = "";

    /// <summary>TM.</summary>
    public string StudyTime { get; init; } = "";

    /// <summary>(0008,0201), for example <c>+0100</c>.</summary>
    public string TimezoneOffset { get; init; } = "";

    public string StudyId { get; init; } = "";

    /// <summary>A person name.</summary>
    public string ReferringPhysician { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<SeriesFacts> Series { get; init; } = [];
}

/// <summary>A series of <see cref="StudyFacts"/>.</summary>
public sealed record SeriesFacts
{
    public required string SeriesInstanceUid { get; init; }

    public string Modality { get; init; } = "";

    public int? Number { get; init; }

    public string Description { get; init; } = "";

    public string BodyPart { get; init; } = "";

    /// <summary>R or L.</summary>
    public string Laterality { get; init; } = "";

    /// <summary>DA and TM of the performed procedure step.</summary>
    public string StartDate { get; init; } = "";

    public string StartTime { get; init; } = "";

    public IReadOnlyList<InstanceFacts> Instances { get; init; } = [];
}

/// <summary>An instance of <see cref="SeriesFacts"/>.</summary>
public sealed record InstanceFacts(string SopInstanceUid, string SopClassUid, int? Number, int? Frames);
