namespace SecondOpinion.Dicom;

/// <summary>Choices of a write.</summary>
public sealed record DicomWriteOptions
{
    /// <summary>Defined lengths, and the data set's own pixel data.</summary>
    public static DicomWriteOptions Default { get; } = new();

    /// <summary>Sequences and items of undefined length with delimiters, instead of defined lengths (PS3.5 7.5).</summary>
    public bool UndefinedLengths { get; init; }

    /// <summary>Leaves preamble and group 0002 out.</summary>
    public bool WithoutMeta { get; init; }

    /// <summary>Pixel Data from elsewhere, in place of that of the data set: for files whose pixels do not fit in memory.</summary>
    public DicomPixelSource? PixelData { get; init; }

    /// <summary>(0002,0016) Source Application Entity Title.</summary>
    public string? SourceApplicationEntityTitle { get; init; }
}

/// <summary>The value of Pixel Data as it stands in a file of the same transfer syntax.</summary>
/// <param name="Content">Read from its position: <paramref name="Length"/> bytes, or, when encapsulated, all items and the sequence delimiter.</param>
/// <param name="Length">Null when encapsulated: the content is copied to its end.</param>
public sealed record DicomPixelSource(Stream Content, long? Length, DicomVr Vr = DicomVr.OW);
