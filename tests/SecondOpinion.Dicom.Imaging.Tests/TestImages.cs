using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Tests;

/// <summary>Small images made by hand.</summary>
internal static class TestImages
{
    public static DicomDataset Attributes(int rows, int columns, int samples = 1, int allocated = 8, int? stored = null, int? high = null, bool signed = false, string photometric = "MONOCHROME2", int planar = 0, int frames = 1)
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.SOPClassUID, DicomUids.SecondaryCaptureImageStorage)
            .Set(DicomTags.SOPInstanceUID, "2.25.1")
            .Set(DicomTags.Rows, rows)
            .Set(DicomTags.Columns, columns)
            .Set(DicomTags.SamplesPerPixel, samples)
            .Set(DicomTags.BitsAllocated, allocated)
            .Set(DicomTags.BitsStored, stored ?? allocated)
            .Set(DicomTags.HighBit, high ?? (stored ?? allocated) - 1)
            .Set(DicomTags.PixelRepresentation, signed ? 1 : 0)
            .Set(DicomTags.PhotometricInterpretation, photometric);
        if (samples > 1)
        {
            dataset.Set(DicomTags.PlanarConfiguration, planar);
        }

        return frames > 1 ? dataset.Set(DicomTags.NumberOfFrames, frames) : dataset;
    }

    public static DicomImage Native(DicomDataset attributes, params byte[] pixels)
    {
        attributes.SetBytes(DicomTags.PixelData, DicomVr.OW, pixels);
        return DicomImage.Open(DicomFile.Create(attributes, DicomUids.ExplicitVRLittleEndian));
    }

    public static DicomImage Native16(DicomDataset attributes, params short[] pixels)
    {
        var bytes = new byte[pixels.Length * 2];
        for (var i = 0; i < pixels.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), pixels[i]);
        }

        return Native(attributes, bytes);
    }

    public static DicomImage Encapsulated(DicomDataset attributes, string transferSyntax, byte[] offsetTable, params byte[][] fragments)
    {
        attributes.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(offsetTable, Array.ConvertAll(fragments, f => new ReadOnlyMemory<byte>(f))));
        return DicomImage.Open(DicomFile.Create(attributes, transferSyntax));
    }

    public static byte[] Words(params ushort[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static byte[] Pixels(this DicomImage image, RenderOptions? options = null, int frame = 0) => DicomRenderer.Render(image, frame, options ?? RenderOptions.Default).Data;

    /// <summary>A colourful picture with edges and gradients.</summary>
    public static RenderedImage Picture(int width, int height, int channels)
    {
        var data = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < channels; c++)
                {
                    data[(((y * width) + x) * channels) + c] = (byte)(((x - (width / 2)) * (x - (width / 2))) + ((y - (height / 3)) * (y - (height / 3))) < width * height / 9 ? 40 + (c * 80) : (x * (c + 1) * 127 / width) + (y * 127 / height));
                }
            }
        }

        return new RenderedImage(width, height, channels, 8, data);
    }
}
