namespace SecondOpinion.Dicom;

/// <summary>
/// De-identification by the Basic Application Level Confidentiality Profile and its options (PS3.15 E.2, E.3). Attributes of the table are treated at
/// every level; private attributes, curves, overlays, and attributes that the dictionary does not know, are removed. Beyond the table, unlisted names and
/// dates and the title of a document (type 2, and often a name) are emptied, unlisted UIDs of instances replaced, and issuers of identifiers removed. Pixels are not changed: see <see cref="MayShowIdentity"/>. Safe to use from several threads.
/// </summary>
public sealed class DicomAnonymiser
{
    private const int MinKeyBytes = 16;

    /// <summary>Sequences that name who issued an identifier, and so where the patient was.</summary>
    private static readonly HashSet<DicomTag> s_issuers =
    [
        DicomTags.IssuerOfAccessionNumberSequence, DicomTags.IssuerOfPatientIDQualifiersSequence, DicomTags.OrderPlacerIdentifierSequence, DicomTags.OrderFillerIdentifierSequence,
    ];

    private readonly DicomAnonymiserOptions _options;
    private readonly Pseudonyms _pseudonyms;

    /// <exception cref="ArgumentException">The key is too short.</exception>
    public DicomAnonymiser(DicomAnonymiserOptions options)
    {
        if (options.Key.Length < MinKeyBytes)
        {
            throw new ArgumentException($"the key must have at least {MinKeyBytes} bytes", nameof(options));
        }

        _options = options;
        _pseudonyms = new Pseudonyms(options.Key.ToArray());
    }

    /// <summary>The attributes that the profile's table lists (PS3.15 2024b table E.1-1).</summary>
    public static IEnumerable<DicomTag> Attributes => ConfidentialityTable.Tags;

    /// <summary>The file without identity: a new group 0002, nothing of the old preamble.</summary>
    public DicomFile Anonymise(DicomFile file) => DicomFile.Create(Anonymise(file.Dataset), file.TransferSyntaxUid);

    /// <summary>A copy without identity; the data set itself is not changed.</summary>
    public DicomDataset Anonymise(DicomDataset dataset)
    {
        var copy = dataset.Clone();
        var patient = $"{dataset.GetString(DicomTags.PatientID) ?? dataset.GetString(DicomTags.StudyInstanceUID)}\0{dataset.GetString(DicomTags.IssuerOfPatientID)}";
        var cleaner = _options.CleanDescriptors || _options.CleanGraphics || _options.CleanStructuredContent || _options.KeepPatientCharacteristics ? new DescriptorCleaner(dataset) : null;
        new Pass(_options, _pseudonyms, patient, cleaner).Clean(copy);
        DeidentificationMark.Set(copy, _options);
        return copy;
    }

    /// <summary>The new UID of a UID; those of the standard stay.</summary>
    public string MapUid(string uid) => _options.KeepUids ? uid : _pseudonyms.Uid(uid);

    /// <summary>The image says that annotation is burned in, or is of a kind that often has it and does not say that it has none.</summary>
    public static bool MayShowIdentity(DicomDataset dataset) => dataset.GetString(DicomTags.BurnedInAnnotation) switch
    {
        "NO" => false,
        "YES" => true,
        _ => dataset.GetString(DicomTags.Modality) is "US" or "SC" or "OT" or "XC" or "ES" or "DOC" or "IVUS" or "EPS" or "HC",
    };

    /// <summary>One data set's cleaning.</summary>
    private sealed class Pass(DicomAnonymiserOptions options, Pseudonyms pseudonyms, string patient, DescriptorCleaner? cleaner)
    {
        internal void Clean(DicomDataset dataset)
        {
            var safe = dataset.Where(e => IsSafePrivate(dataset, e.Tag)).Select(e => e.Tag).ToHashSet();
            dataset.RemoveWhere(e => !safe.Contains(e.Tag) && IsRemovedUnlisted(e));
            foreach (var element in dataset.ToArray())
            {
                if (ConfidentialityTable.Find(element.Tag) is { } row)
                {
                    Apply(row, dataset, element);
                }
                else
                {
                    ApplyUnlisted(dataset, element);
                }
            }
        }

        /// <summary>Private and unknown attributes, and curves and overlays as a whole: what the table would leave of them describes nothing.</summary>
        private static bool IsRemovedUnlisted(DicomElement element)
        {
            var tag = element.Tag;
            return tag.IsPrivate || tag.Group == 2 || (tag.Group & 0xFF00) is 0x5000 or 0x6000 || s_issuers.Contains(tag)
                || (element.Vr != DicomVr.SQ && DicomDictionary.KeywordOf(tag).Length == 0 && ConfidentialityTable.Find(tag) is null);
        }

        /// <summary>Private attributes that the caller knows to be safe, and the creators that their blocks need (PS3.15 E.3.10, PS3.5 7.8.1).</summary>
        private bool IsSafePrivate(DicomDataset dataset, DicomTag tag)
        {
            if (options.SafePrivate.Count == 0 || !tag.IsPrivate || tag.Element < 0x10)
            {
                return false;
            }

            var isCreator = tag.Element <= 0xFF;
            var creator = dataset.GetString(isCreator ? tag : new DicomTag(tag.Group, (ushort)(tag.Element >> 8)));
            return options.SafePrivate.Any(s => s.Group == tag.Group && s.Creator == creator && (isCreator || s.Element == (byte)tag.Element));
        }

        private void ApplyUnlisted(DicomDataset dataset, DicomElement element)
        {
            if (element.Vr == DicomVr.SQ)
            {
                CleanItems(element);
            }
            else if (element.Vr == DicomVr.UI && !options.KeepUids && !IsDefinition(element.Tag.Keyword))
            {
                NewUids(dataset, element);
            }
            else if (element.Tag == DicomTags.DocumentTitle && options.CleanDescriptors)
            {
                CleanText(dataset, element);
            }
            else if (element.Vr == DicomVr.PN || element.Tag == DicomTags.DocumentTitle || (element.Vr is DicomVr.DA or DicomVr.DT && options.Dates == DicomDatePolicy.Remove))
            {
                Empty(dataset, element);
            }
            else if (element.Vr is DicomVr.DA or DicomVr.DT && options.Dates == DicomDatePolicy.Shift)
            {
                Shift(dataset, element);
            }
        }

        /// <summary>UIDs of classes, syntaxes and code tables, which are no instances even when they are private.</summary>
        private static bool IsDefinition(string keyword) =>
            keyword.Contains("Class", StringComparison.Ordinal) || keyword.Contains("TransferSyntax", StringComparison.Ordinal)
            || keyword.Contains("CodingScheme", StringComparison.Ordinal) || keyword.Contains("MappingResource", StringComparison.Ordinal)
            || keyword.Contains("Context", StringComparison.Ordinal);

        private void Apply(ConfidentialityRow row, DicomDataset dataset, DicomElement element)
        {
            var vr = DicomDictionary.VrOf(element.Tag);
            var isTime = (vr is DicomVr.DA or DicomVr.DT or DicomVr.TM || row.Columns.Contains('t')) && !row.Columns.Contains('b');
            if ((options.KeepDeviceIdentity && row.Columns.Contains('d'))
                || (options.KeepInstitutionIdentity && row.Columns.Contains('i'))
                || (options.KeepPatientCharacteristics && row.Columns.Contains('p'))
                || (options.KeepUids && (row.Action == ConfidentialityAction.NewUid || row.Columns.Contains('u'))))
            {
                CleanItems(element);
            }
            else if ((options.CleanGraphics && element.Tag == DicomTags.GraphicAnnotationSequence)
                || (options.CleanStructuredContent && (element.Tag == DicomTags.ContentSequence || element.Tag == DicomTags.AcquisitionContextSequence)))
            {
                CleanItems(element);
                new ContentCleaner(cleaner!).Clean(element);
            }
            else if (isTime && options.Dates != DicomDatePolicy.Remove)
            {
                if (options.Dates == DicomDatePolicy.Shift)
                {
                    Shift(dataset, element);
                }
            }
            else if ((options.CleanDescriptors && row.Columns.Contains('c')) || (options.KeepPatientCharacteristics && row.Columns.Contains('q')))
            {
                CleanText(dataset, element);
            }
            else
            {
                ApplyBasic(row.Action, dataset, element);
            }
        }

        private void ApplyBasic(ConfidentialityAction action, DicomDataset dataset, DicomElement element)
        {
            switch (action)
            {
                case ConfidentialityAction.Remove:
                    dataset.Remove(element.Tag);
                    break;
                case ConfidentialityAction.Items:
                    CleanItems(element);
                    break;
                case ConfidentialityAction.NewUid:
                    NewUids(dataset, element);
                    break;
                default:
                    if (element.Tag == DicomTags.PatientID || element.Tag == DicomTags.PatientName)
                    {
                        dataset.Set(element.Tag, options.PatientId ?? pseudonyms.Patient(patient));
                    }
                    else if (action == ConfidentialityAction.Empty || element.IsEmpty)
                    {
                        Empty(dataset, element);
                    }
                    else
                    {
                        dataset.Set(Dummies.Of(element, pseudonyms));
                        if (element.Tag == DicomTags.EncapsulatedDocument && dataset.Contains(DicomTags.EncapsulatedDocumentLength))
                        {
                            dataset.Set(DicomTags.EncapsulatedDocumentLength, Dummies.Document.Length);
                        }
                    }

                    break;
            }
        }

        private void CleanItems(DicomElement element)
        {
            foreach (var item in element.Items)
            {
                Clean(item);
            }
        }

        private void CleanText(DicomDataset dataset, DicomElement element)
        {
            if (element.Vr == DicomVr.SQ)
            {
                CleanItems(element);
            }
            else if (element.Vr.IsText() && !element.IsEmpty)
            {
                dataset.Set(element.Tag, element.Vr, Array.ConvertAll(dataset.GetStrings(element.Tag), cleaner!.Clean));
            }
            else
            {
                dataset.Remove(element.Tag);
            }
        }

        private void NewUids(DicomDataset dataset, DicomElement element)
        {
            if (element.Vr.IsText() && !element.IsEmpty)
            {
                dataset.Set(element.Tag, element.Vr, Array.ConvertAll(dataset.GetStrings(element.Tag), uid => uid.Length == 0 ? uid : pseudonyms.Uid(uid)));
            }
            else if (!element.IsEmpty)
            {
                dataset.Remove(element.Tag);
            }
        }

        private void Shift(DicomDataset dataset, DicomElement element)
        {
            if (element.Vr is DicomVr.DA or DicomVr.DT)
            {
                dataset.Set(element.Tag, element.Vr, Array.ConvertAll(dataset.GetStrings(element.Tag), date => pseudonyms.Shift(date, patient)));
            }
            else if (element.Vr is not (DicomVr.TM or DicomVr.SH))
            {
                dataset.Remove(element.Tag); // a frame's time stamp or the like, whose date is in no text
            }
        }

        private static void Empty(DicomDataset dataset, DicomElement element) =>
            dataset.Set(element.Vr == DicomVr.SQ ? new DicomElement(element.Tag) : new DicomElement(element.Tag, element.Vr, default(ReadOnlyMemory<byte>)));
    }
}
