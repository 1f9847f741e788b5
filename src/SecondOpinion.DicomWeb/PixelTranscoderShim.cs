using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.DicomWeb;

internal static class PixelTranscoder
{
    public static bool CanTranscode(string from, string target) => DicomImage.CanDecode(from) && target == DicomUids.ExplicitVRLittleEndian;

    public static DicomFile Transcode(DicomFile file, string target)
    {
        var image = DicomImage.Open(file);
        var dataset = file.Dataset.Clone();
        using var all = new MemoryStream();
        for (var i = 0; i < image.FrameCount; i++)
        {
            var frame = image.Decode(i);
            all.Write(frame.Data);
            dataset.Set(DicomTags.BitsAllocated, frame.BytesPerSample * 8);
            dataset.Set(DicomTags.PhotometricInterpretation, frame.PhotometricInterpretation);
            if (frame.SamplesPerPixel > 1)
            {
                dataset.Set(DicomTags.PlanarConfiguration, 0);
            }
        }

        dataset.SetBytes(DicomTags.PixelData, DicomVr.OW, all.ToArray());
        return DicomFile.Create(dataset, target);
    }
}
