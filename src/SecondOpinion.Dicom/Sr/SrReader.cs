namespace SecondOpinion.Dicom;

/// <summary>Makes the content tree of a data set (PS3.3 C.17.3, C.18).</summary>
internal static class SrReader
{
    private static readonly Dictionary<string, SrValueType> s_types = new(StringComparer.Ordinal)
    {
        ["CONTAINER"] = SrValueType.Container,
        ["TEXT"] = SrValueType.Text,
        ["NUM"] = SrValueType.Num,
        ["CODE"] = SrValueType.Code,
        ["DATETIME"] = SrValueType.DateTime,
        ["DATE"] = SrValueType.Date,
        ["TIME"] = SrValueType.Time,
        ["UIDREF"] = SrValueType.UidRef,
        ["PNAME"] = SrValueType.PName,
        ["COMPOSITE"] = SrValueType.Composite,
        ["IMAGE"] = SrValueType.Image,
        ["WAVEFORM"] = SrValueType.Waveform,
        ["SCOORD"] = SrValueType.SCoord,
        ["SCOORD3D"] = SrValueType.SCoord3D,
        ["TCOORD"] = SrValueType.TCoord,
    };

    internal static SrDocument Read(DicomDataset dataset)
    {
        if (dataset.GetString(DicomTags.ValueType) != "CONTAINER")
        {
            throw new DicomException(DicomError.MissingAttribute, "the data set has no content tree", DicomTags.ValueType);
        }

        var places = Evidence(dataset);
        return new SrDocument(Item(dataset, places) with { Relationship = "" })
        {
            SopClassUid = dataset.GetString(DicomTags.SOPClassUID),
            IsComplete = dataset.GetString(DicomTags.CompletionFlag) == "COMPLETE",
            VerifyingObservers = dataset.GetString(DicomTags.VerificationFlag) != "VERIFIED" ? [] :
            [
                .. dataset.GetItems(DicomTags.VerifyingObserverSequence).Select(o => new SrObserver(
                    o.GetString(DicomTags.VerifyingObserverName) ?? "",
                    o.GetString(DicomTags.VerifyingOrganization) ?? "",
                    o.GetString(DicomTags.VerificationDateTime) ?? "",
                    SrCode.Read(o.GetItem(DicomTags.VerifyingObserverIdentificationCodeSequence)))),
            ],
        };
    }

    internal static string NameOf(SrValueType type) => s_types.First(t => t.Value == type).Key;

    private static SrContentItem Item(DicomDataset dataset, Dictionary<string, (string Study, string Series)> places)
    {
        var type = s_types.GetValueOrDefault(dataset.GetString(DicomTags.ValueType) ?? "");
        var measured = dataset.GetItem(DicomTags.MeasuredValueSequence);
        return new SrContentItem(type, SrCode.Read(dataset.GetItem(DicomTags.ConceptNameCodeSequence)))
        {
            Relationship = dataset.GetString(DicomTags.RelationshipType) ?? "",
            Text = type switch
            {
                SrValueType.Text => dataset.GetText(DicomTags.TextValue),
                SrValueType.DateTime => dataset.GetString(DicomTags.DateTime),
                SrValueType.Date => dataset.GetString(DicomTags.Date),
                SrValueType.Time => dataset.GetString(DicomTags.Time),
                SrValueType.UidRef => dataset.GetString(DicomTags.UID),
                SrValueType.PName => dataset.GetString(DicomTags.PersonName),
                SrValueType.Num => measured?.GetString(DicomTags.NumericValue),
                _ => null,
            },
            Code = type == SrValueType.Num ? SrCode.Read(measured?.GetItem(DicomTags.MeasurementUnitsCodeSequence))
                : SrCode.Read(dataset.GetItem(DicomTags.ConceptCodeSequence)),
            Qualifier = type == SrValueType.Num ? SrCode.Read(dataset.GetItem(DicomTags.NumericValueQualifierCodeSequence)) : null,
            Times = type == SrValueType.TCoord ? Times(dataset) : null,
            Reference = Reference(dataset.GetItem(DicomTags.ReferencedSOPSequence), places),
            GraphicType = dataset.GetString(DicomTags.GraphicType) ?? dataset.GetString(DicomTags.TemporalRangeType),
            GraphicData = Array.ConvertAll(dataset.GetDoubles(DicomTags.GraphicData), v => (float)v),
            FrameOfReferenceUid = dataset.GetString(DicomTags.ReferencedFrameOfReferenceUID),
            IsContinuous = dataset.GetString(DicomTags.ContinuityOfContent) == "CONTINUOUS",
            Target = dataset.GetInt32s(DicomTags.ReferencedContentItemIdentifier),
            ObservedAt = dataset.GetString(DicomTags.ObservationDateTime),
            TemplateId = dataset.GetItem(DicomTags.ContentTemplateSequence)?.GetString(DicomTags.TemplateIdentifier),
            Children = [.. dataset.GetItems(DicomTags.ContentSequence).Select(i => Item(i, places))],
        };
    }

    private static SrTimes Times(DicomDataset dataset) => new()
    {
        Samples = [.. dataset.GetDoubles(DicomTags.ReferencedSamplePositions).Select(v => (long)v)],
        Offsets = [.. dataset.GetStrings(DicomTags.ReferencedTimeOffsets)],
        DateTimes = [.. dataset.GetStrings(DicomTags.ReferencedDateTime)],
    };

    private static SrReference? Reference(DicomDataset? item, Dictionary<string, (string Study, string Series)> places)
    {
        if (item?.GetString(DicomTags.ReferencedSOPInstanceUID) is not { } uid)
        {
            return null;
        }

        var isPlaced = places.TryGetValue(uid, out var place);
        return new SrReference(item.GetString(DicomTags.ReferencedSOPClassUID) ?? "", uid)
        {
            Frames = item.GetInt32s(DicomTags.ReferencedFrameNumber),
            Channels = item.GetInt32s(DicomTags.ReferencedWaveformChannels),
            PresentationState = Reference(item.GetItem(DicomTags.ReferencedSOPSequence), places),
            StudyInstanceUid = isPlaced ? place.Study : null,
            SeriesInstanceUid = isPlaced ? place.Series : null,
        };
    }

    /// <summary>Study and series of the instances in the evidence lists (PS3.3 C.17.2.1).</summary>
    private static Dictionary<string, (string Study, string Series)> Evidence(DicomDataset dataset)
    {
        var places = new Dictionary<string, (string Study, string Series)>(StringComparer.Ordinal);
        foreach (var study in dataset.GetItems(DicomTags.CurrentRequestedProcedureEvidenceSequence).Concat(dataset.GetItems(DicomTags.PertinentOtherEvidenceSequence)))
        {
            foreach (var series in study.GetItems(DicomTags.ReferencedSeriesSequence))
            {
                foreach (var uid in series.GetItems(DicomTags.ReferencedSOPSequence).Select(i => i.GetString(DicomTags.ReferencedSOPInstanceUID)).OfType<string>())
                {
                    places.TryAdd(uid, (study.GetString(DicomTags.StudyInstanceUID) ?? "", series.GetString(DicomTags.SeriesInstanceUID) ?? ""));
                }
            }
        }

        return places;
    }
}
