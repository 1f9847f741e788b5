namespace SecondOpinion.Dicom;

/// <summary>Limits and choices of a read. The defaults suit a server that reads hostile bytes.</summary>
public sealed record DicomReadOptions
{
    /// <summary>The defaults.</summary>
    public static DicomReadOptions Default { get; } = new();

    /// <summary>Levels of nested sequences; 64. Each takes some hundred bytes of the thread's stack: thousands can exhaust it.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Elements of all levels together; 4 million.</summary>
    public int MaxElements { get; init; } = 4_000_000;

    /// <summary>Bytes before Pixel Data that <see cref="DicomFile.ReadHeader"/> reads; 64 MiB.</summary>
    public int MaxHeaderBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of a deflated data set once inflated; 512 MiB.</summary>
    public int MaxInflatedBytes { get; init; } = 512 << 20;

    /// <summary>Ends the read before the first element of the data set whose tag is this or greater.</summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>Keeps what was read when the data end inside an element, and reports a fault, instead of refusing.</summary>
    public bool AllowTruncated { get; init; }

    /// <summary>The transfer syntax of bytes that have no group 0002; guessed when null.</summary>
    public string? TransferSyntaxWithoutMeta { get; init; }
}
