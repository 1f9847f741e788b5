using System.Runtime.InteropServices;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>libjpeg-turbo through its TurboJPEG interface (version 2), in this process.</summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 0; // TJPF_RGB
    private const int Gray = 6; // TJPF_GRAY
    private const int Samp444 = 0;
    private const int SampGray = 3;
    private const int AccurateDct = 4096;
    private const int NoRealloc = 1024;

    public static Cost? Decode(byte[] jpeg, int width, int height, int channels, int scaledBy = 1)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return null;
        }

        var handle = tjInitDecompress();
        var (w, h) = ((width + scaledBy - 1) / scaledBy, (height + scaledBy - 1) / scaledBy);
        var pixels = new byte[w * h * channels];
        var cost = Measure.Run(() =>
        {
            fixed (byte* from = jpeg, to = pixels)
            {
                Check(tjDecompress2(handle, from, (nuint)jpeg.Length, to, w, 0, h, channels == 3 ? Rgb : Gray, AccurateDct));
            }
        });
        Check(tjDestroy(handle));
        return cost;
    }

    /// <summary>Colour is not subsampled.</summary>
    public static Cost? Encode(byte[] pixels, int width, int height, int channels, int quality)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return null;
        }

        var handle = tjInitCompress();
        var buffer = new byte[(pixels.Length * 2) + 65536];
        var cost = Measure.Run(() =>
        {
            fixed (byte* from = pixels, to = buffer)
            {
                var start = to;
                var size = (nuint)buffer.Length;
                Check(tjCompress2(handle, from, width, 0, height, channels == 3 ? Rgb : Gray, &start, &size, channels == 3 ? Samp444 : SampGray, quality, AccurateDct | NoRealloc));
            }
        });
        Check(tjDestroy(handle));
        return cost;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("TurboJPEG failed.");
        }
    }

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial nint tjInitCompress();

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(nint handle, byte* jpeg, nuint size, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library)]
    private static partial int tjCompress2(nint handle, byte* pixels, int width, int pitch, int height, int format, byte** jpeg, nuint* size, int subsampling, int quality, int flags);
}
