using System.Net;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

/// <summary>Images by a presentation state over WADO-URI (PS3.18 9.1.2.2).</summary>
public sealed class PresentationStateTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Fact]
    public async Task A_state_of_the_study_turns_the_image()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        var state = State(image).Set(DicomTags.PresentationLUTShape, "INVERSE");
        await client.StoreAsync(image.File(), state.File());

        var plain = await client.GetAsync(Wado(image));
        var turned = await client.GetAsync(Wado(image) + Presentation(state));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, turned.StatusCode));
        Assert.NotEqual(await plain.Content.ReadAsByteArrayAsync(), await turned.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_state_that_is_not_there_is_of_others_or_is_none_is_refused()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        var other = TestFiles.Image(study: image.Study());
        var state = State(other);
        await client.StoreAsync(image.File(), other.File(), state.File());

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Wado(image) + "&presentationSeriesUID=1.2&presentationUID=1.3")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Wado(image) + Presentation(state))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Wado(image) + Presentation(other))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Wado(image) + "&presentationUID=1.3")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Wado(other) + Presentation(state) + "&windowCenter=1&windowWidth=1")).StatusCode);
    }

    private static DicomDataset State(DicomDataset image)
    {
        var reference = new DicomDataset().Set(DicomTags.ReferencedSOPClassUID, image.GetString(DicomTags.SOPClassUID)!).Set(DicomTags.ReferencedSOPInstanceUID, image.GetString(DicomTags.SOPInstanceUID)!);
        var series = new DicomDataset().Set(DicomTags.SeriesInstanceUID, image.GetString(DicomTags.SeriesInstanceUID)!).SetItems(DicomTags.ReferencedImageSequence, reference);
        return new DicomDataset().CopyFrom(image, [DicomTags.PatientID, DicomTags.PatientName, DicomTags.StudyInstanceUID])
            .Set(DicomTags.SOPClassUID, DicomUids.GrayscaleSoftcopyPresentationStateStorage).Set(DicomTags.SOPInstanceUID, DicomUid.New()).Set(DicomTags.SeriesInstanceUID, DicomUid.New())
            .Set(DicomTags.Modality, "PR").SetItems(DicomTags.ReferencedSeriesSequence, series);
    }

    private static string Wado(DicomDataset image) =>
        $"/dicomweb/wado?requestType=WADO&studyUID={image.Study()}&seriesUID={image.GetString(DicomTags.SeriesInstanceUID)}&objectUID={image.GetString(DicomTags.SOPInstanceUID)}&contentType=image/png";

    private static string Presentation(DicomDataset state) =>
        $"&presentationSeriesUID={state.GetString(DicomTags.SeriesInstanceUID)}&presentationUID={state.GetString(DicomTags.SOPInstanceUID)}";
}
