using System.Collections.Frozen;
using System.Globalization;
using SecondOpinion.Dicom;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Makes the data set of a search result: required return attributes, matching keys, fields asked for (PS3.18 10.6.3.3, tables 10.6.3-3 to -5).</summary>
internal sealed class SearchResult(SearchParameters parameters, StudyQuery query, string baseUrl)
{
    /// <summary>Attributes of the patient and study level that are not columns: taken from an instance of the study.</summary>
    private static readonly FrozenSet<string> s_studyLevel = Set(
        "00080005 00080051 0008009C 00080096 00081032 00081048 00081049 00081060 00081062 00081080 00081084 00100022 00100024 00100032 00100034 00101000 00101001 00101002 " +
        "00101010 00101020 00101021 00101030 00101040 00101060 00102000 00102110 00102154 00102160 00102180 001021B0 001021C0 001021D0 001021F0 00102201 00102210 00104000 " +
        "00120062 00120063 00321032 00321033 00321060 00321064 00380010 00380014 00380060 00380500");

    /// <summary>The same of the series level.</summary>
    private static readonly FrozenSet<string> s_seriesLevel = Set(
        "00080021 00080031 00080080 00080081 00081010 00081040 0008103F 00081050 00081052 00081070 00081072 00081090 00081111 00081115 00081140 00181000 00181020 00181030 " +
        "00181050 00185100 00185101 00187001 00200052 00201040 00400250 00400251 00400253 00400254 00400260 00400275 00400280 00400321 00540016");

    /// <summary>Whether any field asked for has to be read from an instance's metadata.</summary>
    public bool NeedsMetadata { get; } = (parameters.IncludeAll && query.Level == QueryLevel.Instance) || parameters.IncludeFields.Any(f => IsFromMetadata(query.Level, f));

    /// <param name="metadata">Of the instance, or of the first one below; null when <see cref="NeedsMetadata"/> is false.</param>
    public DicomDataset Of(StudyQueryResult result, DicomDataset? metadata)
    {
        DicomDataset dataset = [];
        var url = $"{baseUrl}/studies/{result.Study.StudyInstanceUid}";
        if (query.Level == QueryLevel.Study || query.StudyUid is null)
        {
            AddStudy(dataset, result.Study);
        }

        Text(dataset, DicomTags.StudyInstanceUID, result.Study.StudyInstanceUid);
        if (result.Series is { } series)
        {
            url += $"/series/{series.SeriesInstanceUid}";
            if (query.Level == QueryLevel.Series || query.SeriesUid is null)
            {
                AddSeries(dataset, series);
            }

            Text(dataset, DicomTags.SeriesInstanceUID, series.SeriesInstanceUid);
        }

        if (result.Instance is { } instance)
        {
            url += $"/instances/{instance.SopInstanceUid}";
            AddInstance(dataset, instance);
        }

        dataset.Set(DicomTags.InstanceAvailability, "ONLINE");
        dataset.Set(DicomTags.RetrieveURL, url);
        AddOptional(dataset, result);
        if (metadata is not null)
        {
            AddFromMetadata(dataset, metadata);
        }

        return dataset;
    }

    private static void AddStudy(DicomDataset dataset, StudyRow study)
    {
        Text(dataset, DicomTags.StudyDate, study.StudyDate);
        Text(dataset, DicomTags.StudyTime, study.StudyTime);
        Text(dataset, DicomTags.AccessionNumber, study.AccessionNumber);
        dataset.Set(DicomTags.ModalitiesInStudy, study.Modalities.Split('\\', StringSplitOptions.RemoveEmptyEntries));
        Text(dataset, DicomTags.ReferringPhysicianName, study.ReferringPhysicianName);
        Known(dataset, DicomTags.TimezoneOffsetFromUTC, study.TimezoneOffset);
        Text(dataset, DicomTags.PatientName, study.PatientName);
        Text(dataset, DicomTags.PatientID, study.PatientId);
        Text(dataset, DicomTags.PatientBirthDate, study.PatientBirthDate);
        Text(dataset, DicomTags.PatientSex, study.PatientSex);
        Text(dataset, DicomTags.StudyID, study.StudyId);
        dataset.Set(DicomTags.NumberOfStudyRelatedSeries, study.SeriesCount);
        dataset.Set(DicomTags.NumberOfStudyRelatedInstances, study.InstanceCount);
    }

    private static void AddSeries(DicomDataset dataset, SeriesRow series)
    {
        Text(dataset, DicomTags.Modality, series.Modality);
        Known(dataset, DicomTags.SeriesDescription, series.SeriesDescription);
        Number(dataset, DicomTags.SeriesNumber, series.SeriesNumber);
        dataset.Set(DicomTags.NumberOfSeriesRelatedInstances, series.InstanceCount);
        Known(dataset, DicomTags.PerformedProcedureStepStartDate, series.PerformedProcedureStepStartDate);
        Known(dataset, DicomTags.PerformedProcedureStepStartTime, series.PerformedProcedureStepStartTime);
        if (series.ScheduledProcedureStepId.Length > 0 || series.RequestedProcedureId.Length > 0)
        {
            DicomDataset item = [];
            Known(item, DicomTags.ScheduledProcedureStepID, series.ScheduledProcedureStepId);
            Known(item, DicomTags.RequestedProcedureID, series.RequestedProcedureId);
            dataset.SetItems(DicomTags.RequestAttributesSequence, item);
        }
    }

    private static void AddInstance(DicomDataset dataset, InstanceRow instance)
    {
        Text(dataset, DicomTags.SOPClassUID, instance.SopClassUid);
        Text(dataset, DicomTags.SOPInstanceUID, instance.SopInstanceUid);
        Text(dataset, DicomTags.AvailableTransferSyntaxUID, instance.TransferSyntaxUid);
        Number(dataset, DicomTags.InstanceNumber, instance.InstanceNumber);
        if (instance.Rows is not null)
        {
            Number(dataset, DicomTags.Rows, instance.Rows);
            Number(dataset, DicomTags.Columns, instance.Columns);
            Number(dataset, DicomTags.BitsAllocated, instance.BitsAllocated);
        }

        if (instance.NumberOfFrames is not null)
        {
            Number(dataset, DicomTags.NumberOfFrames, instance.NumberOfFrames);
        }
    }

    /// <summary>Columns that are returned when asked for.</summary>
    private void AddOptional(DicomDataset dataset, StudyQueryResult result)
    {
        Ask(dataset, "00081030", DicomTags.StudyDescription, result.Study.StudyDescription);
        Ask(dataset, "00100021", DicomTags.IssuerOfPatientID, result.Study.IssuerOfPatientId);
        if (result.Series is { } series)
        {
            Ask(dataset, "00180015", DicomTags.BodyPartExamined, series.BodyPartExamined);
            Ask(dataset, "00200060", DicomTags.Laterality, series.Laterality);
            Ask(dataset, "00080070", DicomTags.Manufacturer, series.Manufacturer);
        }

        // Nested resources leave upper levels out, unless asked for (PS3.18 10.6.3.3).
        if (query.StudyUid is not null && query.Level != QueryLevel.Study && parameters.IncludeFields.Count > 0)
        {
            DicomDataset upper = [];
            AddStudy(upper, result.Study);
            if (result.Series is not null)
            {
                AddSeries(upper, result.Series);
            }

            dataset.CopyFrom(upper, [.. upper.Select(e => e.Tag).Where(t => parameters.IncludeFields.Contains(t.ToHex()) && !dataset.Contains(t))]);
        }
    }

    private void Ask(DicomDataset dataset, string path, DicomTag tag, string value)
    {
        if (parameters.IncludeAll || parameters.IncludeFields.Contains(path))
        {
            Text(dataset, tag, value);
        }
    }

    private void AddFromMetadata(DicomDataset dataset, DicomDataset metadata)
    {
        foreach (var element in metadata)
        {
            var path = element.Tag.ToHex();
            var isWanted = query.Level == QueryLevel.Instance && parameters.IncludeAll
                ? query.StudyUid is null || !dataset.Contains(element.Tag)
                : parameters.IncludeFields.Any(f => f.StartsWith(path, StringComparison.Ordinal) && IsFromMetadata(query.Level, f));
            if (!isWanted || dataset.Contains(element.Tag) || element.Tag == DicomTags.SpecificCharacterSet)
            {
                continue;
            }

            if (element.BulkDataUri is { } uri)
            {
                dataset.Set(DicomElement.AtUri(element.Tag, element.Vr, $"{baseUrl}/{uri}"));
            }
            else
            {
                dataset.CopyFrom(metadata, element.Tag);
            }
        }
    }

    private static bool IsFromMetadata(QueryLevel level, string path)
    {
        var top = path[..8];
        return level switch
        {
            QueryLevel.Study => s_studyLevel.Contains(top),
            QueryLevel.Series => s_studyLevel.Contains(top) || s_seriesLevel.Contains(top),
            _ => !StudyQuery.CanMatch(level, path),
        };
    }

    /// <summary>Type 2: empty when unknown.</summary>
    private static void Text(DicomDataset dataset, DicomTag tag, string value)
    {
        if (value.Length == 0)
        {
            dataset.SetEmpty(tag);
        }
        else
        {
            dataset.Set(tag, value);
        }
    }

    private static void Known(DicomDataset dataset, DicomTag tag, string value)
    {
        if (value.Length > 0)
        {
            dataset.Set(tag, value);
        }
    }

    private static void Number(DicomDataset dataset, DicomTag tag, int? value)
    {
        if (value is { } number)
        {
            dataset.Set(tag, number.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            dataset.SetEmpty(tag);
        }
    }

    private static FrozenSet<string> Set(string paths) => paths.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
