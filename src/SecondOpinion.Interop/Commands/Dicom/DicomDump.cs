using System.Globalization;
using System.Text;
using SecondOpinion.Dicom;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary>A data set for people: tag, VR, value, length, keyword; items indented.</summary>
internal static class DicomDump
{
    private const int MaxText = 80;

    /// <summary>The whole file; of one that ends inside an element what lies before, and that as a fault.</summary>
    /// <exception cref="DicomException">Nothing of it can be read.</exception>
    public static FileOutput OfFile(string path)
    {
        var file = DicomFile.Read(File.ReadAllBytes(path), new DicomReadOptions { AllowTruncated = true });
        var end = file.Faults.FirstOrDefault(f => f.Kind == DicomFaultKind.Truncated);
        return new FileOutput(ToArray(file), end is null ? null : $"the data end inside an element [{end.Tag} {end.Tag.Keyword}] at byte {end.Offset}");
    }

    private static byte[] ToArray(DicomFile file)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Transfer syntax {file.TransferSyntaxUid} {DicomUids.NameOf(file.TransferSyntaxUid)}\n");
        Write(text, file.Meta, 0);
        Write(text, file.Dataset, 0);
        foreach (var fault in file.Faults)
        {
            text.Append("# ").Append(fault).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, DicomDataset dataset, int depth)
    {
        foreach (var element in dataset)
        {
            text.Append(' ', depth * 2).Append(CultureInfo.InvariantCulture, $"{element.Tag} {element.Vr.Name()} {Value(dataset, element)} # {element.RawLength} {element.Tag.Keyword}\n");
            foreach (var item in element.Vr == DicomVr.SQ ? element.Items : [])
            {
                text.Append(' ', (depth * 2) + 2).Append("item\n");
                Write(text, item, depth + 2);
            }
        }
    }

    private static string Value(DicomDataset dataset, DicomElement element)
    {
        if (element.Vr == DicomVr.SQ)
        {
            return $"({element.Items.Count} items)";
        }

        if (element.Fragments is { } fragments)
        {
            return $"({fragments.Count} fragments, {fragments.TotalLength} bytes)";
        }

        if (element.IsEmpty)
        {
            return "(empty)";
        }

        if (element.Vr.IsBinary())
        {
            var head = element.RawBytes.Span[..Math.Min(16, element.RawLength)];
            return System.Convert.ToHexString(head) + (element.RawLength > 16 ? "..." : "");
        }

        var value = string.Join('\\', dataset.GetStrings(element.Tag));
        return "[" + (value.Length > MaxText ? value[..MaxText] + "..." : value).ReplaceLineEndings("\\n") + "]";
    }
}
