using System.Globalization;

namespace SecondOpinion.Dicom;

/// <summary>Paths to elements inside items, as bulk data URIs use them: <c>tag</c> or <c>tag/item/tag</c>, items counted from 1.</summary>
public static class DicomPath
{
    /// <summary>Finds the element at a path, and the data set that holds it. False for a malformed path and when there is nothing.</summary>
    public static bool TryResolve(DicomDataset dataset, string path, out DicomDataset holder, out DicomElement element)
    {
        holder = dataset;
        element = default;
        var parts = path.Split('/');
        if (parts.Length % 2 == 0)
        {
            return false;
        }

        for (var i = 0; i < parts.Length; i += 2)
        {
            if (parts[i].Length != 8 || !DicomTag.TryParse(parts[i], out var tag) || !holder.TryGet(tag, out element))
            {
                return false;
            }

            if (i + 1 < parts.Length)
            {
                if (!int.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > element.Items.Count)
                {
                    return false;
                }

                holder = element.Items[number - 1];
            }
        }

        return true;
    }
}
