using System.Globalization;

namespace SecondOpinion.Dicom.Tests;

/// <summary>What is different between two data sets, element by element.</summary>
internal static class SameDataset
{
    /// <param name="viaImplicit">The second one went through an implicit syntax: VRs are the dictionary's.</param>
    internal static List<string> Differences(DicomDataset one, DicomDataset two, bool viaImplicit = false)
    {
        var found = new List<string>();
        Compare(one, two, "", viaImplicit, found);
        return found;
    }

    private static void Compare(DicomDataset one, DicomDataset two, string path, bool viaImplicit, List<string> found)
    {
        var rest = two.Where(IsWritten).ToDictionary(e => e.Tag);
        foreach (var element in one.Where(IsWritten))
        {
            var name = path + element.Tag.ToHex();
            if (!rest.Remove(element.Tag, out var other))
            {
                found.Add($"{name} is missing");
            }
            else if (element.Vr == DicomVr.SQ && other.Vr == DicomVr.SQ)
            {
                if (element.Items.Count != other.Items.Count)
                {
                    found.Add($"{name} has {other.Items.Count} items, not {element.Items.Count}");
                }

                for (var i = 0; i < Math.Min(element.Items.Count, other.Items.Count); i++)
                {
                    Compare(element.Items[i], other.Items[i], $"{name}/{(i + 1).ToString(CultureInfo.InvariantCulture)}/", viaImplicit, found);
                }
            }
            else if (element.Vr == DicomVr.SQ && viaImplicit && element.IsEmpty && other.IsEmpty)
            {
                // A private sequence without items cannot be told from any empty element.
            }
            else
            {
                CompareValue(one, element, two, other, name, viaImplicit, found);
            }
        }

        found.AddRange(rest.Values.Select(e => $"{path}{e.Tag.ToHex()} is new"));
    }

    private static void CompareValue(DicomDataset one, in DicomElement element, DicomDataset two, in DicomElement other, string name, bool viaImplicit, List<string> found)
    {
        if (element.Vr != other.Vr && !(viaImplicit && other.Vr == DicomDictionary.VrOf(element.Tag)))
        {
            found.Add($"{name} is {other.Vr}, not {element.Vr}");
        }
        else if (!Bytes(one, element).SequenceEqual(Bytes(two, other)))
        {
            found.Add($"{name} {element.Vr} has another value");
        }
    }

    /// <summary>The value as it stands in a little endian file.</summary>
    private static byte[] Bytes(DicomDataset dataset, in DicomElement element)
    {
        if (element.Fragments is { } fragments)
        {
            return [.. fragments.OffsetTable.Span, .. Enumerable.Range(0, fragments.Count).SelectMany(i => Even(fragments[i].ToArray(), 0))];
        }

        return Even(dataset.GetBytes(element.Tag).ToArray(), element.Vr.PaddingByte());
    }

    private static byte[] Even(byte[] bytes, byte padding) => (bytes.Length & 1) == 0 ? bytes : [.. bytes, padding];

    private static bool IsWritten(DicomElement element) => !element.Tag.IsGroupLength && element.Tag.Group != 2;
}
