namespace SecondOpinion.Dicom.Imaging;

/// <summary>Which image storage class a foreign image goes into.</summary>
public enum DicomImageKind
{
    /// <summary>Secondary Capture Image Storage, or its multi-frame classes for several pages (PS3.3 A.8).</summary>
    SecondaryCapture,

    /// <summary>VL Photographic Image Storage (PS3.3 A.32.4).</summary>
    Photograph,

    /// <summary>Digital Intra-Oral X-Ray Image Storage - For Presentation (PS3.3 A.27).</summary>
    IntraOralXRay,
}

/// <summary>The patient of a made object. Empty values are written as empty.</summary>
/// <param name="Name">A DICOM person name: Family^Given^Middle^Prefix^Suffix, with ideographic and phonetic groups after "=".</param>
/// <param name="Sex">M, F or O.</param>
public sealed record DicomPatient(string? Id, string? Issuer, string? Name, DateOnly? BirthDate, string? Sex);

/// <summary>The study of a made object.</summary>
public sealed record DicomStudy
{
    /// <summary>A new one when null.</summary>
    public string? Uid { get; init; }

    /// <summary>Study Date; empty when null.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Study Time; empty when null.</summary>
    public TimeOnly? Time { get; init; }

    /// <summary>At most 16 characters.</summary>
    public string? AccessionNumber { get; init; }

    /// <summary>Local namespace of the accession number.</summary>
    public string? AccessionIssuer { get; init; }

    /// <summary>Study ID, at most 16 characters.</summary>
    public string? Id { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A DICOM person name.</summary>
    public string? ReferringPhysician { get; init; }
}

/// <summary>The series of a made object.</summary>
public sealed record DicomSeries
{
    /// <summary>A new one when null.</summary>
    public string? Uid { get; init; }

    /// <summary>Series Number; 1 when null.</summary>
    public int? Number { get; init; }

    /// <summary>When null: OT for secondary capture, XC for photographs, IO for intra-oral radiographs, DOC for documents.</summary>
    public string? Modality { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string? Description { get; init; }

    /// <summary>R or L of a paired body part.</summary>
    public string? Laterality { get; init; }
}

/// <summary>A code of an anatomic region or structure.</summary>
public sealed record DicomCode(string Value, string Scheme, string Meaning);

/// <summary>What a made object says beyond its pixels.</summary>
public sealed record MakeDicomInput
{
    /// <summary>Whose object it is.</summary>
    public required DicomPatient Patient { get; init; }

    /// <summary>The study that it goes into; a new one unless said otherwise.</summary>
    public DicomStudy Study { get; init; } = new();

    /// <summary>The series that it goes into; a new one unless said otherwise.</summary>
    public DicomSeries Series { get; init; } = new();

    /// <summary>SOP Instance UID; a new one when null.</summary>
    public string? InstanceUid { get; init; }

    /// <summary>Its place in the series.</summary>
    public int InstanceNumber { get; init; } = 1;

    /// <summary>The storage class of an image; a PDF has its own.</summary>
    public DicomImageKind Kind { get; init; } = DicomImageKind.SecondaryCapture;

    /// <summary>Institution Name, at most 64 characters.</summary>
    public string? Institution { get; init; }

    /// <summary>Who made the software or device; this program when null.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>Conversion Type (PS3.3 C.8.6.1): WSD from a workstation, DF digitised film, SD scanned document, ...</summary>
    public string ConversionType { get; init; } = "WSD";

    /// <summary>Whether the pixels show who the patient is; unknown counts as yes where the attribute must have a value.</summary>
    public bool? BurnedInAnnotation { get; init; }

    /// <summary>When the object is made, with its offset from UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the image was taken, where known.</summary>
    public DateTime? Acquired { get; init; }

    /// <summary>Of documents.</summary>
    public string? Title { get; init; }

    /// <summary>Distance of pixel centres in mm at the detector (intra-oral: type 1, 0.02 when null) or in the image.</summary>
    public double? PixelSpacing { get; init; }

    /// <summary>Of intra-oral radiographs; jaw region when null.</summary>
    public DicomCode? AnatomicRegion { get; init; }

    /// <summary>Teeth of an intra-oral radiograph.</summary>
    public IReadOnlyList<DicomCode> Teeth { get; init; } = [];

    /// <summary>Of intra-oral radiographs: R, L, or B (both), also when null: the class knows no other.</summary>
    public string? ImageLaterality { get; init; }

    /// <summary>Of intra-oral radiographs: where rows and columns run to (PS3.3 C.7.6.1.1.1); the usual mounting of the side when null.</summary>
    public (string Row, string Column)? PatientOrientation { get; init; }
}
