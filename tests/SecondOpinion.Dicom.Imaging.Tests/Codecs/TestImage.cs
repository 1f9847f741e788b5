using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>An uncompressed image made by computation: gradients, edges, flat areas and noise, so that every path of a codec is taken.</summary>
internal static class TestImage
{
    public static DicomFile Create(int width, int height, int samples, int bitsStored, bool signed = false, int frames = 1, int noise = 3, string? photometric = null)
    {
        var allocated = bitsStored <= 8 ? 8 : 16;
        var bytes = allocated / 8;
        var data = new byte[width * height * samples * bytes * frames + (width * height * samples * bytes * frames & 1)];
        var at = 0;
        for (var frame = 0; frame < frames; frame++)
        {
            var random = new Random(17 + frame);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    for (var s = 0; s < samples; s++, at += bytes)
                    {
                        var value = Value(x + (frame * 5), y, s, width, height, bitsStored, noise == 0 ? 0 : random.Next(noise + 1)) + (signed ? -(1 << (bitsStored - 1)) : 0);
                        if (bytes == 1)
                        {
                            data[at] = (byte)value;
                        }
                        else
                        {
                            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(at), (short)value);
                        }
                    }
                }
            }
        }

        var dataset = new DicomDataset()
            .Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7")
            .Set(DicomTags.SOPInstanceUID, "1.2.3.4.5")
            .Set(DicomTags.StudyInstanceUID, "1.2.3.4")
            .Set(DicomTags.SeriesInstanceUID, "1.2.3.4.6")
            .Set(DicomTags.Modality, "OT")
            .Set(DicomTags.PatientID, "TEST")
            .Set(DicomTags.SamplesPerPixel, samples)
            .Set(DicomTags.PhotometricInterpretation, photometric ?? (samples == 1 ? "MONOCHROME2" : "RGB"))
            .Set(DicomTags.Rows, height)
            .Set(DicomTags.Columns, width)
            .Set(DicomTags.BitsAllocated, allocated)
            .Set(DicomTags.BitsStored, bitsStored)
            .Set(DicomTags.HighBit, bitsStored - 1)
            .Set(DicomTags.PixelRepresentation, signed ? 1 : 0)
            .SetBytes(DicomTags.PixelData, bytes == 1 ? DicomVr.OB : DicomVr.OW, data);
        if (samples > 1)
        {
            dataset.Set(DicomTags.PlanarConfiguration, 0);
        }

        if (frames > 1)
        {
            dataset.Set(DicomTags.NumberOfFrames, frames);
        }

        return DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian);
    }

    private static int Value(int x, int y, int sample, int width, int height, int bits, int noise)
    {
        var max = (1 << bits) - 1;
        var wave = 0.5 + (0.25 * Math.Sin((x + (sample * 9)) * 0.21)) + (0.25 * Math.Cos((y - (sample * 4)) * 0.17));
        var value = (int)(wave * max * 0.9) + noise;
        if (y < height / 4)
        {
            value = max / 3; // flat: run mode, EOB runs
        }
        else if (x > width * 3 / 4)
        {
            value = ((x / 3) + (y / 5)) % 2 == 0 ? max : 0; // hard edges over the whole range
        }

        return Math.Clamp(value, 0, max);
    }
}
