namespace SecondOpinion.Dicom;

/// <summary>A DICOM file: file meta information and a data set (PS3.10 7).</summary>
public sealed class DicomFile
{
    /// <summary>(0002,0012) of files that this library writes.</summary>
    public const string ImplementationClassUid = "2.25.215802358541713476403953016206471873549";

    /// <summary>(0002,0013) of files that this library writes.</summary>
    public const string ImplementationVersionName = "SECONDOPINION_1";

    internal DicomFile(DicomDataset meta, DicomDataset dataset, string transferSyntaxUid)
    {
        Meta = meta;
        Dataset = dataset;
        TransferSyntaxUid = transferSyntaxUid;
    }

    /// <summary>Group 0002; empty when the bytes had none.</summary>
    public DicomDataset Meta { get; }

    /// <summary>The data set: everything behind group 0002.</summary>
    public DicomDataset Dataset { get; }

    /// <summary>The transfer syntax of the data set as it was read, or shall be written.</summary>
    public string TransferSyntaxUid { get; }

    /// <summary>How the transfer syntax encodes elements.</summary>
    public DicomTransferSyntax TransferSyntax => DicomTransferSyntax.Of(TransferSyntaxUid);

    /// <summary>Where the value of Pixel Data starts in the file (encapsulated: the item of the offset table). Null without pixel data, of a deflated
    /// file, and of a data set that was not read from bytes.</summary>
    public long? PixelDataOffset => Pixels?.Offset;

    /// <summary>Bytes of the value of Pixel Data; null without pixel data or when its length is undefined.</summary>
    public long? PixelDataLength => Pixels?.Length;

    /// <summary>(7FE0,0010), or (7FE0,0008) or (7FE0,0009) for floats; null without pixel data.</summary>
    public DicomTag? PixelDataTag => Pixels?.Tag;

    /// <summary>The VR of Pixel Data as written in the file; null without pixel data.</summary>
    public DicomVr? PixelDataVr => Pixels?.Vr;

    /// <summary>Pixel Data has an undefined length: an offset table and fragments.</summary>
    public bool IsPixelDataEncapsulated => Pixels is { Length: null };

    /// <summary>Pixel Data, and what follows it, was not read.</summary>
    public bool IsHeaderOnly { get; internal init; }

    /// <summary>Irregularities that reading went past.</summary>
    public IReadOnlyList<DicomFault> Faults { get; internal init; } = [];

    internal PixelDataPosition? Pixels { get; init; }

    /// <summary>Reads a Part 10 file, or a data set without preamble and meta information. Values are ranges of the bytes, which must not change.</summary>
    /// <exception cref="DicomException">The bytes are not DICOM, damaged, or beyond a limit of the options.</exception>
    public static DicomFile Read(ReadOnlyMemory<byte> bytes, DicomReadOptions? options = null) => FileReader.Read(bytes, options ?? DicomReadOptions.Default);

    /// <summary>Reads everything before Pixel Data from the stream's position on, and not much more of the stream than that. Of a deflated file the
    /// whole data set is read.</summary>
    /// <exception cref="DicomException">As <see cref="Read"/>; also when the header is larger than <see cref="DicomReadOptions.MaxHeaderBytes"/>.</exception>
    public static DicomFile ReadHeader(Stream seekable, DicomReadOptions? options = null) => HeaderReader.Read(seekable, options ?? DicomReadOptions.Default);

    /// <summary>A file for a data set: makes group 0002 from its SOP Class UID and SOP Instance UID.</summary>
    public static DicomFile Create(DicomDataset dataset, string transferSyntaxUid) => new([], dataset, transferSyntaxUid);

    /// <summary>The same data set to be written in another transfer syntax; pixel data is not transcoded.</summary>
    public DicomFile WithTransferSyntax(string transferSyntaxUid) => new(Meta, Dataset, transferSyntaxUid);

    /// <summary>Writes preamble, group 0002 and the data set.</summary>
    /// <exception cref="DicomException">The data set cannot be written in the transfer syntax.</exception>
    public void Write(Stream stream, DicomWriteOptions? options = null) => FileWriter.Write(this, stream, options ?? DicomWriteOptions.Default);

    /// <summary>As <see cref="Write"/>, into an array.</summary>
    public byte[] ToArray(DicomWriteOptions? options = null)
    {
        using var stream = new PooledStream();
        Write(stream, options);
        return stream.ToArray();
    }
}
