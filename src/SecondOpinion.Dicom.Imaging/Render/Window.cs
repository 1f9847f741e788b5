using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A window (PS3.3 C.11.2.1.2): values to 0 (black) to 1 (white).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Window
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _center;
    private readonly double _width;
    private readonly bool _sigmoid;

    private Window(double low, double high, double center, double width, bool sigmoid)
    {
        _low = low;
        _high = high;
        _center = center;
        _width = width;
        _sigmoid = sigmoid;
    }

    /// <summary>The first window of a data set; null when it has none that makes sense.</summary>
    public static Window? Of(DicomDataset dataset) =>
        dataset.GetDouble(DicomTags.WindowCenter) is { } center && dataset.GetDouble(DicomTags.WindowWidth) is { } width
            ? Of(center, width, dataset.GetString(DicomTags.VOILUTFunction) switch
            {
                "SIGMOID" => VoiFunction.Sigmoid,
                "LINEAR_EXACT" => VoiFunction.LinearExact,
                _ => VoiFunction.Linear,
            })
            : null;

    public static Window? Of(double center, double width, VoiFunction function)
    {
        if (!double.IsFinite(center) || !double.IsFinite(width) || width <= 0)
        {
            return null;
        }

        return function switch
        {
            VoiFunction.Sigmoid => new Window(0, 0, center, width, true),

            // LINEAR needs a width of at least 1; files with less mean what LINEAR_EXACT says.
            VoiFunction.Linear when width >= 1 => new Window(center - 0.5 - ((width - 1) / 2), center - 0.5 + ((width - 1) / 2), 0, 0, false),
            _ => new Window(center - (width / 2), center + (width / 2), 0, 0, false),
        };
    }

    public static Window Between(double low, double high) => new(low, high, 0, 0, false);

    public double Map(double value)
    {
        if (_sigmoid)
        {
            return 1 / (1 + Math.Exp(-4 * (value - _center) / _width));
        }

        return value <= _low ? 0 : value > _high ? 1 : (value - _low) / (_high - _low);
    }
}
