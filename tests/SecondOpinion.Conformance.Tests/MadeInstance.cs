using SecondOpinion.Dicom;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Small instances made in memory, for load and faults where their content does not matter.</summary>
internal static class MadeInstance
{
    public static byte[] Create(string study, string series, string sop, int rows = 64, int columns = 64, string patient = "LOAD-1")
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.SOPClassUID, DicomUids.SecondaryCaptureImageStorage)
            .Set(DicomTags.SOPInstanceUID, sop)
            .Set(DicomTags.StudyInstanceUID, study)
            .Set(DicomTags.SeriesInstanceUID, series)
            .Set(DicomTags.PatientID, patient)
            .Set(DicomTags.PatientName, "Load^Test")
            .Set(DicomTags.StudyDate, "20261101")
            .Set(DicomTags.Modality, "OT")
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, rows)
            .Set(DicomTags.Columns, columns)
            .Set(DicomTags.BitsAllocated, 8)
            .Set(DicomTags.BitsStored, 8)
            .Set(DicomTags.HighBit, 7)
            .Set(DicomTags.PixelRepresentation, 0);
        var pixels = new byte[rows * columns];
        new Random(sop.GetHashCode(StringComparison.Ordinal)).NextBytes(pixels);
        dataset.SetBytes(DicomTags.PixelData, DicomVr.OB, pixels);
        return DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray();
    }
}
