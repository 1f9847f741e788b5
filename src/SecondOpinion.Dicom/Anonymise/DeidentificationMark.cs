namespace SecondOpinion.Dicom;

/// <summary>What says in a data set that and how it was de-identified (PS3.15 E.1.1 step 6, PS3.3 C.7.1.1, C.12.1; codes of PS3.16 CID 7050).</summary>
internal static class DeidentificationMark
{
    internal static void Set(DicomDataset dataset, DicomAnonymiserOptions options)
    {
        (bool IsChosen, string Value, string Meaning)[] codes =
        [
            (true, "113100", "Basic Application Confidentiality Profile"),
            (options.CleanGraphics, "113103", "Clean Graphics Option"),
            (options.CleanStructuredContent, "113104", "Clean Structured Content Option"),
            (options.CleanDescriptors, "113105", "Clean Descriptors Option"),
            (options.Dates == DicomDatePolicy.Keep, "113106", "Retain Longitudinal Temporal Information Full Dates Option"),
            (options.Dates == DicomDatePolicy.Shift, "113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
            (options.KeepPatientCharacteristics, "113108", "Retain Patient Characteristics Option"),
            (options.KeepDeviceIdentity, "113109", "Retain Device Identity Option"),
            (options.KeepUids, "113110", "Retain UIDs Option"),
            (options.SafePrivate.Count > 0, "113111", "Retain Safe Private Option"),
            (options.KeepInstitutionIdentity, "113112", "Retain Institution Identity Option"),
        ];
        var chosen = codes.Where(c => c.IsChosen).Select(c => new DicomDataset()
            .Set(DicomTags.CodeValue, c.Value)
            .Set(DicomTags.CodingSchemeDesignator, "DCM")
            .Set(DicomTags.CodeMeaning, c.Meaning));
        dataset.Set(DicomTags.PatientIdentityRemoved, "YES")
            .Set(DicomTags.DeidentificationMethod, "PS3.15 Basic Profile, see code sequence")
            .SetItems(DicomTags.DeidentificationMethodCodeSequence, [.. chosen])
            .Set(DicomTags.LongitudinalTemporalInformationModified, options.Dates switch
            {
                DicomDatePolicy.Keep => "UNMODIFIED",
                DicomDatePolicy.Shift => "MODIFIED",
                _ => "REMOVED",
            });
    }
}
