using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests;

/// <summary>docs/examples/bitewing.dcm, the image of the README's first order, is made here; <c>WRITE_EXAMPLES=1</c> writes it.</summary>
public sealed class ExampleImageTests
{
    private const int Width = 650;
    private const int Height = 500;

    [Fact]
    public void The_readme_s_image_is_what_the_generator_draws()
    {
        var path = Path.Combine(Repository.Root, "docs", "examples", "bitewing.dcm");
        var made = MakeDicom.FromSamples(PhantomRadiograph.Bitewing(Width, Height, 19), Height, Width, 12, new MakeDicomInput
        {
            Patient = new DicomPatient("MRN-4711", null, "Okafor^Adaeze", new DateOnly(1984, 3, 9), "F"),
            Study = new DicomStudy
            {
                Uid = "2.25.329800735698586629295641978511506172918",
                Date = new DateOnly(2026, 11, 10),
                Time = new TimeOnly(9, 30),
                AccessionNumber = "ACC-88421",
                Id = "1",
                Description = "Bitewing",
                ReferringPhysician = "Lindqvist^Maja^^^DDS",
            },
            Series = new DicomSeries { Uid = "2.25.329800735698586629295641978511506172919", Number = 1, Description = "Bitewing, left", Laterality = "L" },
            InstanceUid = "2.25.329800735698586629295641978511506172920",
            Kind = DicomImageKind.IntraOralXRay,
            Now = new DateTimeOffset(2026, 11, 10, 9, 30, 0, TimeSpan.Zero),
            Acquired = new DateTime(2026, 11, 10, 9, 30, 0, DateTimeKind.Utc),
            PixelSpacing = 0.06,
            ImageLaterality = "L",
            Teeth = [new DicomCode("866006002", "SCT", "Mandibular left first molar tooth")],
        }).ToArray();
        if (Environment.GetEnvironmentVariable("WRITE_EXAMPLES") == "1")
        {
            File.WriteAllBytes(path, made);
        }

        Assert.Equal(File.ReadAllBytes(path), made);
    }
}
