using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>Decodes and encodes JPEG 2000 and decodes HTJ2K (ITU-T T.800, T.814) with libopenjp2. Runs in the worker process only.</summary>
internal static unsafe class OpenJpegCodec
{
    private const int CodestreamFormat = 0; // OPJ_CODEC_J2K

    [ThreadStatic]
    private static string? s_lastError;

    /// <param name="width">Dimensions that the codestream must have.</param>
    public static CodecImage Decode(ReadOnlySpan<byte> data, int width, int height, int components)
    {
        // A JP2 file around the codestream is not allowed (PS3.5 A.4.4) but found: its boxes say nothing that the data set does not.
        var start = data.IndexOf([(byte)0xFF, (byte)0x4F, (byte)0xFF, (byte)0x51]); // SOC SIZ
        if (start < 0)
        {
            throw CodecError.Invalid("no JPEG 2000 codestream");
        }

        var library = OpenJpegLibrary.Instance;
        // A missing EOC is common and harmless; a second one is never read.
        using var stream = OpenJpegStream.Over(library, [.. data[start..], 0xFF, 0xD9]);
        var codec = library.CreateDecompress(CodestreamFormat);
        OpjImage* image = null;
        try
        {
            Prepare(library, codec);
            var parameters = stackalloc byte[16384]; // opj_dparameters_t has 8252
            library.SetDefaultDecoderParameters(parameters);
            Check(library.SetupDecoder(codec, parameters));
            Check(library.ReadHeader(stream.Handle, codec, &image));
            CheckHeader(image, width, height, components);
            Check(library.Decode(codec, stream.Handle, image));
            return Convert(image, width, height);
        }
        finally
        {
            if (image is not null)
            {
                library.DestroyImage(image);
            }

            library.DestroyCodec(codec);
        }
    }

    /// <summary>Dimensions are believed only when they are what the data set says: before anything is allocated for them.</summary>
    private static void CheckHeader(OpjImage* image, int width, int height, int components)
    {
        if (image->X1 - image->X0 != width || image->Y1 - image->Y0 != height || image->ComponentCount != components)
        {
            throw CodecError.Invalid(
                $"the codestream is {image->X1 - image->X0} x {image->Y1 - image->Y0} x {image->ComponentCount}, its data set says {width} x {height} x {components}");
        }

        for (var i = 0; i < components; i++)
        {
            ref var c = ref image->Components[i];
            if (c.Precision is 0 or > 16 || c.Precision != image->Components[0].Precision || c.IsSigned != image->Components[0].IsSigned)
            {
                throw CodecError.Unsupported($"JPEG 2000 component of {c.Precision} bits, or components that differ");
            }
        }

        _ = CodecImage.SizeOf(width, height, components, sizeof(int));
    }

    private static CodecImage Convert(OpjImage* image, int width, int height)
    {
        var count = (int)image->ComponentCount;
        var precision = (int)image->Components[0].Precision;
        var size = CodecImage.BytesFor(precision);
        var samples = new byte[CodecImage.SizeOf(width, height, count, size)];
        for (var i = 0; i < count; i++)
        {
            ref var c = ref image->Components[i];
            if (c.Data is null || c.Width == 0 || c.Height == 0)
            {
                throw CodecError.Truncated("JPEG 2000 codestream");
            }

            for (var y = 0; y < height; y++)
            {
                var line = new ReadOnlySpan<int>(c.Data + (Math.Min((uint)y / Math.Max(1, c.Dy), c.Height - 1) * (long)c.Width), (int)c.Width);
                Store(line, (int)Math.Max(1, c.Dx), size, samples.AsSpan(((y * width * count) + i) * size), width, count * size);
            }
        }

        return new CodecImage(width, height, count, precision, samples, image->Components[0].IsSigned != 0);
    }

    /// <summary>A line of a component; subsampled ones are repeated.</summary>
    private static void Store(ReadOnlySpan<int> line, int dx, int size, Span<byte> target, int width, int step)
    {
        for (int x = 0, to = 0; x < width; x++, to += step)
        {
            var value = line[dx == 1 ? Math.Min(x, line.Length - 1) : Math.Min(x / dx, line.Length - 1)];
            target[to] = (byte)value;
            if (size == 2)
            {
                target[to + 1] = (byte)(value >> 8);
            }
        }
    }

    public static byte[] Encode(ReadOnlySpan<byte> samples, in Jpeg2000EncodeRequest request)
    {
        var library = OpenJpegLibrary.Instance;
        var image = CreateImage(library, samples, request);
        var codec = library.CreateCompress(CodestreamFormat);
        try
        {
            using var stream = OpenJpegStream.ForWriting(library, samples.Length / 2);
            Prepare(library, codec);
            var parameters = new byte[OpjEncoderParameters.Size];
            fixed (byte* p = parameters)
            {
                library.SetDefaultEncoderParameters(p);
                Set(parameters, request);
                Check(library.SetupEncoder(codec, p, image));
            }

            Check(library.StartCompress(codec, image, stream.Handle));
            Check(library.Encode(codec, stream.Handle));
            Check(library.EndCompress(codec, stream.Handle));
            return stream.Written.ToArray();
        }
        finally
        {
            library.DestroyImage(image);
            library.DestroyCodec(codec);
        }
    }

    private static void Set(Span<byte> parameters, in Jpeg2000EncodeRequest request)
    {
        if (!OpjEncoderParameters.AreAsExpected(parameters))
        {
            throw new ImagingException(ImagingError.MissingLibrary, "This release of libopenjp2 has another parameter layout than ABI 7: images cannot be encoded.");
        }

        var resolutions = 1;
        while (resolutions < 6 && Math.Min(request.Width, request.Height) >> resolutions >= 1)
        {
            resolutions++;
        }

        Put(parameters, OpjEncoderParameters.Layers, 1);
        Put(parameters, OpjEncoderParameters.Resolutions, resolutions);
        Put(parameters, OpjEncoderParameters.Irreversible, request.IsLossless ? 0 : 1);
        if (request.Quality > 0 && !request.IsLossless)
        {
            Put(parameters, OpjEncoderParameters.FixedQuality, 1);
            Put(parameters, OpjEncoderParameters.Distortions, BitConverter.SingleToInt32Bits(request.Quality));
        }
        else
        {
            Put(parameters, OpjEncoderParameters.DistortionAllocation, 1);
            Put(parameters, OpjEncoderParameters.Rates, BitConverter.SingleToInt32Bits(request.IsLossless ? 0 : request.Ratio));
        }

        // PS3.5 A.4.4: the component transform is RCT or ICT for three components of colour.
        parameters[OpjEncoderParameters.ComponentTransform] = request.TransformsColor ? (byte)1 : (byte)0;

        static void Put(Span<byte> parameters, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(parameters[offset..], value);
    }

    private static OpjImage* CreateImage(OpenJpegLibrary library, ReadOnlySpan<byte> samples, in Jpeg2000EncodeRequest request)
    {
        var count = request.Components;
        var size = CodecImage.BytesFor(request.Precision);
        if (count is < 1 or > 4 || request.Precision is < 1 or > 16 || samples.Length < CodecImage.SizeOf(request.Width, request.Height, count, size))
        {
            throw CodecError.Unsupported($"JPEG 2000 of {count} components of {request.Precision} bits");
        }

        var components = stackalloc OpjComponentParameters[count];
        for (var i = 0; i < count; i++)
        {
            components[i] = new OpjComponentParameters
            {
                Dx = 1,
                Dy = 1,
                Width = (uint)request.Width,
                Height = (uint)request.Height,
                Precision = (uint)request.Precision,
                Bpp = (uint)request.Precision,
                IsSigned = request.IsSigned ? 1u : 0u,
            };
        }

        const int Srgb = 1;
        const int Gray = 2;
        var image = library.CreateImage((uint)count, components, count == 3 ? Srgb : Gray);
        if (image is null)
        {
            throw new ImagingException(ImagingError.LimitExceeded, "No memory for a JPEG 2000 image.");
        }

        image->X1 = (uint)request.Width;
        image->Y1 = (uint)request.Height;
        var unused = 32 - request.Precision;
        for (var i = 0; i < count; i++)
        {
            var data = image->Components[i].Data;
            var at = i * size;
            for (var n = (long)request.Width * request.Height; n > 0; n--, at += count * size)
            {
                var value = (size == 1 ? samples[at] : samples[at] | (samples[at + 1] << 8)) << unused;
                *data++ = request.IsSigned ? value >> unused : (int)((uint)value >> unused);
            }
        }

        return image;
    }

    private static void Prepare(OpenJpegLibrary library, void* codec)
    {
        s_lastError = null;
        if (codec is null)
        {
            throw new ImagingException(ImagingError.LimitExceeded, "No memory for a JPEG 2000 codec.");
        }

        library.SetErrorHandler(codec, &OnError, null);
    }

    private static void Check(int succeeded)
    {
        if (succeeded == 0)
        {
            if (s_lastError?.Contains("memory", StringComparison.OrdinalIgnoreCase) == true)
            {
                throw new ImagingException(ImagingError.LimitExceeded, "The image needs more memory than the limit.");
            }

            throw CodecError.Invalid("JPEG 2000: " + (s_lastError ?? "the codestream cannot be processed"));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* message, void* user)
    {
        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message);
        s_lastError ??= Encoding.ASCII.GetString(bytes[..Math.Min(200, bytes.Length)]).Trim();
    }
}
