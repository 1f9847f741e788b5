using System.Buffers.Binary;
using System.Security.Cryptography;
using SecondOpinion.Dicom;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Storage.Tests.Dicom;

public sealed class StagingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<StagingOutcome> StageAsync(byte[] bytes)
    {
        var blobs = new FolderBlobStore(_folder.FullName);
        await using var writer = blobs.Create();
        await writer.Content.WriteAsync(bytes);
        return await new InstanceStaging(blobs).TryStageAsync(writer, null, CancellationToken.None);
    }

    private static DicomDataset Image() => new DicomDataset()
        .Set(DicomTags.SOPClassUID, "1.2.3").Set(DicomTags.SOPInstanceUID, "1.2.3.4").Set(DicomTags.StudyInstanceUID, "1.2").Set(DicomTags.SeriesInstanceUID, "1.3")
        .Set(DicomTags.Rows, 2).Set(DicomTags.Columns, 2).Set(DicomTags.BitsAllocated, 8).Set(DicomTags.SamplesPerPixel, 1);

    public static TheoryData<string> Samples
    {
        get
        {
            var folder = Path.Combine(Repository.Root, "..", "shared", "samples", "dicom", "files");
            return Directory.Exists(folder) ? new(Directory.GetFiles(folder, "*.dcm").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)) : new("none");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Fragments_of_a_staged_sample_are_where_a_full_read_finds_them(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Requires.Shared("samples/dicom"), "files", name));

        var outcome = await StageAsync(bytes);

        if (outcome.Instance is not { } staged)
        {
            Assert.NotNull(outcome.Error);
            Assert.Empty(_folder.GetFiles("*", SearchOption.AllDirectories));
            return;
        }

        var stored = await File.ReadAllBytesAsync(_folder.GetFiles(staged.BlobId, SearchOption.AllDirectories).Single().FullName);
        Assert.Equal(SHA256.HashData(bytes), staged.Digest);
        Assert.Equal(stored.Length, staged.Size);
        var file = DicomFile.Read(stored, new DicomReadOptions { AllowTruncated = true });
        if (file.Dataset.TryGet(DicomTags.PixelData, out var pixels) && pixels.Fragments is { } fragments)
        {
            Assert.Equal(fragments.Count, staged.Instance.Fragments.Length / 16);
            for (var i = 0; i < fragments.Count; i++)
            {
                var offset = BinaryPrimitives.ReadInt64LittleEndian(staged.Instance.Fragments.AsSpan(i * 16));
                var length = BinaryPrimitives.ReadInt64LittleEndian(staged.Instance.Fragments.AsSpan((i * 16) + 8));
                Assert.Equal(fragments[i].ToArray(), stored.AsSpan((int)offset, (int)length).ToArray());
            }

            Assert.Equal(Math.Max(1, staged.Instance.NumberOfFrames ?? 1), staged.Instance.FrameStarts.Length / 4);
        }
        else if (staged.Instance.PixelOffset is { } offset)
        {
            Assert.Equal(pixels.RawBytes.ToArray(), stored.AsSpan((int)offset, (int)staged.Instance.PixelLength!.Value).ToArray());
        }
    }

    [Fact]
    public async Task Frames_over_several_fragments_are_told_apart_by_offset_table_and_by_markers()
    {
        byte[] start = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0], rest = [1, 2, 3, 4];
        var table = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), 8 + 8 + 8 + 4);

        foreach (var offsets in new[] { table, [] })
        {
            var image = Image().Set(DicomTags.NumberOfFrames, 2).SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(offsets, start, rest, start));
            var staged = (await StageAsync(DicomFile.Create(image, DicomUids.JPEGBaseline8Bit).ToArray())).Instance!;
            Assert.Equal([0, 0, 0, 0, 2, 0, 0, 0], staged.Instance.FrameStarts);
        }

        table[4] = 3; // points into a fragment
        var lying = Image().Set(DicomTags.NumberOfFrames, 2).SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(table, rest, rest, rest));
        Assert.Empty((await StageAsync(DicomFile.Create(lying, DicomUids.JPEGBaseline8Bit).ToArray())).Instance!.Instance.FrameStarts);
    }

    [Fact]
    public async Task A_file_that_ends_early_is_refused_wherever_it_ends()
    {
        var native = DicomFile.Create(Image().SetBytes(DicomTags.PixelData, DicomVr.OB, new byte[4]), DicomUids.ExplicitVRLittleEndian).ToArray();
        var packed = DicomFile.Create(Image().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(new byte[4], new byte[10], new byte[6])), DicomUids.JPEGBaseline8Bit).ToArray();

        Assert.NotNull((await StageAsync(native)).Instance);
        Assert.NotNull((await StageAsync(packed)).Instance);
        for (var cut = 1; cut < 40; cut++)
        {
            Assert.NotNull((await StageAsync(packed[..^cut])).Error);
            var outcome = await StageAsync(native[..^cut]);
            Assert.True(outcome.Error is not null || outcome.Instance!.Instance.PixelOffset is null, $"{cut} bytes less");
        }
    }

    [Theory]
    [InlineData("00080018", null, DicomError.MissingAttribute)]
    [InlineData("00080016", null, DicomError.MissingAttribute)]
    [InlineData("0020000D", null, DicomError.MissingAttribute)]
    [InlineData("0020000E", "1.2/../3", DicomError.InvalidValue)]
    [InlineData("0020000D", "1.2.x", DicomError.InvalidValue)]
    public async Task What_cannot_be_addressed_is_refused(string tag, string? value, DicomError error)
    {
        var image = Image();
        var file = DicomFile.Create(image, DicomUids.ExplicitVRLittleEndian);
        file.Meta.Set(DicomTags.MediaStorageSOPClassUID, "1.2.3").Set(DicomTags.MediaStorageSOPInstanceUID, "1.2.3.4");
        if (value is null)
        {
            image.Remove(DicomTag.Parse(tag));
        }
        else
        {
            image.Set(DicomTag.Parse(tag), value);
        }

        Assert.Equal(error, (await StageAsync(file.ToArray())).Error!.Code);
    }

    [Theory]
    [InlineData("Müller^Jörg", "MULLER^JORG")]
    [InlineData("  van  der Berg ^^^^ = ", "VAN DER BERG")]
    [InlineData("Ａｂｃ", "ABC")]
    [InlineData("Straße^Łukasz", "STRASSE^LUKASZ")]
    [InlineData("", "")]
    public void Names_are_folded_for_matching(string name, string folded) => Assert.Equal(folded, TextFold.FoldName(name));
}
