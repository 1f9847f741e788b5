using SecondOpinion.TestKit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Images made by pydicom, not by our own library.</summary>
public static class RadiographFiles
{
    private const string Script = """
        import sys, numpy
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.uid import ExplicitVRLittleEndian, generate_uid
        out, study, accession, patient, count, rows, columns, charset, name = sys.argv[1:10]
        series = generate_uid()
        for i in range(int(count)):
            ds = Dataset()
            ds.SpecificCharacterSet = charset
            ds.SOPClassUID = '1.2.840.10008.5.1.4.1.1.1.3'
            ds.SOPInstanceUID = generate_uid()
            ds.StudyInstanceUID, ds.SeriesInstanceUID = study, series
            ds.PatientID, ds.PatientName, ds.PatientBirthDate, ds.PatientSex = patient, name, '19840309', 'F'
            ds.IssuerOfPatientID = ''
            ds.AccessionNumber, ds.StudyID, ds.Modality = accession, '1', 'IO'
            ds.StudyDate, ds.StudyTime, ds.SeriesNumber, ds.InstanceNumber = '20261110', '093000', 1, i + 1
            ds.ReferringPhysicianName, ds.StudyDescription = 'Lindqvist^Maja', 'Bitewing'
            ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = int(rows), int(columns), 1, 'MONOCHROME2'
            ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
            y, x = numpy.mgrid[0:ds.Rows, 0:ds.Columns]
            ds.PixelData = (((x * 3 + y * 5 + i * 17) % 4096).astype('<u2')).tobytes()
            ds.is_little_endian, ds.is_implicit_VR = True, False
            meta = FileMetaDataset()
            meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = ds.SOPClassUID, ds.SOPInstanceUID, ExplicitVRLittleEndian
            ds.file_meta = meta
            ds.save_as(f'{out}/{i:05d}.dcm', write_like_original=False)
        """;

    /// <summary>Writes <paramref name="count"/> 12-bit images of one series into a new folder.</summary>
    public static string[] Make(string study, string accession, string patient, int count = 1, int rows = 400, int columns = 600, string charset = "ISO_IR 192", string name = "Okafor^Adaeze")
    {
        var folder = ServerProcess.NewFolder();
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Requires.Tool("python3");
        var result = Shell.Run(python, "-c", Script, folder, study, accession, patient, $"{count}", $"{rows}", $"{columns}", charset, name);
        if (result.ExitCode != 0)
        {
            Requires.Missing("pydicom and numpy: " + result.Error);
        }

        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
    }
}
