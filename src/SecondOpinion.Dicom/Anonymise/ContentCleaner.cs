namespace SecondOpinion.Dicom;

/// <summary>
/// Free text of structured content and graphic annotations (PS3.15 E.3.3, E.3.4), after the table was applied to the other attributes of the items: identifying words go,
/// and the whole text of items whose concept is an identity.
/// </summary>
internal sealed class ContentCleaner(DescriptorCleaner cleaner)
{
    private const string Removed = "REMOVED";

    /// <summary>
    /// DCM codes of PS3.16 TID 1001 to 1010: person observer's name and organization, device observer's name, serial number and location, placer, filler and accession
    /// number, name, identifier and birth date of the subject, mother of the fetus.
    /// </summary>
    private static readonly HashSet<string> s_identities =
        ["121008", "121009", "121013", "121016", "121017", "121020", "121021", "121022", "121029", "121030", "121031", "121036"];

    internal void Clean(DicomElement sequence)
    {
        foreach (var item in sequence.Items)
        {
            var concept = item.GetItem(DicomTags.ConceptNameCodeSequence);
            var isIdentity = concept?.GetString(DicomTags.CodingSchemeDesignator) == "DCM" && s_identities.Contains(concept.GetString(DicomTags.CodeValue) ?? "");
            foreach (var element in item.ToArray())
            {
                Clean(element);
                if ((element.Tag == DicomTags.TextValue || element.Tag == DicomTags.UnformattedTextValue) && item.GetText(element.Tag) is { Length: > 0 } text)
                {
                    item.Set(element.Tag, element.Vr, isIdentity ? Removed : cleaner.Clean(text));
                }
            }
        }
    }
}
