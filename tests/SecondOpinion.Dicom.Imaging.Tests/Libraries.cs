using SecondOpinion.TestKit;

namespace SecondOpinion.Dicom.Imaging.Tests;

/// <summary>Native libraries that tests need: without them a test is skipped with the reason, or fails under CI.</summary>
internal static class Libraries
{
    public static void OpenJpeg() => Requires.Library("libopenjp2", "libopenjp2.so.7", "libopenjp2.7.dylib", "libopenjp2.dylib", "openjp2");

    public static void Tiff() => Requires.Library("libtiff", "libtiff.so.6", "libtiff.so.5", "libtiff.6.dylib", "libtiff.5.dylib", "libtiff-6", "tiff");
}
