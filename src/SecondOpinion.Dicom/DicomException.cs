namespace SecondOpinion.Dicom;

/// <summary>Why bytes, JSON or XML were refused.</summary>
public enum DicomError
{
    /// <summary>The bytes are neither a Part 10 file nor a bare data set.</summary>
    NotDicom,

    /// <summary>The data end inside an element.</summary>
    Truncated,

    /// <summary>A length cannot be right where it stands (an item longer than its sequence, an undefined length where none may be).</summary>
    InvalidLength,

    /// <summary>Item or delimiter tags stand where none may be.</summary>
    InvalidStructure,

    /// <summary>Sequences are nested deeper than <see cref="DicomReadOptions.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More elements than <see cref="DicomReadOptions.MaxElements"/>.</summary>
    TooManyElements,

    /// <summary>The header, or the inflated data set, is larger than the options allow.</summary>
    TooLarge,

    /// <summary>The deflated data set cannot be inflated.</summary>
    InvalidDeflate,

    /// <summary>A value cannot be what its VR says.</summary>
    InvalidValue,

    /// <summary>The transfer syntax is not one that this operation knows.</summary>
    UnsupportedTransferSyntax,

    /// <summary>The JSON or XML document is not a DICOM model object.</summary>
    InvalidDocument,

    /// <summary>An attribute that the operation needs is missing.</summary>
    MissingAttribute,
}

/// <summary>The one exception of this library. <see cref="Code"/> is stable; the message is for people.</summary>
public sealed class DicomException : Exception
{
    /// <summary>A refusal; the message names tag and offset where they are known.</summary>
    public DicomException(DicomError code, string message, DicomTag? tag = null, long? offset = null, Exception? inner = null)
        : base(Describe(message, tag, offset), inner)
    {
        Code = code;
        Tag = tag;
        Offset = offset;
    }

    /// <summary>Why.</summary>
    public DicomError Code { get; }

    /// <summary>The element at fault, where known.</summary>
    public DicomTag? Tag { get; }

    /// <summary>Bytes from the start of what was read, where known.</summary>
    public long? Offset { get; }

    private static string Describe(string message, DicomTag? tag, long? offset) =>
        message + (tag is { } t ? $" [{t} {t.Keyword}]" : "") + (offset is { } o ? $" at byte {o}" : "");
}

/// <summary>Something wrong that reading went past.</summary>
public sealed record DicomFault(DicomFaultKind Kind, DicomTag Tag, long Offset)
{
    /// <summary>Kind, tag, keyword and offset.</summary>
    public override string ToString() => $"{Kind} {Tag} {Tag.Keyword} at byte {Offset}";
}

/// <summary>The irregularities that the reader accepts and reports.</summary>
public enum DicomFaultKind
{
    /// <summary>No 128 bytes preamble and "DICM" (PS3.10 7.1).</summary>
    MissingPreamble,

    /// <summary>No group 0002, or no transfer syntax in it: guessed.</summary>
    MissingTransferSyntax,

    /// <summary>Another encoding than the transfer syntax says.</summary>
    WrongTransferSyntax,

    /// <summary>The length of group 0002 is wrong.</summary>
    WrongGroupLength,

    /// <summary>The VR field is not a VR of the standard.</summary>
    UnknownVr,

    /// <summary>Tags are not in ascending order.</summary>
    OutOfOrder,

    /// <summary>The same tag again; the first one was kept.</summary>
    Duplicate,

    /// <summary>An odd value length (PS3.5 7.1.1).</summary>
    OddLength,

    /// <summary>A delimiter is missing or stands where none belongs.</summary>
    StrayDelimiter,

    /// <summary>An item or sequence is longer or shorter than its content.</summary>
    WrongItemLength,

    /// <summary>Bytes after the data set that are no elements.</summary>
    TrailingBytes,

    /// <summary>The data end inside this element; what came before was kept.</summary>
    Truncated,
}
