using System.Globalization;

namespace SecondOpinion.Dicom;

/// <summary>Writes a document as Basic Text, Enhanced, Comprehensive or Comprehensive 3D SR (PS3.3 A.35).</summary>
internal static class SrWriter
{
    private static readonly DicomTag[] s_study =
    [
        DicomTags.SpecificCharacterSet, DicomTags.TimezoneOffsetFromUTC,
        DicomTags.PatientName, DicomTags.PatientID, DicomTags.IssuerOfPatientID, DicomTags.PatientBirthDate, DicomTags.PatientSex,
        DicomTags.StudyInstanceUID, DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.ReferringPhysicianName, DicomTags.StudyID,
        DicomTags.AccessionNumber, DicomTags.StudyDescription,
    ];

    private static readonly DicomTag[] s_present =
    [
        DicomTags.PatientName, DicomTags.PatientID, DicomTags.PatientBirthDate, DicomTags.PatientSex, DicomTags.StudyDate, DicomTags.StudyTime,
        DicomTags.ReferringPhysicianName, DicomTags.StudyID, DicomTags.AccessionNumber, DicomTags.Manufacturer,
    ];

    internal static DicomDataset Write(SrDocument document, DicomDataset study, DateTime writtenAt)
    {
        var root = document.Content;
        if (root.Type != SrValueType.Container || root.Name is null)
        {
            throw new DicomException(DicomError.InvalidValue, "the root of a document is a container with a title", DicomTags.ContentSequence);
        }

        var sopClass = document.SopClassUid ?? Least(root);
        Check(root, sopClass);
        var dataset = new DicomDataset().CopyFrom(study, s_study);
        foreach (var tag in s_present.Where(t => !dataset.Contains(t)))
        {
            dataset.SetEmpty(tag);
        }

        dataset.Set(DicomTags.SOPClassUID, sopClass)
            .Set(DicomTags.SOPInstanceUID, DicomUid.New())
            .Set(DicomTags.Modality, "SR")
            .Set(DicomTags.SeriesInstanceUID, DicomUid.New())
            .Set(DicomTags.SeriesNumber, 1)
            .Set(DicomTags.InstanceNumber, 1)
            .Set(DicomTags.ContentDate, DateOnly.FromDateTime(writtenAt))
            .Set(DicomTags.ContentTime, writtenAt.ToString("HHmmss", CultureInfo.InvariantCulture))
            .Set(DicomTags.CompletionFlag, document.IsComplete ? "COMPLETE" : "PARTIAL")
            .Set(DicomTags.VerificationFlag, document.VerifyingObservers.Count > 0 ? "VERIFIED" : "UNVERIFIED")
            .SetItems(DicomTags.ReferencedPerformedProcedureStepSequence)
            .SetItems(DicomTags.PerformedProcedureCodeSequence);
        if (document.VerifyingObservers.Count > 0)
        {
            dataset.SetItems(DicomTags.VerifyingObserverSequence, [.. document.VerifyingObservers.Select(Observer)]);
        }

        AddEvidence(dataset, root);
        Fill(dataset, root);
        return dataset;
    }

    /// <summary>The least SOP class for the value types and relationships (PS3.3 A.35.1 to A.35.3, A.35.13).</summary>
    private static string Least(SrContentItem root)
    {
        var all = root.All().ToList();
        return all.Exists(i => i.Type == SrValueType.SCoord3D) ? DicomUids.Comprehensive3DSRStorage
            : all.Exists(i => i.Target.Count > 0 || (i.Type != SrValueType.Container && i.Children.Any(c => c.Type == SrValueType.Num))) ? DicomUids.ComprehensiveSRStorage
            : all.Exists(i => i.Type is SrValueType.Num or SrValueType.SCoord or SrValueType.TCoord) ? DicomUids.EnhancedSRStorage
            : DicomUids.BasicTextSRStorage;
    }

    private static void Check(SrContentItem root, string sopClass)
    {
        var isBasic = sopClass == DicomUids.BasicTextSRStorage;
        foreach (var item in root.All())
        {
            var isAllowed = item.Type switch
            {
                SrValueType.Other => item.Target.Count > 0 && !isBasic && sopClass != DicomUids.EnhancedSRStorage,
                SrValueType.Num or SrValueType.SCoord or SrValueType.TCoord => !isBasic,
                SrValueType.SCoord3D => sopClass is DicomUids.Comprehensive3DSRStorage or DicomUids.ExtensibleSRStorage,
                _ => true,
            };
            var isWhole = item.Type switch
            {
                SrValueType.Container or SrValueType.Other => true,
                SrValueType.Code => item.Code is not null && item.Name is not null,
                SrValueType.Num => item.Name is not null && (item.Text is null) == (item.Code is null),
                SrValueType.Composite or SrValueType.Image or SrValueType.Waveform => item.Reference is not null,
                SrValueType.SCoord or SrValueType.SCoord3D => item.GraphicType is not null && item.GraphicData.Count > 0,
                SrValueType.TCoord => item.GraphicType is not null && item.Times is { Count: > 0 } times && (times.Samples.Count == times.Count || times.Offsets.Count == times.Count || times.DateTimes.Count == times.Count),
                _ => item.Text is { Length: > 0 } && item.Name is not null,
            };
            if (!isAllowed || !isWhole)
            {
                throw new DicomException(DicomError.InvalidValue, $"a {item.Type} item is incomplete, or may not stand in {DicomUids.NameOf(sopClass)}", DicomTags.ContentSequence);
            }
        }
    }

    private static DicomDataset Observer(SrObserver observer)
    {
        var item = new DicomDataset()
            .Set(DicomTags.VerifyingObserverName, observer.Name)
            .Set(DicomTags.VerifyingOrganization, observer.Organization)
            .Set(DicomTags.VerificationDateTime, observer.At);
        return observer.Identification is { } code
            ? item.SetItems(DicomTags.VerifyingObserverIdentificationCodeSequence, code.ToItem())
            : item.SetItems(DicomTags.VerifyingObserverIdentificationCodeSequence);
    }

    private static void Fill(DicomDataset dataset, SrContentItem item)
    {
        if (item.Target.Count > 0)
        {
            dataset.Set(DicomTags.ReferencedContentItemIdentifier, [.. item.Target]);
            return;
        }

        dataset.Set(DicomTags.ValueType, SrReader.NameOf(item.Type));
        if (item.Name is { } name)
        {
            dataset.SetItems(DicomTags.ConceptNameCodeSequence, name.ToItem());
        }

        if (item.ObservedAt is { } at)
        {
            dataset.Set(DicomTags.ObservationDateTime, at);
        }

        SetValue(dataset, item);
        if (item.Children.Count > 0)
        {
            dataset.SetItems(DicomTags.ContentSequence, [.. item.Children.Select(Child)]);
        }
    }

    private static DicomDataset Child(SrContentItem item)
    {
        var child = new DicomDataset().Set(DicomTags.RelationshipType, item.Relationship);
        Fill(child, item);
        return child;
    }

    private static void SetValue(DicomDataset dataset, SrContentItem item)
    {
        switch (item.Type)
        {
            case SrValueType.Container:
                dataset.Set(DicomTags.ContinuityOfContent, item.IsContinuous ? "CONTINUOUS" : "SEPARATE");
                if (item.TemplateId is { } template)
                {
                    dataset.SetItems(DicomTags.ContentTemplateSequence, new DicomDataset().Set(DicomTags.MappingResource, "DCMR").Set(DicomTags.TemplateIdentifier, template));
                }

                break;
            case SrValueType.Num:
                DicomDataset[] measured = item.Text is { } number
                    ? [new DicomDataset().Set(DicomTags.NumericValue, number).SetItems(DicomTags.MeasurementUnitsCodeSequence, item.Code!.ToItem())]
                    : [];
                dataset.SetItems(DicomTags.MeasuredValueSequence, measured);
                if (item.Qualifier is { } qualifier)
                {
                    dataset.SetItems(DicomTags.NumericValueQualifierCodeSequence, qualifier.ToItem());
                }

                break;
            case SrValueType.Code:
                dataset.SetItems(DicomTags.ConceptCodeSequence, item.Code!.ToItem());
                break;
            case SrValueType.Composite or SrValueType.Image or SrValueType.Waveform:
                var reference = Reference(item.Reference!);
                if (item.Reference!.Frames.Count > 0)
                {
                    reference.Set(DicomTags.ReferencedFrameNumber, [.. item.Reference.Frames]);
                }

                if (item.Reference.Channels.Count > 0)
                {
                    reference.Set(DicomTags.ReferencedWaveformChannels, [.. item.Reference.Channels]);
                }

                if (item.Reference.PresentationState is { } state)
                {
                    reference.SetItems(DicomTags.ReferencedSOPSequence, Reference(state));
                }

                dataset.SetItems(DicomTags.ReferencedSOPSequence, reference);
                break;
            case SrValueType.TCoord:
                SetTimes(dataset, item);
                break;
            case SrValueType.SCoord or SrValueType.SCoord3D:
                dataset.Set(DicomTags.GraphicType, item.GraphicType!).Set(DicomTags.GraphicData, [.. item.GraphicData.Select(v => (double)v)]);
                if (item.FrameOfReferenceUid is { } frame)
                {
                    dataset.Set(DicomTags.ReferencedFrameOfReferenceUID, frame);
                }

                break;
            default:
                dataset.Set(TagOf(item.Type), item.Text!);
                break;
        }
    }

    /// <summary>PS3.3 C.18.7.</summary>
    private static void SetTimes(DicomDataset dataset, SrContentItem item)
    {
        dataset.Set(DicomTags.TemporalRangeType, item.GraphicType!);
        var times = item.Times!;
        if (times.Samples.Count > 0)
        {
            dataset.Set(DicomTags.ReferencedSamplePositions, [.. times.Samples.Select(s => (double)s)]);
        }
        else if (times.Offsets.Count > 0)
        {
            dataset.Set(DicomTags.ReferencedTimeOffsets, DicomVr.DS, [.. times.Offsets]);
        }
        else
        {
            dataset.Set(DicomTags.ReferencedDateTime, DicomVr.DT, [.. times.DateTimes]);
        }
    }

    private static DicomTag TagOf(SrValueType type) => type switch
    {
        SrValueType.DateTime => DicomTags.DateTime,
        SrValueType.Date => DicomTags.Date,
        SrValueType.Time => DicomTags.Time,
        SrValueType.UidRef => DicomTags.UID,
        SrValueType.PName => DicomTags.PersonName,
        _ => DicomTags.TextValue,
    };

    private static DicomDataset Reference(SrReference reference) => new DicomDataset()
        .Set(DicomTags.ReferencedSOPClassUID, reference.SopClassUid)
        .Set(DicomTags.ReferencedSOPInstanceUID, reference.SopInstanceUid);

    /// <summary>Every referenced instance below its study and series (PS3.3 C.17.2.1).</summary>
    private static void AddEvidence(DicomDataset dataset, SrContentItem root)
    {
        var references = root.All().SelectMany(i => (SrReference?[])[i.Reference, i.Reference?.PresentationState]).OfType<SrReference>().DistinctBy(r => r.SopInstanceUid).ToList();
        var unplaced = references.Find(r => r.StudyInstanceUid is null || r.SeriesInstanceUid is null);
        if (unplaced is not null)
        {
            throw new DicomException(DicomError.MissingAttribute, "a reference needs its study and series", DicomTags.CurrentRequestedProcedureEvidenceSequence);
        }

        if (references.Count > 0)
        {
            dataset.SetItems(DicomTags.CurrentRequestedProcedureEvidenceSequence, [.. references.GroupBy(r => r.StudyInstanceUid!).Select(study => new DicomDataset()
                .Set(DicomTags.StudyInstanceUID, study.Key)
                .SetItems(DicomTags.ReferencedSeriesSequence, [.. study.GroupBy(r => r.SeriesInstanceUid!).Select(series => new DicomDataset()
                    .Set(DicomTags.SeriesInstanceUID, series.Key)
                    .SetItems(DicomTags.ReferencedSOPSequence, [.. series.Select(Reference)]))]))]);
        }
    }
}
