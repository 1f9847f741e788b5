using System.Buffers;
using SecondOpinion.Dicom.Imaging.Codecs;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Frames as a person shall see them (PS3.4 N.2, PS3.18 8.3.5), and their media types.</summary>
public static class DicomRenderer
{
    /// <summary>Decodes a frame and makes it grey or RGB pixels of the asked size.</summary>
    /// <param name="frame">From 0.</param>
    /// <exception cref="ImagingException">The frame cannot be decoded, is larger than the limit, or an option makes no sense for it.</exception>
    public static RenderedImage Render(DicomImage image, int frame, RenderOptions options)
    {
        if (image.Description.PixelsPerFrame > options.MaxPixels)
        {
            throw TooLarge();
        }

        if (frame < 0 || frame >= image.FrameCount)
        {
            throw new ImagingException(ImagingError.FrameOutOfRange, $"There are {image.FrameCount} frames.");
        }

        if (options.PresentationState is { } referring)
        {
            PresentationState.Require(referring, image.Dataset, frame);
        }

        var target = Geometry.Of(image, frame, options); // before the work, so that a bad viewport costs little
        var rendered = ToDisplay(image, frame, options, CanReduce(image, frame, options) ? target.MostReduction : 1, out var reduction);
        if (options.PresentationState is { } state)
        {
            // PS3.4 N.2: shutter, spatial transformation, annotation; overlays lie over the shutter.
            Shutter.Apply(state, rendered);
            Overlays.DrawActivated(state, image.Dataset, frame, Stored(image, frame), image.Description, rendered);
            rendered = target.Apply(rendered);
            Graphics.Draw(state, image.Dataset, frame, target, rendered);
        }
        else
        {
            if (options.Overlays)
            {
                Overlays.Draw(image.Dataset, frame, Stored(image, frame), image.Description, rendered);
            }

            rendered = target.Apply(rendered, reduction);
        }

        if (options.AnnotatePatient || options.AnnotateTechnique)
        {
            Annotations.Draw(image.Dataset, rendered, options.AnnotatePatient, options.AnnotateTechnique);
        }

        return rendered;
    }

    /// <summary>Writes a rendered image in the format of the options.</summary>
    public static void Write(RenderedImage image, Stream stream, RenderOptions options)
    {
        switch (options.Format)
        {
            case RenderFormat.Png:
                PngEncoder.Write(image, stream);
                break;
            case RenderFormat.Gif:
                GifEncoder.Write([image], stream, null);
                break;
            case RenderFormat.Tiff:
                TiffEncoder.Write(image, stream);
                break;
            default:
                JpegEncoder.Write(image, stream, options.Quality);
                break;
        }
    }

    /// <summary>Renders and writes.</summary>
    public static byte[] RenderToArray(DicomImage image, int frame, RenderOptions options)
    {
        var rendered = Render(image, frame, options);
        using var stream = new MemoryStream(Math.Max(4096, rendered.Width * rendered.Channels / 8 * rendered.Height)); // a guess that mostly suffices
        Write(rendered, stream, options);
        return stream.ToArray();
    }

    /// <summary>Writes frames of one size as an animated GIF; they may be made as they are asked for.</summary>
    public static void WriteAnimatedGif(IEnumerable<RenderedImage> frames, Stream stream, TimeSpan delay) => GifEncoder.Write(frames, stream, delay);

    /// <summary>The media type of a format.</summary>
    public static string MediaType(RenderFormat format) => format switch
    {
        RenderFormat.Png => "image/png",
        RenderFormat.Gif => "image/gif",
        RenderFormat.Tiff => "image/tiff",
        _ => "image/jpeg",
    };

    internal static ImagingException TooLarge() => new(ImagingError.TooLarge, "The image has more pixels than the limit.");

    /// <summary>The frame's cells, for overlays in their unused bits; empty when there is none, or when the codestream has no such bits.</summary>
    private static ReadOnlySpan<byte> Stored(DicomImage image, int frame) =>
        EmbeddedOverlays.IsIn(image.Dataset) && image.Cells(frame) is { } cells ? cells.Span : default;

    /// <summary>The mean of what is shown is what is shown of the mean, and nothing is drawn before scaling: the frame may be decoded smaller.</summary>
    private static bool CanReduce(DicomImage image, int frame, RenderOptions options) =>
        image.IsCompressed && options is { PresentationState: null, Overlays: false, Deep: false } && image.Description switch
        {
            { BitsAllocated: 8, BitsStored: 8, IsSigned: false, IsMonochrome: true } => GrayscalePipeline.IsLinear(image, frame, options),
            var d => d.SamplesPerPixel == 3,
        };

    private static RenderedImage ToDisplay(DicomImage image, int frame, RenderOptions options, int mostReduction, out int reduction)
    {
        var decoded = image.Decode(frame, rented: true, mostReduction);
        reduction = decoded.Reduction;
        try
        {
            return ToDisplay(image, decoded, frame, options);
        }
        finally
        {
            if (decoded.IsRented)
            {
                ArrayPool<byte>.Shared.Return(decoded.Data);
            }
        }
    }

    /// <summary>The result shares its bytes with a decoded frame of 8 bits at most.</summary>
    private static RenderedImage ToDisplay(DicomImage image, DecodedFrame decoded, int frame, RenderOptions options)
    {
        if (decoded.SamplesPerPixel == 1 && decoded.PhotometricInterpretation != "PALETTE COLOR")
        {
            var grey = GrayscalePipeline.Apply(image.Dataset, decoded, frame, options);
            return new RenderedImage(decoded.Columns, decoded.Rows, 1, options.Deep ? 16 : 8, grey);
        }

        return new RenderedImage(decoded.Columns, decoded.Rows, 3, 8, ColorPipeline.Apply(image.Dataset, decoded));
    }
}
