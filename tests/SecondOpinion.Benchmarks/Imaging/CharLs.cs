using System.Runtime.InteropServices;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>CharLS through its C interface (version 2), in this process.</summary>
internal static unsafe partial class CharLs
{
    private const string Library = "libcharls.so.2";
    private const int InterleaveLine = 1;

    public static Cost? Decode(byte[] codestream, int length)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return null;
        }

        var pixels = new byte[length];
        return Measure.Run(() =>
        {
            var decoder = charls_jpegls_decoder_create();
            fixed (byte* from = codestream, to = pixels)
            {
                Check(charls_jpegls_decoder_set_source_buffer(decoder, from, (nuint)codestream.Length));
                Check(charls_jpegls_decoder_read_header(decoder));
                Check(charls_jpegls_decoder_decode_to_buffer(decoder, to, (nuint)length, 0));
            }

            charls_jpegls_decoder_destroy(decoder);
        });
    }

    public static Cost? Encode(BenchmarkImage image)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return null;
        }

        var buffer = new byte[image.Samples.Length * 2];
        var frame = new FrameInfo(image.Width, image.Height, image.Bits, image.Channels);
        return Measure.Run(() =>
        {
            var encoder = charls_jpegls_encoder_create();
            fixed (byte* from = image.Samples, to = buffer)
            {
                Check(charls_jpegls_encoder_set_frame_info(encoder, frame));
                if (image.Channels > 1)
                {
                    Check(charls_jpegls_encoder_set_interleave_mode(encoder, InterleaveLine));
                }

                Check(charls_jpegls_encoder_set_destination_buffer(encoder, to, (nuint)buffer.Length));
                Check(charls_jpegls_encoder_encode_from_buffer(encoder, from, (nuint)image.Samples.Length, 0));
            }

            charls_jpegls_encoder_destroy(encoder);
        });
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"CharLS failed: {result}.");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FrameInfo(int Width, int Height, int BitsPerSample, int ComponentCount);

    [LibraryImport(Library)]
    private static partial nint charls_jpegls_decoder_create();

    [LibraryImport(Library)]
    private static partial void charls_jpegls_decoder_destroy(nint decoder);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_decoder_set_source_buffer(nint decoder, byte* source, nuint size);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_decoder_read_header(nint decoder);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_decoder_decode_to_buffer(nint decoder, byte* target, nuint size, uint stride);

    [LibraryImport(Library)]
    private static partial nint charls_jpegls_encoder_create();

    [LibraryImport(Library)]
    private static partial void charls_jpegls_encoder_destroy(nint encoder);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_encoder_set_frame_info(nint encoder, in FrameInfo info);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_encoder_set_interleave_mode(nint encoder, int mode);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_encoder_set_destination_buffer(nint encoder, byte* target, nuint size);

    [LibraryImport(Library)]
    private static partial int charls_jpegls_encoder_encode_from_buffer(nint encoder, byte* source, nuint size, uint stride);
}
