using SecondOpinion.Dicom;

namespace SecondOpinion.Benchmarks.Dicom;

/// <summary>About 45 MB of files made of the samples: their elements, native pixel data of 0.5 to 4 MiB, and a sequence of two levels.</summary>
internal static class LargerFiles
{
    private const int Count = 24;
    private const int SmallestPixels = 512 << 10;

    public static List<byte[]> Make(List<DicomFile> samples)
    {
        // Pixels of several frames of a CT, in a form that no library has to know more of than its length.
        List<DicomDataset> bases = [.. samples.Select(file => file.Dataset).Where(dataset => dataset.Contains(DicomTags.Rows) && dataset.Contains(DicomTags.SOPInstanceUID))];
        List<byte[]> files = [];
        for (var i = 0; i < Count; i++)
        {
            var dataset = bases[i * bases.Count / Count].Clone();
            dataset.RemoveWhere(element => element.Tag.Group == 0x7FE0 || element.Tag.IsGroupLength || element.Tag.Group == 0xFFFC);
            dataset.SetBytes(DicomTags.PixelData, DicomVr.OW, new byte[SmallestPixels << (i % 4)]);
            dataset.SetItems(DicomTags.PerFrameFunctionalGroupsSequence, [.. Enumerable.Range(1, 10 << (i % 4)).Select(FrameOf)]);
            files.Add(DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray(new DicomWriteOptions { UndefinedLengths = i % 2 == 0 }));
        }

        return files;
    }

    /// <summary>What an enhanced multi-frame image says of one frame (PS3.3 C.7.6.16).</summary>
    private static DicomDataset FrameOf(int number) => new DicomDataset()
        .SetItems(DicomTags.FrameContentSequence, new DicomDataset().Set(DicomTags.StackID, "1").Set(DicomTags.InStackPositionNumber, number).Set(DicomTags.DimensionIndexValues, 1, number))
        .SetItems(DicomTags.PlanePositionSequence, new DicomDataset().Set(DicomTags.ImagePositionPatient, "-125.5", "-117.25", $"{number * 1.5}"));
}
