namespace SecondOpinion.Dicom;

/// <summary>Who verified a document (PS3.3 C.17.2, Verifying Observer Sequence).</summary>
/// <param name="Name">As PN.</param>
/// <param name="At">As DT.</param>
public sealed record SrObserver(string Name, string Organization, string At, SrCode? Identification = null);

/// <summary>A structured report: its state and its content tree (PS3.3 A.35, C.17).</summary>
public sealed record SrDocument(SrContentItem Content)
{
    /// <summary>COMPLETE, otherwise PARTIAL.</summary>
    public bool IsComplete { get; init; }

    /// <summary>VERIFIED means at least one.</summary>
    public IReadOnlyList<SrObserver> VerifyingObservers { get; init; } = [];

    /// <summary>The SOP class it was read from; null lets the writer choose the least one that holds the content.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>Reads any SR SOP class, leniently: content that it does not know is kept as <see cref="SrValueType.Other"/>.</summary>
    /// <exception cref="DicomException">The data set has no content tree.</exception>
    public static SrDocument Read(DicomDataset dataset) => SrReader.Read(dataset);

    /// <summary>A data set of the document. Patient and study attributes are taken from one of the study's instances.</summary>
    /// <param name="writtenAt">Content date and time, in the time zone of the study.</param>
    /// <exception cref="DicomException">The content is no tree that the SOP class may hold.</exception>
    public DicomDataset ToDataset(DicomDataset study, DateTime writtenAt) => SrWriter.Write(this, study, writtenAt);

    /// <summary>The content as indented lines.</summary>
    public string ToText() => SrRendering.Text(this);

    /// <summary>The content as a complete HTML document without scripts, styles or links.</summary>
    public string ToHtml() => SrRendering.Html(this);
}
