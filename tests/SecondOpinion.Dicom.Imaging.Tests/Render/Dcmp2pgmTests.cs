using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>Pictures by a presentation state beside those of dcmtk's viewer library, which shows no shutters, overlays and annotations in files, and cuts fractions.</summary>
public sealed class Dcmp2pgmTests
{
    [Theory]
    [InlineData("window", 1)]
    [InlineData("modality", 1)]
    [InlineData("no window", 1)]
    [InlineData("inverse", 1)]
    [InlineData("table", 3)]
    [InlineData("rotated", 1)]
    [InlineData("flipped", 1)]
    public void It_looks_as_dcmtk_shows_it(string kind, int tolerance)
    {
        var dcmp2pgm = Requires.Tool("dcmp2pgm");
        var file = DicomFile.Read(File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom"), "files", "CT_small.dcm")));
        var image = file.Dataset.Clone();
        var state = Change(StateBuilder.For(image).Window(1100, 900), kind);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string Save(string name, DicomDataset dataset)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray());
                return path;
            }

            var picture = Path.Combine(folder.FullName, "a.pgm");
            var run = Shell.Run(dcmp2pgm, "-p", Save("state.dcm", state), Save("image.dcm", image), picture);
            Assert.True(run.ExitCode == 0, run.Error);
            var rendered = DicomRenderer.Render(DicomImage.Open(DicomFile.Create(image, DicomUids.ExplicitVRLittleEndian)), 0, new() { PresentationState = state });
            var expected = File.ReadAllBytes(picture)[^rendered.Data.Length..];
            Assert.Equal(0, expected.Zip(rendered.Data, (a, b) => Math.Abs(a - b)).Count(d => d > tolerance));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DicomDataset Change(DicomDataset state, string kind)
    {
        switch (kind)
        {
            case "modality":
                state.Set(DicomTags.RescaleSlope, 2.0).Set(DicomTags.RescaleIntercept, -900.0).Set(DicomTags.RescaleType, "US");
                break;
            case "no window":
                state.Remove(DicomTags.SoftcopyVOILUTSequence);
                break;
            case "inverse":
                state.Set(DicomTags.PresentationLUTShape, "INVERSE");
                break;
            case "table":
                state.Remove(DicomTags.PresentationLUTShape);
                state.SetItems(DicomTags.PresentationLUTSequence, new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, TestImages.Words(256, 0, 12))
                    .SetBytes(DicomTags.LUTData, DicomVr.OW, TestImages.Words([.. Enumerable.Range(0, 256).Select(i => (ushort)(i * i / 16))])));
                break;
            case "rotated":
                state.Turned(90, false);
                break;
            case "flipped":
                state.Turned(270, true);
                break;
        }

        return state;
    }
}
