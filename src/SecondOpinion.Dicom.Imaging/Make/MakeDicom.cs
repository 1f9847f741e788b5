using System.Globalization;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>DICOM objects from files that are none: images, documents, samples of a sensor.</summary>
public static class MakeDicom
{
    private const string LossyJpeg = "ISO_10918_1";

    /// <summary>
    /// An image object from a JPEG, PNG or TIFF file. A JPEG file is kept as it is where DICOM has a transfer syntax for it; one that is progressive, turned by its
    /// EXIF orientation, or colour where the class wants grey is decoded and stored uncompressed. Several TIFF pages of one size become frames.
    /// </summary>
    /// <param name="page">Of a TIFF file, from 0; null for all.</param>
    /// <exception cref="ImagingException">Not such a file, damaged, too large, or of a kind that the class cannot hold.</exception>
    public static DicomFile FromImage(ReadOnlyMemory<byte> file, MakeDicomInput input, int? page = null, long maxPixels = ImageFile.DefaultMaxPixels)
    {
        switch (ImageFile.Identify(file.Span).Kind)
        {
            case ImageFileKind.Jpeg:
                return FromJpeg(file, input, maxPixels);
            case ImageFileKind.Png:
                return FromPixels([ImageFile.ReadPng(file.Span, maxPixels)], input, null);
            case ImageFileKind.Tiff:
                return FromPixels(ImageFile.ReadTiff(file.Span, page, maxPixels), input, null);
            default:
                throw new ImagingException(ImagingError.UnsupportedImage, "The file is no JPEG, PNG or TIFF image.");
        }
    }

    /// <summary>Encapsulated PDF Storage (PS3.3 A.45.1).</summary>
    /// <exception cref="ImagingException">The bytes are no PDF.</exception>
    public static DicomFile FromPdf(ReadOnlyMemory<byte> pdf, MakeDicomInput input)
    {
        if (ImageFile.Identify(pdf.Span).Kind != ImageFileKind.Pdf)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "The file is no PDF.");
        }

        var dataset = MakeModules.Common(input, DicomUids.EncapsulatedPDFStorage, "DOC");
        dataset.Set(DicomTags.ConversionType, DicomText.Clean(input.ConversionType, 16) is { Length: > 0 } type ? type : "WSD");
        dataset.SetEmpty(DicomTags.AcquisitionDateTime);
        if (input.Acquired is { } acquired)
        {
            dataset.Set(DicomTags.AcquisitionDateTime, acquired.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        }

        dataset.Set(DicomTags.BurnedInAnnotation, input.BurnedInAnnotation ?? true ? "YES" : "NO");
        MakeModules.Text(dataset, DicomTags.DocumentTitle, input.Title, 1024);
        dataset.SetItems(DicomTags.ConceptNameCodeSequence); // type 2
        dataset.Set(DicomTags.MIMETypeOfEncapsulatedDocument, "application/pdf");
        dataset.Set(DicomTags.EncapsulatedDocumentLength, (long)pdf.Length);
        dataset.SetBytes(DicomTags.EncapsulatedDocument, DicomVr.OB, pdf);
        return MakeModules.Finish(dataset, DicomUids.ExplicitVRLittleEndian);
    }

    /// <summary>A grey image of a sensor's samples, for example Digital Intra-Oral X-Ray; 0 is black.</summary>
    /// <param name="bitsStored">9 to 16; no sample may exceed it.</param>
    /// <exception cref="ImagingException">Samples and dimensions do not fit each other.</exception>
    public static DicomFile FromSamples(ReadOnlySpan<ushort> samples, int rows, int columns, int bitsStored, MakeDicomInput input)
    {
        if (rows is < 1 or > 65535 || columns is < 1 or > 65535 || samples.Length != (long)rows * columns || bitsStored is < 9 or > 16)
        {
            throw new ImagingException(ImagingError.InvalidOption, "Samples, rows and columns, or bits do not fit each other.");
        }

        if (bitsStored < 16 && samples.IndexOfAnyExceptInRange((ushort)0, (ushort)((1 << bitsStored) - 1)) >= 0)
        {
            throw new ImagingException(ImagingError.InvalidOption, "A sample has more bits than are stored.");
        }

        var image = new RenderedImage(columns, rows, 1, 16, MemoryMarshal.AsBytes(samples).ToArray());
        return FromPixels([image], input, null, bitsStored);
    }

    private static DicomFile FromJpeg(ReadOnlyMemory<byte> file, MakeDicomInput input, long maxPixels)
    {
        if (!JpegHeader.TryRead(file.Span, out var header))
        {
            throw new ImagingException(ImagingError.InvalidImage, "The JPEG header is damaged.");
        }

        if (header.Components is not (1 or 3))
        {
            throw new ImagingException(ImagingError.UnsupportedImage, $"JPEG with {header.Components} components is not supported.");
        }

        if ((long)header.Width * header.Height > maxPixels)
        {
            throw DicomRenderer.TooLarge();
        }

        var lossy = header.Process != 3 && !(header.Process == 55 && header.Parameter == 0);
        var greyWanted = input.Kind == DicomImageKind.IntraOralXRay && header.Components == 3;
        if (header.TransferSyntaxUid is { } transferSyntax && header.Orientation == 1 && !greyWanted && !(input.Kind == DicomImageKind.Photograph && header.Precision > 8))
        {
            var dataset = Dataset(input, 1, header.Components, header.Height, header.Width, header.Precision, PhotometricOf(header), lossy ? Loss(header, file.Length) : null);
            dataset.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(new byte[4], file));
            return MakeModules.Finish(dataset, transferSyntax);
        }

        return FromPixels([Upright.Turn(Decode(file, header), header.Orientation)], input, lossy ? Loss(header, file.Length) : null);
    }

    private static RenderedImage Decode(ReadOnlyMemory<byte> file, JpegHeader header)
    {
        var (allocated, photometric) = (header.Precision > 8 ? 16 : 8, header.Components == 1 ? "MONOCHROME2" : PhotometricOf(header));
        var description = new ImageDescription
        {
            Rows = header.Height,
            Columns = header.Width,
            SamplesPerPixel = header.Components,
            BitsAllocated = allocated,
            BitsStored = header.Precision,
            HighBit = header.Precision - 1,
            IsSigned = false,
            PhotometricInterpretation = photometric,
        };

        // The decoder goes by the SOF marker; the transfer syntax only names the family.
        var frame = PixelCodecs.Decode(header.TransferSyntaxUid ?? DicomUids.JPEGExtended12Bit, file, description);
        if (frame.SamplesPerPixel == 3)
        {
            return new RenderedImage(frame.Columns, frame.Rows, 3, 8, ColorPipeline.Apply([], frame));
        }

        if (frame.BytesPerSample > 1 && frame.BitsStored < 16)
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(frame.Data.AsSpan()))
            {
                value <<= 16 - frame.BitsStored; // a rendered image is as deep as its samples
            }
        }

        return new RenderedImage(frame.Columns, frame.Rows, 1, frame.BytesPerSample * 8, frame.Data);
    }

    private static DicomFile FromPixels(IReadOnlyList<RenderedImage> frames, MakeDicomInput input, (double Ratio, string Method)? loss, int? bitsStored = null)
    {
        var first = frames[0];
        if (frames.Any(f => f.Width != first.Width || f.Height != first.Height || f.Channels != first.Channels || f.BitsPerSample != first.BitsPerSample))
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "Pages of different sizes or kinds make no multi-frame image; take them one by one.");
        }

        if (frames.Count > 1 && input.Kind != DicomImageKind.SecondaryCapture)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "Only secondary capture holds several pages.");
        }

        // No class for colour has 16 bits, photographs are 8 bits, and radiographs are grey.
        var grey = input.Kind == DicomImageKind.IntraOralXRay;
        var narrow = first.BitsPerSample == 16 && ((first.Channels == 3 && !grey) || input.Kind == DicomImageKind.Photograph);
        var pixels = frames.Select(f => Convert(f, grey, narrow)).ToArray();
        var channels = grey ? 1 : first.Channels;
        var bits = narrow || (first.BitsPerSample == 16 && first.Channels == 3) ? 8 : bitsStored ?? first.BitsPerSample;
        if (first.Width > 65535 || first.Height > 65535)
        {
            throw new ImagingException(ImagingError.TooLarge, "A DICOM image has at most 65535 rows and columns.");
        }

        var length = pixels.Sum(p => (long)p.Length);
        if (length > Array.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        var dataset = Dataset(input, frames.Count, channels, first.Height, first.Width, bits, channels == 3 ? "RGB" : "MONOCHROME2", loss);
        var all = pixels.Length == 1 ? pixels[0] : pixels.SelectMany(p => p).ToArray();
        dataset.SetBytes(DicomTags.PixelData, bits > 8 ? DicomVr.OW : DicomVr.OB, all);
        return MakeModules.Finish(dataset, DicomUids.ExplicitVRLittleEndian);
    }

    private static byte[] Convert(RenderedImage image, bool grey, bool narrow)
    {
        var count = image.Width * image.Height * image.Channels;
        var data = image.Data;
        if (image.BitsPerSample == 16 && (narrow || (grey && image.Channels == 3)))
        {
            data = new byte[count];
            for (var i = 0; i < count; i++)
            {
                data[i] = image.Data[(i * 2) + 1];
            }
        }

        if (!grey || image.Channels == 1)
        {
            return data;
        }

        var result = new byte[count / 3];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(((299 * data[i * 3]) + (587 * data[(i * 3) + 1]) + (114 * data[(i * 3) + 2]) + 500) / 1000);
        }

        return result;
    }

    private static DicomDataset Dataset(MakeDicomInput input, int frames, int channels, int rows, int columns, int bits, string photometric, (double Ratio, string Method)? loss)
    {
        var dataset = MakeModules.Common(input, ImageModules.SopClass(input.Kind, frames, channels, bits), ImageModules.Modality(input.Kind));
        dataset.Set(DicomTags.SamplesPerPixel, channels).Set(DicomTags.PhotometricInterpretation, photometric).Set(DicomTags.Rows, rows).Set(DicomTags.Columns, columns);
        dataset.Set(DicomTags.BitsAllocated, bits > 8 ? 16 : 8).Set(DicomTags.BitsStored, bits).Set(DicomTags.HighBit, bits - 1).Set(DicomTags.PixelRepresentation, 0);
        if (channels == 3)
        {
            dataset.Set(DicomTags.PlanarConfiguration, 0);
        }

        if (loss is { } lost)
        {
            dataset.Set(DicomTags.LossyImageCompression, "01").Set(DicomTags.LossyImageCompressionRatio, Math.Round(lost.Ratio, 2)).Set(DicomTags.LossyImageCompressionMethod, lost.Method);
        }

        ImageModules.Add(dataset, input, frames, channels, bits);
        return dataset;
    }

    /// <summary>PS3.5 8.2.1: the photometric interpretation that goes with a JPEG stream; YBR_FULL_422 whatever the stream's own sampling.</summary>
    private static string PhotometricOf(JpegHeader header) =>
        header.Components == 1 ? "MONOCHROME2" : header.IsYbr ? "YBR_FULL_422" : "RGB";

    private static (double Ratio, string Method) Loss(JpegHeader header, int length) =>
        ((double)header.Width * header.Height * header.Components * (header.Precision > 8 ? 2 : 1) / length, header.Process == 55 ? "ISO_14495_1" : LossyJpeg);
}
