namespace SecondOpinion.Dicom;

/// <summary>Choices of the JSON and XML models.</summary>
public sealed record DicomJsonOptions
{
    /// <summary>Everything inline.</summary>
    public static DicomJsonOptions Default { get; } = new();

    /// <summary>Binary values of more bytes than this, and encapsulated pixel data, are replaced by a BulkDataURI if there is one; 1024.</summary>
    public int BulkDataThreshold { get; init; } = 1024;

    /// <summary>
    /// The URI of the value at a path (PS3.18 F.2.2), null to write it inline. A path is eight hex digits, in sequences preceded by tag and item
    /// number from 1 of each level: <c>00409096/1/00409212</c> (<see cref="DicomPath"/>). Large text and number values are offered too. Encapsulated
    /// pixel data cannot stand inline and need one: a write without it ends with a <see cref="DicomException"/>.
    /// </summary>
    public Func<string, string?>? BulkDataUri { get; init; }

    /// <summary>IS, DS, SV and UV always as strings, for clients that cannot read numbers there.</summary>
    public bool NumbersAsStrings { get; init; }
}
