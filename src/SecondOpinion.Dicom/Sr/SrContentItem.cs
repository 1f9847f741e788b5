namespace SecondOpinion.Dicom;

/// <summary>A coded entry (PS3.3 8).</summary>
public sealed record SrCode(string Value, string Scheme, string Meaning, string? SchemeVersion = null)
{
    /// <summary>The code of an item of a code sequence; long and URN code values count too. Null for an item without a code.</summary>
    public static SrCode? Read(DicomDataset? item) =>
        item is not null && (item.GetString(DicomTags.CodeValue) ?? item.GetString(DicomTags.LongCodeValue) ?? item.GetString(DicomTags.URNCodeValue)) is { } value
            ? new SrCode(value, item.GetString(DicomTags.CodingSchemeDesignator) ?? "", item.GetString(DicomTags.CodeMeaning) ?? "", item.GetString(DicomTags.CodingSchemeVersion))
            : item?.GetString(DicomTags.CodeMeaning) is { } meaning ? new SrCode("", "", meaning) : null;

    /// <summary>The item of a code sequence (PS3.3 table 8.8-1).</summary>
    public DicomDataset ToItem()
    {
        const int shortCode = 16;
        var item = new DicomDataset().Set(Value.Length > shortCode ? DicomTags.LongCodeValue : DicomTags.CodeValue, Value).Set(DicomTags.CodeMeaning, Meaning);
        if (Scheme.Length > 0)
        {
            item.Set(DicomTags.CodingSchemeDesignator, Scheme);
        }

        return SchemeVersion is null ? item : item.Set(DicomTags.CodingSchemeVersion, SchemeVersion);
    }
}

/// <summary>What a content item holds (PS3.3 C.17.3.2.1).</summary>
public enum SrValueType
{
    /// <summary>A value type that this library does not know, or an item by reference, which has none.</summary>
    Other,

    /// <summary>CONTAINER: a heading and the items below it.</summary>
    Container,

    /// <summary>TEXT.</summary>
    Text,

    /// <summary>NUM: a number with its unit.</summary>
    Num,

    /// <summary>CODE.</summary>
    Code,

    /// <summary>DATETIME.</summary>
    DateTime,

    /// <summary>DATE.</summary>
    Date,

    /// <summary>TIME.</summary>
    Time,

    /// <summary>UIDREF.</summary>
    UidRef,

    /// <summary>PNAME.</summary>
    PName,

    /// <summary>COMPOSITE: an instance that is no image and no waveform.</summary>
    Composite,

    /// <summary>IMAGE.</summary>
    Image,

    /// <summary>WAVEFORM.</summary>
    Waveform,

    /// <summary>SCOORD: places in an image.</summary>
    SCoord,

    /// <summary>SCOORD3D: places in a frame of reference.</summary>
    SCoord3D,

    /// <summary>TCOORD: times in a waveform or in frames.</summary>
    TCoord,
}

/// <summary>A referenced instance; study and series are needed for the evidence list of a document (PS3.3 C.17.2.1).</summary>
public sealed record SrReference(string SopClassUid, string SopInstanceUid)
{
    /// <summary>From 1; none for all.</summary>
    public IReadOnlyList<int> Frames { get; init; } = [];

    /// <summary>The study of the instance.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>The series of the instance.</summary>
    public string? SeriesInstanceUid { get; init; }
}

/// <summary>A node of the content tree (PS3.3 C.17.3).</summary>
public sealed record SrContentItem(SrValueType Type, SrCode? Name)
{
    /// <summary>CONTAINS, HAS PROPERTIES, HAS CONCEPT MOD, INFERRED FROM, SELECTED FROM, HAS OBS CONTEXT, HAS ACQ CONTEXT; empty at the root.</summary>
    public string Relationship { get; init; } = "CONTAINS";

    /// <summary>The value of TEXT, DATE, TIME, DATETIME (as in DICOM), PNAME, UIDREF, and the decimal string of NUM.</summary>
    public string? Text { get; init; }

    /// <summary>The value of CODE, the unit of NUM.</summary>
    public SrCode? Code { get; init; }

    /// <summary>The instance of COMPOSITE, IMAGE and WAVEFORM.</summary>
    public SrReference? Reference { get; init; }

    /// <summary>POINT, MULTIPOINT, POLYLINE, CIRCLE, ELLIPSE, POLYGON, ELLIPSOID of SCOORD and SCOORD3D; the range type of TCOORD.</summary>
    public string? GraphicType { get; init; }

    /// <summary>Pairs of column and row, or triplets in millimetres.</summary>
    public IReadOnlyList<float> GraphicData { get; init; } = [];

    /// <summary>The frame of reference of SCOORD3D.</summary>
    public string? FrameOfReferenceUid { get; init; }

    /// <summary>The text of a container's items runs on (CONTINUOUS).</summary>
    public bool IsContinuous { get; init; }

    /// <summary>Of an item by reference: where its target is, as child numbers from 1, the first being the root (PS3.3 C.17.3.2.5).</summary>
    public IReadOnlyList<int> Target { get; init; } = [];

    /// <summary>Observation DateTime as in DICOM.</summary>
    public string? ObservedAt { get; init; }

    /// <summary>The template of a container: identifier in DCMR, as "1500".</summary>
    public string? TemplateId { get; init; }

    /// <summary>The items below, in the order of the document.</summary>
    public IReadOnlyList<SrContentItem> Children { get; init; } = [];

    /// <summary>A CONTAINER with these children.</summary>
    public static SrContentItem OfContainer(SrCode name, params SrContentItem[] children) => new(SrValueType.Container, name) { Children = children };

    /// <summary>A TEXT item.</summary>
    public static SrContentItem OfText(SrCode name, string text) => new(SrValueType.Text, name) { Text = text };

    /// <summary>A CODE item.</summary>
    public static SrContentItem OfCode(SrCode name, SrCode value) => new(SrValueType.Code, name) { Code = value };

    /// <param name="value">At most 16 characters, as in DS.</param>
    public static SrContentItem OfNumber(SrCode name, string value, SrCode unit) => new(SrValueType.Num, name) { Text = value, Code = unit };

    /// <summary>An IMAGE item.</summary>
    public static SrContentItem OfImage(SrCode? name, SrReference image) => new(SrValueType.Image, name) { Reference = image };

    /// <summary>The item and all below it.</summary>
    public IEnumerable<SrContentItem> All() => Children.SelectMany(c => c.All()).Prepend(this);
}
