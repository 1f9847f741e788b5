using System.Globalization;
using System.Text;

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

    /// <summary>Letters that the font has: accents are dropped, other scripts become question marks.</summary>
    internal static string ToFont(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(c switch
                {
                    >= ' ' and <= '~' => c,
                    'ß' => 's',
                    'ø' => 'o',
                    'Ø' => 'O',
                    'ł' => 'l',
                    'Ł' => 'L',
                    _ => '?',
                });
            }
        }

        return result.ToString();
    }

    private static IEnumerable<string> Lines(params string?[] lines) => lines.Where(l => !string.IsNullOrEmpty(l))!;

    private static string? Labelled(string label, string? value) => value is null ? null : $"{label} {value}";

    private static string? Date(DicomDataset dataset, DicomTag tag) => dataset.GetDate(tag)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Unit(DicomDataset dataset, DicomTag tag, string unit) =>
        dataset.GetDouble(tag) is { } value && double.IsFinite(value) ? value.ToString("0.##", CultureInfo.InvariantCulture) + " " + unit : null;

    private static void Write(RenderedImage target, string[] lines, int scale, bool top)
    {
        var advance = 6 * scale;
        var lineHeight = 10 * scale;
        var y = top ? 4 * scale : target.Height - (4 * scale) - (lines.Length * lineHeight);
        foreach (var line in lines)
        {
            var x = 4 * scale;
            foreach (var c in ToFont(line))
            {
                if (x + advance > target.Width)
                {
                    break;
                }

                Glyph(target, c, x, y, scale);
                x += advance;
            }

            y += lineHeight;
        }
    }

    private static void Glyph(RenderedImage target, char c, int x, int y, int scale)
    {
        var glyph = BitmapFont.Columns(c);
        for (var pass = 0; pass < 2; pass++)
        {
            // The edge first, so that the strokes lie on it.
            var edge = pass == 0 ? Math.Max(1, scale / 2) : 0;
            for (var column = 0; column < 5; column++)
            {
                for (var row = 0; row < 8; row++)
                {
                    if ((glyph[column] >> row & 1) != 0)
                    {
                        Fill(target, x + (column * scale) - edge, y + (row * scale) - edge, scale + (2 * edge), pass == 0 ? (byte)0 : (byte)0xFF);
                    }
                }
            }
        }
    }

    private static void Fill(RenderedImage target, int x, int y, int side, byte value)
    {
        var size = target.Channels * (target.BitsPerSample / 8);
        var left = Math.Max(0, x);
        var right = Math.Min(target.Width, x + side);
        for (var row = Math.Max(0, y); row < Math.Min(target.Height, y + side) && left < right; row++)
        {
            target.Data.AsSpan(((row * target.Width) + left) * size, (right - left) * size).Fill(value);
        }
    }
}
