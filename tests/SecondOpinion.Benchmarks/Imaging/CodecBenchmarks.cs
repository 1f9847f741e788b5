using System.Diagnostics;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>Codecs both ways beside their peers on the same images: megabytes (10^6) of uncompressed samples a second of one core.</summary>
internal sealed class CodecBenchmarks
{
    private const int Quality = 90;

    private readonly Table _table = new("Codecs: MB of uncompressed samples a second of one core", "codec, image", "ratio", "decode", "peer", "of it", "encode", "peer", "of it", "peer is");

    /// <summary>The environment variable CODEC chooses one of the codecs.</summary>
    public static void Run()
    {
        var benchmarks = new CodecBenchmarks();
        var chosen = Environment.GetEnvironmentVariable("CODEC");
        (string Name, Action<BenchmarkImage> Run)[] codecs =
        [
            ("copy", benchmarks.Copy),
            ("rle", benchmarks.Rle),
            ("lossless", benchmarks.Lossless),
            ("ls", benchmarks.JpegLs),
            ("baseline", benchmarks.Baseline),
            ("subsampled", benchmarks.Subsampled),
            ("extended", benchmarks.Extended),
            ("2000", benchmarks.Jpeg2000),
        ];
        foreach (var image in new[] { BenchmarkImage.Panoramic(), BenchmarkImage.IntraOral(), BenchmarkImage.Photograph() })
        {
            foreach (var (_, run) in codecs.Where(c => chosen is null || c.Name == chosen))
            {
                run(image);
            }
        }
    }

    /// <summary>What no codec can exceed.</summary>
    private void Copy(BenchmarkImage image)
    {
        var copy = new byte[image.Samples.Length];
        Row($"memory copy, {image.Name}", image, image.Samples.Length, Measure.Run(() => image.Samples.CopyTo(copy, 0)), null, null, null, "-");
    }

    private void Rle(BenchmarkImage image)
    {
        var packed = Packed(image, DicomUids.RLELossless);
        Row(
            $"RLE, {image.Name}",
            image,
            Length(packed),
            Decode(packed),
            ProgramPeers.Decode(image, DicomUids.RLELossless, "dcmdrle", []),
            Encode(image, DicomUids.RLELossless),
            ProgramPeers.Encode(image, "dcmcrle"),
            "DCMTK");
        Row($"RLE, {image.Name}", image, Length(packed), null, ProgramPeers.Decode(image, DicomUids.RLELossless, "gdcmconv", ["--raw"], "gdcmconv"), null, null, "GDCM");
    }

    private void Lossless(BenchmarkImage image)
    {
        var packed = Packed(image, DicomUids.JPEGLosslessSV1);
        Row(
            $"JPEG lossless SV1, {image.Name}",
            image,
            Length(packed),
            Decode(packed),
            ProgramPeers.Decode(image, DicomUids.JPEGLosslessSV1, "dcmdjpeg", []),
            Encode(image, DicomUids.JPEGLosslessSV1),
            ProgramPeers.Encode(image, "dcmcjpeg", "+e1"),
            "DCMTK");
    }

    private void JpegLs(BenchmarkImage image)
    {
        var packed = Packed(image, DicomUids.JPEGLSLossless);
        Row(
            $"JPEG-LS, {image.Name}",
            image,
            Length(packed),
            Decode(packed),
            CharLs.Decode(packed.FrameBytes(0).ToArray(), image.Samples.Length),
            Encode(image, DicomUids.JPEGLSLossless),
            CharLs.Encode(image),
            "CharLS");
    }

    private void Baseline(BenchmarkImage image)
    {
        if (image.Bits != 8)
        {
            return;
        }

        var packed = Packed(image, DicomUids.JPEGBaseline8Bit);
        Row(
            $"JPEG baseline, quality {Quality}, {image.Name}",
            image,
            Length(packed),
            Decode(packed),
            TurboJpeg.Decode(packed.FrameBytes(0).ToArray(), image.Width, image.Height, image.Channels),
            Encode(image, DicomUids.JPEGBaseline8Bit),
            TurboJpeg.Encode(image.Samples, image.Width, image.Height, image.Channels, Quality),
            "libjpeg-turbo");
    }

    /// <summary>As cameras write it: colour halved both ways.</summary>
    private void Subsampled(BenchmarkImage image)
    {
        if (image.Channels != 3)
        {
            return;
        }

        var jpeg = RenderBenchmarks.Jpeg(image);
        var packed = DicomImage.Open(RenderBenchmarks.FileOf(jpeg));
        Row($"JPEG baseline 4:2:0, {image.Name}", image, jpeg.Length, Decode(packed), TurboJpeg.Decode(jpeg, image.Width, image.Height, image.Channels), null, null, "libjpeg-turbo");
    }

    /// <summary>12 bits are decoded only: DCMTK writes the image.</summary>
    private void Extended(BenchmarkImage image)
    {
        (string, string[]) maker = ("dcmcjpeg", ["+ee", "+q", "90"]);
        if (image.Bits == 12 && ProgramPeers.Make(image, maker) is { } packed)
        {
            Row($"JPEG extended, {image.Name}", image, Length(packed), Decode(packed), ProgramPeers.Decode(image, DicomUids.JPEGExtended12Bit, "dcmdjpeg", [], maker: maker), null, null, "DCMTK");
        }
    }

    /// <summary>Through the worker process, by the clock since two processes share the work; the peer is the same library in this process.</summary>
    private void Jpeg2000(BenchmarkImage image)
    {
        var packed = Packed(image, DicomUids.JPEG2000Lossless);
        var stream = packed.FrameBytes(0).ToArray();
        var request = new Jpeg2000EncodeRequest(image.Width, image.Height, image.Channels, image.Bits, IsSigned: false, image.Channels == 3, IsLossless: true, 0, 0);
        Row(
            $"JPEG 2000 lossless, {image.Name}",
            image,
            stream.Length,
            Clock(() => packed.Decode(0)),
            Clock(() => OpenJpegCodec.Decode(stream, image.Width, image.Height, image.Channels)),
            Clock(() => PixelTranscoder.TranscodeFrame(DicomImage.Open(image.File), 0, DicomUids.JPEG2000Lossless)),
            Clock(() => OpenJpegCodec.Encode(image.Samples, request)),
            "OpenJPEG in process, wall time");
    }

    /// <summary>The median of five runs by the clock.</summary>
    private static Cost Clock(Action operation)
    {
        var times = new List<double>();
        operation();
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            operation();
            times.Add(watch.Elapsed.TotalMicroseconds);
        }

        times.Sort();
        return new Cost(times[2], 0);
    }

    private static DicomImage Packed(BenchmarkImage image, string syntax) => DicomImage.Open(PixelTranscoder.Transcode(image.File, syntax));

    private static int Length(DicomImage packed) => packed.FrameBytes(0).Length;

    private static Cost Decode(DicomImage packed) => Measure.Run(() => packed.Decode(0));

    private static Cost Encode(BenchmarkImage image, string syntax)
    {
        var open = DicomImage.Open(image.File);
        return Measure.Run(() => PixelTranscoder.TranscodeFrame(open, 0, syntax));
    }

    private void Row(string name, BenchmarkImage image, int packed, Cost? decode, Cost? decodePeer, Cost? encode, Cost? encodePeer, string peer)
    {
        _table.Row(
            name,
            Table.Number(image.Samples.Length / (double)packed),
            Speed(decode),
            Speed(decodePeer),
            Table.Number(decodePeer?.Microseconds / decode?.Microseconds),
            Speed(encode),
            Speed(encodePeer),
            Table.Number(encodePeer?.Microseconds / encode?.Microseconds),
            peer);

        string Speed(Cost? cost) => Table.Number(cost?.MegabytesPerSecond(image.Samples.Length));
    }
}
