using System.Globalization;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Patient and technique burned into a rendered image (PS3.18 8.3.5.1.1), white with a black edge.</summary>
internal static class Annotations
{
    public static void Draw(DicomDataset dataset, RenderedImage target, bool patient, bool technique)
    {
        var scale = Math.Clamp(Math.Min(target.Width, target.Height) / 350, 1, 6);
        if (patient)
        {
            Write(target, [.. Lines(PersonName.Parse(dataset.GetString(DicomTags.PatientName)).Alphabetic.Replace('^', ' ').Trim(), dataset.GetString(DicomTags.PatientID), Labelled("*", Date(dataset, DicomTags.PatientBirthDate)))], scale, top: true);
        }

        if (technique)
        {
            var exposure = string.Join(' ', Lines(
                Unit(dataset, DicomTags.KVP, "kV"),
                Unit(dataset, DicomTags.XRayTubeCurrent, "mA"),
                Unit(dataset, DicomTags.ExposureTime, "ms"),
                Unit(dataset, DicomTags.SliceThickness, "mm")));
            var when = string.Join(' ', Lines(dataset.GetString(DicomTags.Modality), Date(dataset, DicomTags.AcquisitionDate) ?? Date(dataset, DicomTags.ContentDate) ?? Date(dataset, DicomTags.StudyDate)));
            Write(target, [.. Lines(when, exposure, dataset.GetString(DicomTags.SeriesDescription))], scale, top: false);
        }
    }

    private static IEnumerable<string> Lines(params string?[] lines) => lines.Where(l => !string.IsNullOrEmpty(l))!;

    private static string? Labelled(string label, string? value) => value is null ? null : $"{label} {value}";

    private static string? Date(DicomDataset dataset, DicomTag tag) => dataset.GetDate(tag)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Unit(DicomDataset dataset, DicomTag tag, string unit) =>
        dataset.GetDouble(tag) is { } value && double.IsFinite(value) ? value.ToString("0.##", CultureInfo.InvariantCulture) + " " + unit : null;

    private static void Write(RenderedImage target, string[] lines, int scale, bool top)
    {
        var canvas = new Canvas(target);
        var lineHeight = 10 * scale;
        var y = top ? 4 * scale : target.Height - (4 * scale) - (lines.Length * lineHeight);
        foreach (var line in lines)
        {
            canvas.Text(TextMask.Of(line, lineHeight, TextAlignment.Left, target.Width, 2 * lineHeight), 4 * scale, y, Ink.White, Math.Max(1, scale / 2));
            y += lineHeight;
        }
    }
}
