using System.Runtime.InteropServices;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>An uncompressed image: its samples by pixel, and the same as a DICOM file.</summary>
internal sealed record BenchmarkImage(string Name, int Width, int Height, int Channels, int Bits, byte[] Samples)
{
    public int BytesPerSample => Bits > 8 ? 2 : 1;

    public DicomFile File { get; } = FileOf(Width, Height, Channels, Bits, Samples, 1);

    /// <summary>The image as so many equal frames: what runs in a process of its own must outweigh the start of the process.</summary>
    public DicomFile Repeated(int frames)
    {
        var all = new byte[Samples.Length * frames];
        for (var i = 0; i < frames; i++)
        {
            Samples.CopyTo(all.AsSpan(i * Samples.Length));
        }

        return FileOf(Width, Height, Channels, Bits, all, frames);
    }

    /// <summary>12 bits, noise of a sensor.</summary>
    public static BenchmarkImage Panoramic()
    {
        var samples = PhantomRadiograph.Periapical(2800, 1500, 7);
        return new("panoramic, 12 bits", 2800, 1500, 1, 12, MemoryMarshal.AsBytes<ushort>(samples).ToArray());
    }

    public static BenchmarkImage IntraOral()
    {
        var samples = PhantomRadiograph.Bitewing(1628, 1240, 3);
        return new("intra-oral, 8 bits", 1628, 1240, 1, 8, Array.ConvertAll(samples, s => (byte)(s >> 4)));
    }

    /// <summary>12 megapixels of RGB: a radiograph's structure and noise, toned in slowly changing colours.</summary>
    public static BenchmarkImage Photograph()
    {
        const int Columns = 4000;
        const int Rows = 3000;
        var grey = PhantomRadiograph.Bitewing(Columns, Rows, 5);
        var random = new Random(11);
        var samples = new byte[grey.Length * 3];
        for (var i = 0; i < grey.Length; i++)
        {
            var (x, y) = (i % Columns / 900.0, i / Columns / 700.0);
            var light = grey[i] / 16.0;
            samples[3 * i] = Level(light * (0.95 + (0.15 * Math.Sin(x + (2 * y)))));
            samples[(3 * i) + 1] = Level(light * (0.75 + (0.20 * Math.Cos((2 * x) - y))));
            samples[(3 * i) + 2] = Level(light * (0.65 + (0.20 * Math.Sin((3 * y) - x))));
        }

        return new("photograph, RGB, 12 MP", Columns, Rows, 3, 8, samples);

        // Grain of deviation 4, about that of a camera's picture.
        byte Level(double value) => (byte)Math.Clamp(value + (4 * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.732) + 0.5, 0, 255);
    }

    private static DicomFile FileOf(int width, int height, int channels, int bits, byte[] samples, int frames)
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.SOPClassUID, frames == 1 ? DicomUids.SecondaryCaptureImageStorage : channels == 3 ? "1.2.840.10008.5.1.4.1.1.7.4" : bits > 8 ? "1.2.840.10008.5.1.4.1.1.7.3" : "1.2.840.10008.5.1.4.1.1.7.2")
            .Set(DicomTags.SOPInstanceUID, "2.25.1")
            .Set(DicomTags.StudyInstanceUID, "2.25.2")
            .Set(DicomTags.SeriesInstanceUID, "2.25.3")
            .Set(DicomTags.Modality, "OT")
            .Set(DicomTags.SamplesPerPixel, channels)
            .Set(DicomTags.PhotometricInterpretation, channels == 3 ? "RGB" : "MONOCHROME2")
            .Set(DicomTags.NumberOfFrames, frames)
            .Set(DicomTags.Rows, height)
            .Set(DicomTags.Columns, width)
            .Set(DicomTags.BitsAllocated, bits > 8 ? 16 : 8)
            .Set(DicomTags.BitsStored, bits)
            .Set(DicomTags.HighBit, bits - 1)
            .Set(DicomTags.PixelRepresentation, 0)
            .SetBytes(DicomTags.PixelData, bits > 8 ? DicomVr.OW : DicomVr.OB, samples);
        if (channels == 3)
        {
            dataset.Set(DicomTags.PlanarConfiguration, 0);
        }

        return DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian);
    }
}
