namespace SecondOpinion.Dicom;

/// <summary>Text from outside as it may stand in an element (PS3.5 6.2).</summary>
public static class DicomText
{
    /// <summary>Text as one value of a short VR may stand: no backslash, no control characters, no more than the VR's length.</summary>
    public static string Clean(string? text, int length)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        var clean = string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] == '\\' || char.IsControl(source[i]) ? ' ' : source[i];
            }
        }).Trim();
        if (clean.Length <= length)
        {
            return clean;
        }

        return clean[..(char.IsHighSurrogate(clean[length - 1]) ? length - 1 : length)].TrimEnd();
    }
}
