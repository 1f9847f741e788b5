using SecondOpinion.Dicom.Imaging.Codecs.Rle;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

public sealed class BurnInTests
{
    [Fact]
    public void Overlays_are_drawn_on_request_only_at_their_origin()
    {
        var dataset = Attributes(3, 3)
            .SetBytes(new DicomTag(0x6000, 0x0010), DicomVr.US, Words(2)).SetBytes(new DicomTag(0x6000, 0x0011), DicomVr.US, Words(2))
            .SetBytes(new DicomTag(0x6000, 0x0050), DicomVr.SS, Words(2, 2)).SetBytes(new DicomTag(0x6000, 0x3000), DicomVr.OW, new byte[] { 0b1001, 0 });
        var image = Native(dataset, new byte[9]);
        Assert.All(image.Pixels(), v => Assert.Equal(0, v));
        Assert.Equal([0, 0, 0, 0, 255, 0, 0, 0, 255], image.Pixels(new() { Overlays = true }));
    }

    [Fact]
    public void Overlays_in_unused_bits_of_the_pixels_are_drawn_and_do_not_change_the_values()
    {
        var dataset = Attributes(1, 2, allocated: 16, stored: 12).Set(DicomTags.WindowCenter, 2048.0).Set(DicomTags.WindowWidth, 4096.0)
            .SetBytes(new DicomTag(0x6002, 0x0010), DicomVr.US, Words(1)).SetBytes(new DicomTag(0x6002, 0x0011), DicomVr.US, Words(2))
            .SetBytes(new DicomTag(0x6002, 0x0102), DicomVr.US, Words(15));
        byte[] cells = [0x55, 0x85, 0x55, 0x05];
        using var deflated = new MemoryStream();
        using (var stream = new System.IO.Compression.DeflateStream(deflated, System.IO.Compression.CompressionLevel.Optimal, true))
        {
            stream.Write(cells);
        }

        foreach (var image in (DicomImage[])[
            Native(dataset.Clone(), cells),
            Encapsulated(dataset.Clone(), DicomUids.RLELossless, [], RleEncoder.Encode(cells, 2, 1, 1, 2)), // lossless codecs keep them
            Encapsulated(dataset.Clone(), DicomUids.DeflatedImageFrameCompression, [], deflated.ToArray())])
        {
            Assert.Equal([85, 85], image.Pixels());
            Assert.Equal([255, 85], image.Pixels(new() { Overlays = true }));
        }
    }

    [Fact]
    public void Annotation_changes_the_corners_and_only_when_asked()
    {
        var dataset = Attributes(100, 200).Set(DicomTags.PatientName, "Muster^Erika").Set(DicomTags.Modality, "IO").Set(DicomTags.KVP, 70.0);
        var image = Native(dataset, new byte[20000]);
        Assert.DoesNotContain((byte)255, image.Pixels());
        var patient = image.Pixels(new() { AnnotatePatient = true });
        Assert.Contains((byte)255, patient[..(200 * 20)]);
        Assert.DoesNotContain((byte)255, patient[(200 * 60)..]);
        Assert.Contains((byte)255, image.Pixels(new() { AnnotateTechnique = true })[(200 * 60)..]);
    }

    [Fact]
    public void Accents_are_dropped_and_other_scripts_become_question_marks()
    {
        Assert.Equal("Muller Jose ?? Ostergard", TextMask.ToFont("Müller José 山田 Østergård"));
    }

    [Fact]
    public void An_image_smaller_than_its_annotation_is_no_problem()
    {
        Native(Attributes(1, 1).Set(DicomTags.PatientName, "Long^Name"), 1).Pixels(new() { AnnotatePatient = true, AnnotateTechnique = true });
    }
}
