using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecondOpinion.Dicom;

/// <summary>The DICOM JSON model (PS3.18 Annex F).</summary>
public static class DicomJson
{
    /// <summary>What a writer of this model needs: UTF-8 instead of \u escapes.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one data set as an object.</summary>
    public static void Write(Utf8JsonWriter writer, DicomDataset dataset, DicomJsonOptions? options = null) =>
        new JsonModelWriter(writer, options ?? DicomJsonOptions.Default).WriteTop(dataset, null);

    /// <summary>Writes one data set as an object.</summary>
    public static void Write(IBufferWriter<byte> buffer, DicomDataset dataset, DicomJsonOptions? options = null)
    {
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        Write(writer, dataset, options);
    }

    /// <summary>Writes the data set of a file. Pixel data that was not read (<see cref="DicomFile.ReadHeader"/>) is written as a BulkDataURI if the
    /// options give one for its path.</summary>
    public static void Write(Utf8JsonWriter writer, DicomFile file, DicomJsonOptions? options = null) =>
        new JsonModelWriter(writer, options ?? DicomJsonOptions.Default).WriteTop(file.Dataset, file.IsHeaderOnly ? file.Pixels : null);

    /// <summary>Writes the data set of a file, as the overload for a JSON writer.</summary>
    public static void Write(IBufferWriter<byte> buffer, DicomFile file, DicomJsonOptions? options = null)
    {
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        Write(writer, file, options);
    }

    /// <summary>One data set as an object in UTF-8.</summary>
    public static byte[] ToArray(DicomDataset dataset, DicomJsonOptions? options = null)
    {
        using var buffer = new PooledStream();
        Write(buffer, dataset, options);
        return buffer.ToArray();
    }

    /// <summary>Reads one object. Text becomes UTF-8 (ISO_IR 192); a BulkDataURI stays a reference (<see cref="DicomElement.BulkDataUri"/>).</summary>
    /// <exception cref="DicomException">The document is no JSON, or no object of this model.</exception>
    public static DicomDataset Read(ReadOnlySpan<byte> utf8) => JsonModelReader.Read(utf8, DicomReadOptions.Default);

    /// <summary>Reads an array of objects, or a single object.</summary>
    public static IReadOnlyList<DicomDataset> ReadArray(ReadOnlySpan<byte> utf8) => JsonModelReader.ReadArray(utf8, DicomReadOptions.Default);
}
