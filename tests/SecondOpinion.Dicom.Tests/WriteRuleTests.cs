using SecondOpinion.Dicom.Tests.Hostile;
using Xunit;

namespace SecondOpinion.Dicom.Tests;

/// <summary>What a writer must change so that the meaning stays (PS3.5 6.2.2, A.4).</summary>
public sealed class WriteRuleTests
{
    private static DicomDataset Instance => new DicomDataset().Set(DicomTags.SOPClassUID, DicomUids.SecondaryCaptureImageStorage).Set(DicomTags.SOPInstanceUID, "1.2.3");

    [Theory]
    [InlineData(DicomUids.ExplicitVRLittleEndian)]
    [InlineData(DicomUids.ExplicitVRBigEndian)]
    [InlineData(DicomUids.DeflatedExplicitVRLittleEndian)]
    [InlineData(DicomUids.ImplicitVRLittleEndian)]
    public void A_value_too_long_for_its_VR_is_written_as_UN_in_little_endian_and_read_as_what_it_is(string syntax)
    {
        var pointers = Enumerable.Range(0, 20_000).Select(i => (0x0028_0000 + i).ToString("X8", System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var dataset = Instance.Set(DicomTags.StudyDescription, new string('x', 65_535)).Set(DicomTags.FrameIncrementPointer, pointers);
        var file = DicomFile.Create(dataset, syntax).ToArray();
        var read = DicomFile.Read(file).Dataset;
        Assert.Equal(65_535, read.GetString(DicomTags.StudyDescription)!.Length);
        Assert.Equal(pointers, read.GetStrings(DicomTags.FrameIncrementPointer));
    }

    [Fact]
    public void UN_of_a_big_endian_file_is_little_endian()
    {
        var file = DicomStreamBuilder.File(DicomUids.ExplicitVRBigEndian).Element(0x00280010, "UN", [0, 2]).Read();
        Assert.Equal(512, file.Dataset.GetInt32(DicomTags.Rows));
    }

    [Fact]
    public void Padding_of_an_odd_fragment_moves_the_offsets_of_the_frames_behind_it()
    {
        var odd = DicomStreamBuilder.File(DicomUids.RLELossless).Text(0x00080016, "UI", DicomUids.SecondaryCaptureImageStorage).Text(0x00080018, "UI", "1.2.3")
            .Header(0x7FE00010, "OB", DicomStreamBuilder.Undefined)
            .Item(12).U32(0).U32(8 + 3).U32(8 + 3 + 8 + 2 + 8 + 1)
            .Item(3).Raw([1, 2, 3]).Item(2).Raw([4, 5]).Item(1).Raw([6]).Item(2).Raw([7, 8]).SequenceEnd().Read();
        Assert.Equal(2, odd.Faults.Count(f => f.Kind == DicomFaultKind.OddLength));
        var written = DicomFile.Read(odd.ToArray());
        Assert.True(written.Dataset.TryGet(DicomTags.PixelData, out var pixels));
        Assert.Equal([0, 8 + 4, 8 + 4 + 8 + 2 + 8 + 2], Offsets(pixels.Fragments!.OffsetTable.Span));
        Assert.Equal(4, pixels.Fragments.Count);
        Assert.DoesNotContain(written.Faults, f => f.Kind == DicomFaultKind.OddLength);
    }

    private static uint[] Offsets(ReadOnlySpan<byte> table) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(table).ToArray();
}
