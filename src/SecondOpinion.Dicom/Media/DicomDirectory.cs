using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>A directory record and those below it (PS3.3 F.3.2.2).</summary>
/// <param name="Type">"PATIENT", "STUDY", "SERIES", "IMAGE", ... (PS3.3 F.5).</param>
/// <param name="Attributes">The record's keys, without the links.</param>
public sealed record DicomDirectoryRecord(string Type, DicomDataset Attributes, IReadOnlyList<DicomDirectoryRecord> Children)
{
    /// <summary>The components of Referenced File ID; none for a record without a file.</summary>
    public IReadOnlyList<string> FileId => Attributes.GetStrings(DicomTags.ReferencedFileID);

    /// <summary>Referenced SOP Instance UID in File; null for a record without a file.</summary>
    public string? SopInstanceUid => Attributes.GetString(DicomTags.ReferencedSOPInstanceUIDInFile);

    /// <summary>The path of the record's file below the folder of the file-set. False when the record names none, or one outside the folder.</summary>
    public bool TryLocate(string folder, out string path)
    {
        path = "";
        var parts = FileId;
        if (parts.Count == 0 || parts.Any(p => p is "" or "." or ".." || p.AsSpan().ContainsAny("/\\:\0")))
        {
            return false;
        }

        path = Path.Combine([folder, .. parts]);
        return true;
    }

    /// <summary>The record and all below it.</summary>
    public IEnumerable<DicomDirectoryRecord> All() => Children.SelectMany(c => c.All()).Prepend(this);
}

/// <summary>The DICOMDIR of a file-set (PS3.10 8, PS3.3 F).</summary>
public sealed class DicomDirectory
{
    internal DicomDirectory(string? fileSetId, IReadOnlyList<DicomDirectoryRecord> records)
    {
        FileSetId = fileSetId;
        Records = records;
    }

    /// <summary>(0004,1130).</summary>
    public string? FileSetId { get; }

    /// <summary>The records of the root: patients, and what belongs to none.</summary>
    public IReadOnlyList<DicomDirectoryRecord> Records { get; }

    /// <summary>Every record of every level that is in use.</summary>
    public IEnumerable<DicomDirectoryRecord> All() => Records.SelectMany(r => r.All());

    /// <summary>Reads a directory. Links are followed; where they are missing or broken, records stand where their order and types put them.</summary>
    /// <exception cref="DicomException">The bytes are no DICOM file, or no directory.</exception>
    public static DicomDirectory Read(ReadOnlyMemory<byte> bytes, DicomReadOptions? options = null) =>
        // Links count from the start of the file, as the ranges of values do in an array of its own.
        DirectoryReader.Read(DicomFile.Read(MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 ? bytes : bytes.ToArray(), options));

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, DicomReadOptions?)"/>
    public static DicomDirectory Read(string path, DicomReadOptions? options = null) => Read(File.ReadAllBytes(path), options);

    /// <summary>Makes the directory of files below a folder; it is to be written there as DICOMDIR. Names must be file ids: at most eight components of
    /// at most eight characters A-Z, 0-9 and _ (PS3.10 8.2, 8.5).</summary>
    /// <param name="fileSetId">At most 16 characters of the same set, or empty.</param>
    /// <exception cref="DicomException">A file is no DICOM file, lacks what its records need, or has a name that is no file id.</exception>
    public static DicomFile Create(string folder, IEnumerable<string> files, string fileSetId = "")
    {
        var builder = new DirectoryBuilder();
        foreach (var path in files)
        {
            using var stream = File.OpenRead(path);
            builder.Add(DicomFile.ReadHeader(stream), FileIdOf(folder, path));
        }

        return builder.Build(fileSetId);
    }

    /// <summary>Writes files below a folder under names that are file ids, and the DICOMDIR of them.</summary>
    /// <exception cref="DicomException">A file lacks what its records need, or the id of the set is none.</exception>
    /// <returns>The directory that was written.</returns>
    public static DicomFile Export(string folder, IEnumerable<DicomFile> files, string fileSetId = "")
    {
        const int perFolder = 1000;
        var builder = new DirectoryBuilder();
        var number = 0;
        foreach (var file in files)
        {
            string[] id = [$"D{number / perFolder:D7}", $"I{number % perFolder:D7}"];
            number++;
            Directory.CreateDirectory(Path.Combine(folder, id[0]));
            using var stream = File.Create(Path.Combine(folder, id[0], id[1]));
            file.Write(stream);
            builder.Add(file, id);
        }

        var directory = builder.Build(fileSetId);
        File.WriteAllBytes(Path.Combine(folder, "DICOMDIR"), directory.ToArray());
        return directory;
    }

    private static string[] FileIdOf(string folder, string path)
    {
        var parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar);
        return parts.Length <= 8 && parts.All(p => p.Length is > 0 and <= 8 && IsOfFileIdCharacters(p))
            ? parts
            : throw new DicomException(DicomError.InvalidValue, $"'{string.Join('/', parts)}' is no file id (PS3.10 8.5)", DicomTags.ReferencedFileID);
    }

    internal static bool IsOfFileIdCharacters(string text) => text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
