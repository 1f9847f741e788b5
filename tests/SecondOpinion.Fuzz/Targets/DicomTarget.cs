using System.Text;
using SecondOpinion.Dicom;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Everything that a server does with bytes that say they are DICOM. Only <see cref="DicomException"/> may come out of the library, and what it
/// accepts must survive being written and read again.</summary>
internal static class DicomTarget
{
    /// <summary>Everything inline but encapsulated pixel data, which only a reference can stand for.</summary>
    internal static readonly DicomJsonOptions WithReferences = new() { BulkDataThreshold = int.MaxValue, BulkDataUri = path => "#" + path };

    private static readonly DicomReadOptions s_lenient = new() { AllowTruncated = true };
    private static readonly DicomAnonymiser s_anonymiser = new(new DicomAnonymiserOptions { Key = new byte[32], CleanDescriptors = true, Dates = DicomDatePolicy.Shift });

    internal static void Run(byte[] input)
    {
        var file = Read(input, DicomReadOptions.Default);
        if ((file ?? Read(input, s_lenient)) is not { } readable)
        {
            return;
        }

        ReadHeader(input, file);
        ReadValues(readable.Dataset);
        Models(readable.Dataset);
        Documents(input, readable.Dataset);
        if (file is not null)
        {
            Rewrite(file);
        }
    }

    private static DicomFile? Read(byte[] input, DicomReadOptions options)
    {
        try
        {
            return DicomFile.Read(input, options);
        }
        catch (DicomException)
        {
            return null;
        }
    }

    private static void ReadHeader(byte[] input, DicomFile? file)
    {
        using var stream = new MemoryStream(input);
        try
        {
            var header = DicomFile.ReadHeader(stream);
            if (file is not null && !file.Faults.Any(f => f.Kind is DicomFaultKind.OutOfOrder or DicomFaultKind.Duplicate))
            {
                Same(file.PixelDataOffset?.ToString(System.Globalization.CultureInfo.InvariantCulture), header.PixelDataOffset?.ToString(System.Globalization.CultureInfo.InvariantCulture), "pixel offset of the header");
            }
        }
        catch (DicomException) when (file is null)
        {
            // Both refuse.
        }
    }

    private static void ReadValues(DicomDataset dataset)
    {
        foreach (var element in dataset)
        {
            dataset.GetString(element.Tag);
            dataset.GetStrings(element.Tag);
            dataset.GetText(element.Tag);
            dataset.GetDoubles(element.Tag);
            dataset.GetInt32s(element.Tag);
            dataset.GetDate(element.Tag);
            dataset.GetTime(element.Tag);
            dataset.GetBytes(element.Tag);
            foreach (var item in element.Items)
            {
                ReadValues(item);
            }
        }
    }

    private static void Models(DicomDataset dataset)
    {
        // Reading corrects numbers once ("1.0" of an IS), after that nothing changes.
        var json = DicomJson.ToArray(DicomJson.Read(DicomJson.ToArray(dataset, WithReferences)));
        Same(json, DicomJson.ToArray(DicomJson.Read(json)), "JSON of JSON");
        var xml = DicomXml.ToArray(dataset, WithReferences);
        Same(xml, DicomXml.ToArray(DicomXml.Read(xml)), "XML of XML");
        DicomJson.ToArray(s_anonymiser.Anonymise(dataset), WithReferences);
    }

    private static void Documents(byte[] input, DicomDataset dataset)
    {
        try
        {
            if (dataset.Contains(DicomTags.ContentSequence))
            {
                var document = SrDocument.Read(dataset);
                document.ToText();
                document.ToHtml();
            }

            if (dataset.Contains(DicomTags.DirectoryRecordSequence))
            {
                foreach (var record in DicomDirectory.Read(input, s_lenient).All())
                {
                    record.TryLocate("folder", out _);
                }
            }
        }
        catch (DicomException)
        {
            // No document, or no directory.
        }
    }

    /// <summary>Damaged JSON of the model.</summary>
    internal static void Json(byte[] input)
    {
        try
        {
            foreach (var dataset in DicomJson.ReadArray(input))
            {
                var json = DicomJson.ToArray(dataset);
                Same(json, DicomJson.ToArray(DicomJson.Read(json)), "JSON of JSON");
                Store(dataset);
            }
        }
        catch (DicomException)
        {
            // A refusal.
        }
    }

    /// <summary>Damaged XML of the model.</summary>
    internal static void Xml(byte[] input)
    {
        try
        {
            var dataset = DicomXml.Read(input);
            var xml = DicomXml.ToArray(dataset);
            Same(xml, DicomXml.ToArray(DicomXml.Read(xml)), "XML of XML");
            Store(dataset);
        }
        catch (DicomException)
        {
            // A refusal.
        }
    }

    private static void Store(DicomDataset dataset)
    {
        dataset.Set(DicomTags.SOPClassUID, DicomUids.SecondaryCaptureImageStorage).Set(DicomTags.SOPInstanceUID, "1.2.3");
        var bytes = DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray();
        var again = DicomFile.Read(bytes).ToArray();
        Same(again, DicomFile.Read(again).ToArray(), "file of file");
    }

    private static void Rewrite(DicomFile file)
    {
        var meta = file.Meta;
        meta.Set(DicomTags.MediaStorageSOPClassUID, DicomUids.SecondaryCaptureImageStorage).Set(DicomTags.MediaStorageSOPInstanceUID, "1.2.3");
        if (meta.GetString(DicomTags.TransferSyntaxUID) is { } uid && !DicomUid.IsValid(uid))
        {
            return; // nothing to write in
        }

        byte[] once;
        try
        {
            once = file.ToArray();
        }
        catch (DicomException)
        {
            return; // pixel data and transfer syntax are not of one kind
        }

        // An odd length is padded, so that a value may only then be what its VR says: from the second time on nothing changes.
        var again = DicomFile.Read(once);
        var twice = again.ToArray();
        Same(twice, DicomFile.Read(twice).ToArray(), "file of file");
        if (file.TransferSyntax.IsExplicit && !file.Faults.Any(f => f.Kind is DicomFaultKind.OddLength or DicomFaultKind.UnknownVr))
        {
            Same(DicomJson.ToArray(Padded(file.Dataset), WithReferences), DicomJson.ToArray(Padded(again.Dataset), WithReferences), "JSON of file");
        }
    }

    /// <summary>What does not survive writing on purpose: odd lengths are padded, and group 2 does not belong to a data set.</summary>
    private static DicomDataset Padded(DicomDataset dataset)
    {
        DicomDataset padded = [];
        foreach (var element in dataset)
        {
            if (element.Vr == DicomVr.SQ)
            {
                padded.SetItems(element.Tag, [.. element.Items.Select(Padded)]);
            }
            else if ((element.RawLength & 1) != 0 && !element.Vr.IsText())
            {
                padded.SetBytes(element.Tag, element.Vr, (byte[])[.. dataset.GetBytes(element.Tag).Span, 0]);
            }
            else
            {
                padded.CopyFrom(dataset, element.Tag);
            }
        }

        return padded;
    }

    private static void Same(byte[] one, byte[] two, string what)
    {
        if (!one.AsSpan().SequenceEqual(two))
        {
            var at = Math.Max(0, one.AsSpan().CommonPrefixLength(two) - 60);
            throw new FuzzFailureException($"{what} is different near byte {at}: {Excerpt(one, at)} is then {Excerpt(two, at)}");
        }
    }

    private static void Same(string? one, string? two, string what)
    {
        if (one != two)
        {
            throw new FuzzFailureException($"{what} is {two}, not {one}");
        }
    }

    private static string Excerpt(byte[] bytes, int at) => Encoding.Latin1.GetString(bytes, at, Math.Min(160, bytes.Length - at));
}
