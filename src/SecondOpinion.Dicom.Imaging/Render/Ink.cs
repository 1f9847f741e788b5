using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A colour of 16 bits a channel; a grey image takes its lightness.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ink(ushort Red, ushort Green, ushort Blue)
{
    public static Ink White { get; } = Grey(ushort.MaxValue);

    public static Ink Black { get; } = Grey(0);

    /// <summary>Black on light colours, white on dark ones.</summary>
    public Ink Contrast => Lightness > short.MaxValue ? Black : White;

    private ushort Lightness => (ushort)(((299L * Red) + (587L * Green) + (114L * Blue)) / 1000);

    public static Ink Grey(ushort value) => new(value, value, value);

    /// <summary>A P-Value, or a CIELab value where there is none; null when the data set has neither.</summary>
    public static Ink? Of(DicomDataset dataset, DicomTag grey, DicomTag lab) =>
        dataset.GetInt32(grey) is { } value ? Grey((ushort)Math.Clamp(value, 0, ushort.MaxValue))
        : dataset.GetInt32s(lab) is [var l, var a, var b, ..] ? OfLab(l, a, b)
        : null;

    /// <summary>The sample of a channel of an image.</summary>
    public ushort Channel(int channel, int channels) => channels == 1 ? Lightness : channel switch { 0 => Red, 1 => Green, _ => Blue };

    /// <summary>PCS-Values (PS3.3 C.10.7.1.1): L* of 0 to 100 and a*, b* of -128 to 127 in 16 bits each; to sRGB by way of XYZ of D65.</summary>
    private static Ink OfLab(int l, int a, int b)
    {
        var y = ((l / 65535.0 * 100) + 16) / 116;
        var x = y + (((a / 65535.0 * 255) - 128) / 500);
        var z = y - (((b / 65535.0 * 255) - 128) / 200);
        var (cx, cy, cz) = (0.95047 * Cube(x), Cube(y), 1.08883 * Cube(z));
        return new Ink(
            Gamma((3.2406 * cx) - (1.5372 * cy) - (0.4986 * cz)),
            Gamma((-0.9689 * cx) + (1.8758 * cy) + (0.0415 * cz)),
            Gamma((0.0557 * cx) - (0.2040 * cy) + (1.0570 * cz)));

        static double Cube(double t) => t > 6.0 / 29 ? t * t * t : 3 * 36.0 / 841 * (t - (4.0 / 29));

        static ushort Gamma(double v) => (ushort)(Math.Clamp(v <= 0.0031308 ? 12.92 * v : (1.055 * Math.Pow(v, 1 / 2.4)) - 0.055, 0, 1) * 65535);
    }
}
