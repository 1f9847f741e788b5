using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Fuzz;

/// <summary>A short, repeatable run of tests/SecondOpinion.Fuzz: only refusals come out, within the CPU time and memory of docs/security.md.</summary>
public sealed class FuzzTests
{
    private const int Cases = 800;

    private static readonly Dictionary<string, CodecTarget> s_codecs = new(StringComparer.Ordinal)
    {
        ["rle"] = CodecTarget.Rle,
        ["jpeg"] = CodecTarget.Jpeg,
        ["jpeg-lossless"] = CodecTarget.JpegLossless,
        ["jpeg-ls"] = CodecTarget.JpegLs,
        ["jpeg2000"] = CodecTarget.Jpeg2000,
    };

    public static TheoryData<string> Codecs => [.. s_codecs.Keys];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Damaged_frames_are_refused_or_decoded(string codec)
    {
        if (codec == "jpeg2000")
        {
            Libraries.OpenJpeg();
        }

        var target = s_codecs[codec];
        var corpus = CodecCorpus.Of(target, [], Pictures());
        Assert.True(corpus.Count >= 9);
        Assert.All(corpus, good => Assert.NotEmpty(target.Decode(good).Data));
        Run(target.Run, corpus);
    }

    [Fact]
    public void Damaged_attributes_give_a_picture_or_a_refusal()
    {
        var corpus = RenderCorpus.All();
        foreach (var image in corpus.Select(good => DicomFile.Read(good)).Where(f => f.Dataset.Contains(DicomTags.PixelData)).Select(f => DicomImage.Open(f)).Where(i => i.Description.PhotometricInterpretation != "HSV"))
        {
            Assert.NotEmpty(DicomRenderer.Render(image, 0, RenderOptions.Default with { Overlays = true, PresentationState = image.Dataset.GetItem(DicomTags.ReferencedSeriesSequence) }).Data);
        }

        Run(RenderTarget.Run, corpus);
    }

    [Fact]
    public void Damaged_pictures_that_are_not_DICOM_are_read_or_refused()
    {
        var source = DicomImage.Open(DicomFile.Read(RenderCorpus.All()[0]));
        Run(ImageTarget.Foreign, [.. new[] { RenderFormat.Png, RenderFormat.Tiff }.Select(f => DicomRenderer.RenderToArray(source, 0, new() { Format = f }))]);
    }

    /// <summary>The runtime reports it in another way than other damage.</summary>
    [Fact]
    public void A_PNG_that_wants_a_preset_dictionary_is_refused()
    {
        var source = DicomImage.Open(DicomFile.Read(RenderCorpus.All()[0]));
        var png = DicomRenderer.RenderToArray(source, 0, new() { Format = RenderFormat.Png });
        var zlib = png.AsSpan().IndexOf("IDAT"u8) + 4;
        (png[zlib], png[zlib + 1]) = (0x78, 0xBB); // FDICT (RFC 1950 2.2)
        var refusal = Assert.Throws<ImagingException>(() => ImageFile.ReadPng(ImageTarget.WithCheckSums(png)));
        Assert.Equal(ImagingError.InvalidImage, refusal.Code);
        Assert.Contains("inflated", refusal.Message);
    }

    private static List<byte[]> Pictures() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "SecondOpinion.Fuzz", "Corpus")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static void Run(Action<byte[]> target, IReadOnlyList<byte[]> corpus)
    {
        var mutator = new Mutator(corpus, seed: 20252);
        for (var number = 0; number < Cases; number++)
        {
            var input = mutator.Next();
            var failure = Record.Exception(() => FuzzCase.Run(target, input));
            Assert.True(failure is null, $"case {number}: {failure}");
        }
    }
}
