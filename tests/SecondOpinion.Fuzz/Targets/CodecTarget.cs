using System.Buffers.Binary;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>
/// The decoder of some transfer syntaxes. An input is a description of 8 bytes (rows and columns of 16 bits, samples, bits stored, flags, which of the syntaxes) and one
/// frame. A hostile writer makes its data set agree with its codestream, so the dimensions in the codestream go before those of the description.
/// </summary>
internal sealed class CodecTarget(params string[] syntaxes)
{
    internal const int Header = 8;
    internal const byte IsSigned = 1;
    internal const byte IsWide = 2; // 16 bits allocated for 8
    internal const byte IsYbr = 4;
    internal const byte Contradicts = 8; // dimensions of the codestream do not count

    private const long MaxPixels = 1 << 22;

    internal static CodecTarget Rle { get; } = new(DicomUids.RLELossless);

    internal static CodecTarget Jpeg { get; } = new(DicomUids.JPEGBaseline8Bit, DicomUids.JPEGExtended12Bit, DicomUids.JPEGFullProgressionNonHierarchical1012);

    internal static CodecTarget JpegLossless { get; } = new(DicomUids.JPEGLosslessSV1, DicomUids.JPEGLossless);

    internal static CodecTarget JpegLs { get; } = new(DicomUids.JPEGLSLossless, DicomUids.JPEGLSNearLossless);

    internal static CodecTarget Jpeg2000 { get; } = new(DicomUids.JPEG2000Lossless, DicomUids.JPEG2000, DicomUids.HTJ2K);

    internal IReadOnlyList<string> Syntaxes => syntaxes;

    internal void Run(byte[] input)
    {
        if (input.Length < Header || !FrameShape.Of(input).IsPossible)
        {
            return; // refused before any codec
        }

        try
        {
            Decode(input);
            if (syntaxes[0] == DicomUids.JPEGBaseline8Bit)
            {
                Preview(input);
            }
        }
        catch (ImagingException)
        {
            // A refusal.
        }
    }

    /// <exception cref="ImagingException">The frame is refused.</exception>
    internal DecodedFrame Decode(byte[] input)
    {
        var file = FileOf(input);
        return FuzzCase.Within("a frame", Allowed(FrameShape.Of(input), input.Length - Header), () => DicomImage.Open(file, MaxPixels).Decode(0));
    }

    /// <summary>A picture so small that the frame may be decoded at a half, a quarter or an eighth.</summary>
    private void Preview(byte[] input)
    {
        var shape = FrameShape.Of(input);
        var divide = 2 << (input.Length % 4);
        var options = new RenderOptions { MaxPixels = MaxPixels, Viewport = new Viewport(Math.Max(1, shape.Columns / divide), Math.Max(1, shape.Rows / divide)) };
        var file = FileOf(input);
        FuzzCase.Within("a preview", (4L << 20) + (2 * Allowed(shape, input.Length - Header)), () => DicomRenderer.Render(DicomImage.Open(file, MaxPixels), 0, options));
    }

    private DicomFile FileOf(byte[] input)
    {
        var attributes = FrameShape.Of(input).Attributes().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, input.AsMemory(Header)));
        return DicomFile.Create(attributes, syntaxes[input[7] % syntaxes.Length]);
    }

    /// <summary>docs/security.md: a frame counts only when its codestream can hold it.</summary>
    private long Allowed(FrameShape shape, int length)
    {
        var pixels = (long)shape.Rows * shape.Columns;
        var canHold = pixels <= MaxPixels && syntaxes[0] switch
        {
            DicomUids.RLELossless => pixels * shape.Samples * shape.Bytes <= 64L * length,
            DicomUids.JPEGBaseline8Bit => pixels <= 8L * 64 * length,
            DicomUids.JPEGLosslessSV1 => pixels * shape.Samples <= 8L * length,
            DicomUids.JPEGLSLossless => (long)shape.Rows * shape.Samples <= 8L * length,
            _ => true,
        };
        // JPEG codes whole units of up to 32 x 32 pixels.
        var frame = canHold ? (shape.Rows + 31L) * (shape.Columns + 31L) * shape.Samples * shape.Bytes : 0;
        return (1L << 20) + (160L * length) + (4 * frame);
    }
}

/// <summary>The image that a frame says it is.</summary>
internal sealed record FrameShape(int Rows, int Columns, int Samples, int Stored, byte Flags)
{
    internal bool IsPossible => Rows > 0 && Columns > 0 && Samples is 1 or 3 or 4 && Stored is > 0 and <= 32;

    internal int Bytes => Stored > 16 ? 4 : Stored > 8 || (Flags & CodecTarget.IsWide) != 0 ? 2 : 1;

    /// <summary>Of an input of <see cref="CodecTarget"/>.</summary>
    internal static FrameShape Of(ReadOnlySpan<byte> input)
    {
        var shape = new FrameShape(BinaryPrimitives.ReadUInt16LittleEndian(input), BinaryPrimitives.ReadUInt16LittleEndian(input[2..]), input[4], input[5], input[6]);
        return (shape.Flags & CodecTarget.Contradicts) != 0 ? shape : shape.AsIn(input[CodecTarget.Header..]);
    }

    internal byte[] Before(ReadOnlySpan<byte> frame, int syntax) =>
        [(byte)Rows, (byte)(Rows >> 8), (byte)Columns, (byte)(Columns >> 8), (byte)Samples, (byte)Stored, Flags, (byte)syntax, .. frame];

    internal DicomDataset Attributes()
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.Rows, Rows).Set(DicomTags.Columns, Columns).Set(DicomTags.SamplesPerPixel, Samples)
            .Set(DicomTags.BitsAllocated, Bytes * 8).Set(DicomTags.BitsStored, Stored).Set(DicomTags.HighBit, Stored - 1)
            .Set(DicomTags.PixelRepresentation, Flags & CodecTarget.IsSigned)
            .Set(DicomTags.PhotometricInterpretation, Samples == 1 ? "MONOCHROME2" : (Flags & CodecTarget.IsYbr) != 0 ? "YBR_FULL_422" : "RGB");
        return Samples > 1 ? dataset.Set(DicomTags.PlanarConfiguration, 0) : dataset;
    }

    /// <summary>The dimensions of a frame header (T.81 B.2.2, T.87 C.2.2) or of SIZ (T.800 A.5.1), where there is one.</summary>
    private FrameShape AsIn(ReadOnlySpan<byte> frame)
    {
        if (frame.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) is >= 0 and var siz && frame.Length >= siz + 43)
        {
            var at = frame[siz..];
            var width = BinaryPrimitives.ReadUInt32BigEndian(at[8..]) - BinaryPrimitives.ReadUInt32BigEndian(at[16..]);
            var height = BinaryPrimitives.ReadUInt32BigEndian(at[12..]) - BinaryPrimitives.ReadUInt32BigEndian(at[20..]);
            return this with { Rows = (ushort)height, Columns = (ushort)width, Samples = at[41], Stored = (at[42] & 0x7F) + 1 };
        }

        for (var i = 0; i + 9 < frame.Length; i++)
        {
            if (frame[i] == 0xFF && frame[i + 1] is >= 0xC0 and <= 0xC3 or 0xF7)
            {
                var at = frame[(i + 4)..];
                return this with { Stored = at[0], Rows = (at[1] << 8) | at[2], Columns = (at[3] << 8) | at[4], Samples = at[5] };
            }
        }

        return this;
    }
}
