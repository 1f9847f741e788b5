using System.Text;
using System.Xml;

namespace SecondOpinion.Dicom;

/// <summary>The Native DICOM Model in XML (PS3.19 A.1).</summary>
public static class DicomXml
{
    /// <summary>The namespace of the model's elements.</summary>
    public const string Namespace = "http://dicom.nema.org/PS3.19/models/NativeDICOM";

    /// <summary>What a writer of this model needs: UTF-8, and carriage returns that survive reading.</summary>
    public static XmlWriterSettings WriterSettings => new()
    {
        Encoding = new UTF8Encoding(false),
        NewLineHandling = NewLineHandling.Entitize,
        CloseOutput = false,
    };

    /// <summary>Writes one data set as a NativeDicomModel element.</summary>
    public static void Write(XmlWriter writer, DicomDataset dataset, DicomJsonOptions? options = null) =>
        new XmlModelWriter(writer, options ?? DicomJsonOptions.Default).WriteTop(dataset, null);

    /// <summary>Writes the data set of a file. Pixel data that was not read (<see cref="DicomFile.ReadHeader"/>) is written as BulkData if the options
    /// give a URI for its path.</summary>
    public static void Write(XmlWriter writer, DicomFile file, DicomJsonOptions? options = null) =>
        new XmlModelWriter(writer, options ?? DicomJsonOptions.Default).WriteTop(file.Dataset, file.IsHeaderOnly ? file.Pixels : null);

    /// <summary>Writes a document in UTF-8.</summary>
    public static void Write(Stream stream, DicomDataset dataset, DicomJsonOptions? options = null)
    {
        using var writer = XmlWriter.Create(stream, WriterSettings);
        Write(writer, dataset, options);
    }

    /// <summary>Writes a document in UTF-8.</summary>
    public static void Write(Stream stream, DicomFile file, DicomJsonOptions? options = null)
    {
        using var writer = XmlWriter.Create(stream, WriterSettings);
        Write(writer, file, options);
    }

    /// <summary>A document in UTF-8.</summary>
    public static byte[] ToArray(DicomDataset dataset, DicomJsonOptions? options = null)
    {
        using var stream = new PooledStream();
        Write(stream, dataset, options);
        return stream.ToArray();
    }

    /// <summary>Reads a document. Text becomes UTF-8 (ISO_IR 192); bulk data stays a reference (<see cref="DicomElement.BulkDataUri"/>). Document type
    /// definitions are refused, and nothing outside the document is read. <see cref="DicomReadOptions.MaxInflatedBytes"/> bounds its characters.</summary>
    /// <exception cref="DicomException">The document is no XML, or no Native DICOM Model.</exception>
    public static DicomDataset Read(Stream stream, DicomReadOptions? options = null) => XmlModelReader.Read(stream, options ?? DicomReadOptions.Default);

    /// <inheritdoc cref="Read(Stream, DicomReadOptions?)"/>
    public static DicomDataset Read(byte[] utf8, DicomReadOptions? options = null)
    {
        using var stream = new MemoryStream(utf8, writable: false);
        return Read(stream, options);
    }
}
