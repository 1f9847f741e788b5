using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Demo;

/// <summary>The demo's images: a bitewing and a periapical view of one study, as a dental sensor would send them.</summary>
internal static class DemoRadiographs
{
    private const int Width = 1300;
    private const int Height = 1000;
    private const int BitsStored = 12;
    private const double PixelSpacing = 0.03;

    public static IReadOnlyList<DemoImage> Make(string patientId, string accession, DateTimeOffset now)
    {
        var study = DicomUid.New();
        return
        [
            Image("bitewing", "Bitewing, left", PhantomRadiograph.Bitewing(Width, Height, 19), study, 1, patientId, accession, now),
            Image("periapical", "Periapical, tooth 19", PhantomRadiograph.Periapical(Height, Width, 19), study, 2, patientId, accession, now, Height, Width),
        ];
    }

    private static DemoImage Image(string name, string description, ushort[] samples, string study, int series, string patientId, string accession, DateTimeOffset now, int width = Width, int height = Height)
    {
        var acquired = now.AddDays(-10).UtcDateTime;
        var file = MakeDicom.FromSamples(samples, height, width, BitsStored, new MakeDicomInput
        {
            Patient = new DicomPatient(patientId, null, "Okafor^Adaeze", new DateOnly(1984, 3, 9), "F"),
            Study = new DicomStudy
            {
                Uid = study,
                Date = DateOnly.FromDateTime(acquired),
                Time = new TimeOnly(acquired.Hour, acquired.Minute, acquired.Second),
                AccessionNumber = accession,
                Id = "1",
                Description = "Dental radiographs",
                ReferringPhysician = "Lindqvist^Maja^^^DDS",
            },
            Series = new DicomSeries { Uid = DicomUid.New(), Number = series, Description = description, Laterality = "L" },
            InstanceUid = DicomUid.New(),
            Kind = DicomImageKind.IntraOralXRay,
            Institution = "Harbour Street Dental",
            Manufacturer = "SecondOpinion demo",
            Now = now,
            Acquired = acquired,
            PixelSpacing = PixelSpacing,
            ImageLaterality = "L",
            Teeth = [new DicomCode("866006002", "SCT", "Mandibular left first molar tooth")],
        });
        return new DemoImage(
            name,
            study,
            file.Dataset.GetString(DicomTags.SeriesInstanceUID)!,
            file.Dataset.GetString(DicomTags.SOPInstanceUID)!,
            file.ToArray());
    }
}
