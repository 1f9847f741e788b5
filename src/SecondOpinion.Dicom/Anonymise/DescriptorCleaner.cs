using System.Text.RegularExpressions;

namespace SecondOpinion.Dicom;

/// <summary>Takes out of free text what identifies (PS3.15 E.3.5): what stands in the identifying attributes of the data set, and what looks like it.</summary>
internal sealed class DescriptorCleaner
{
    private const string Removed = "***";
    private const int MinLength = 3;
    private const int MaxWords = 500;

    // Dates of any common form, numbers of six digits and more with their separators, e-mail addresses.
    private static readonly Regex s_patterns = new(
        @"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\+?\d(?:[ ()/.-]{0,2}\d){5,}|[\w.+-]+@[\w.-]+",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);

    internal DescriptorCleaner(DicomDataset dataset) => Collect(dataset);

    internal string Clean(string text)
    {
        var cleaned = s_patterns.Replace(text, Removed);
        foreach (var word in _words)
        {
            cleaned = cleaned.Replace(word, Removed, StringComparison.OrdinalIgnoreCase);
        }

        return cleaned;
    }

    private void Collect(DicomDataset dataset)
    {
        foreach (var element in dataset)
        {
            if (element.Vr == DicomVr.PN)
            {
                foreach (var part in dataset.GetText(element.Tag)!.Split(['^', '=', '\\', ' ', '-', ',']))
                {
                    Add(part);
                }
            }
            else if (IsIdentifier(element.Tag) && element.Vr.IsText())
            {
                foreach (var value in dataset.GetStrings(element.Tag))
                {
                    Add(value);
                }
            }

            foreach (var item in element.Items)
            {
                Collect(item);
            }
        }
    }

    private void Add(string word)
    {
        word = word.Trim();
        if (word.Length >= MinLength && _words.Count < MaxWords)
        {
            _words.Add(word);
        }
    }

    private static bool IsIdentifier(DicomTag tag) =>
        tag == DicomTags.PatientID || tag == DicomTags.IssuerOfPatientID || tag == DicomTags.OtherPatientIDs || tag == DicomTags.AccessionNumber
        || tag == DicomTags.PatientAddress || tag == DicomTags.PatientTelephoneNumbers || tag == DicomTags.PatientBirthDate || tag == DicomTags.AdmissionID
        || tag == DicomTags.InstitutionName || tag == DicomTags.InstitutionAddress || tag == DicomTags.MedicalRecordLocator
        || tag == DicomTags.PersonAddress || tag == DicomTags.PersonTelephoneNumbers;
}
