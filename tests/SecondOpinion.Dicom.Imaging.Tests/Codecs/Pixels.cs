using System.Buffers.Binary;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Samples as numbers, by pixel, so that frames of any layout can be compared.</summary>
internal static class Pixels
{
    /// <summary>A frame of uncompressed pixel data, bits above Bits Stored dropped.</summary>
    public static int[] OfNative(DicomFile file, int frame = 0)
    {
        var description = ImageDescription.Of(file.Dataset);
        var bytes = file.Dataset.GetBytes(DicomTags.PixelData).Span;
        var size = description.BitsAllocated / 8;
        var samples = description.SamplesPerPixel;
        var pixels = (int)description.PixelsPerFrame;
        var values = new int[pixels * samples];
        var start = frame * values.Length * size;
        for (var i = 0; i < values.Length; i++)
        {
            var at = description.IsPlanar ? ((i % samples) * pixels) + (i / samples) : i;
            values[i] = ReadAt(bytes, start + (at * size), size) >> (description.HighBit + 1 - description.BitsStored) & MaskOf(description.BitsStored);
        }

        return values;
    }

    public static int[] Of(DecodedFrame frame)
    {
        var values = new int[frame.Rows * frame.Columns * frame.SamplesPerPixel];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadAt(frame.Data, i * frame.BytesPerSample, frame.BytesPerSample) & MaskOf(frame.BitsStored);
        }

        return values;
    }

    public static DecodedFrame Decode(DicomFile file, int frame = 0) =>
        DicomImage.Open(file).Decode(frame);

    /// <summary>YBR_FULL (PS3.3 C.7.6.3.1.2), where a program leaves the colours of the codestream.</summary>
    public static int[] ToRgb(int[] ybr)
    {
        var rgb = Array.ConvertAll(ybr, v => (byte)v);
        ColorPipeline.YbrToRgb(rgb, partial: false);
        return Array.ConvertAll(rgb, v => (int)v);
    }

    /// <summary>The greatest difference, and the mean one.</summary>
    public static (int Max, double Mean) Difference(int[] one, int[] other)
    {
        Assert.Equal(one.Length, other.Length);
        var max = 0;
        var sum = 0L;
        for (var i = 0; i < one.Length; i++)
        {
            var difference = Math.Abs(one[i] - other[i]);
            max = Math.Max(max, difference);
            sum += difference;
        }

        return (max, (double)sum / Math.Max(1, one.Length));
    }

    private static int MaskOf(int bits) => bits >= 32 ? -1 : (1 << bits) - 1;

    private static int ReadAt(ReadOnlySpan<byte> bytes, int at, int size) => size switch
    {
        1 => bytes[at],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]),
    };
}
