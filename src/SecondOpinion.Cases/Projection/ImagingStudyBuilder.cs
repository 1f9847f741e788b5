using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Projection;

/// <summary>Where a study stands in FHIR: what the index alone does not know.</summary>
/// <param name="Patient"><c>Patient/id</c>; null: the subject is a logical reference made of the study's own patient id and name.</param>
/// <param name="Orders"><c>ServiceRequest/id</c> of the orders it belongs to.</param>
/// <param name="Endpoint"><c>Endpoint/id</c> of the DICOMweb service.</param>
public sealed record StudyPlace(string? Patient, IReadOnlyList<string> Orders, string Endpoint);

/// <summary>Projects a stored study to an ImagingStudy (FHIR R4 imagingstudy.html; IHE IMR: identifier, modality, started, endpoint).</summary>
public static class ImagingStudyBuilder
{
    private const string AnatomySystem = "https://secondopinion.example/fhir/CodeSystem/dicom-body-part";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ids of the ImagingStudy resources that the server keeps begin so; no client may use it.</summary>
    public const string IdPrefix = "dicom-";

    public static FhirResource Build(StudyFacts study, StudyPlace place) => FhirResource.Parse(Write(study, place));

    /// <summary>The resource's JSON without white space. Its instances, of which a study may have thousands, are written without a tree of nodes.</summary>
    public static ReadOnlyMemory<byte> Write(StudyFacts study, StudyPlace place)
    {
        var output = new ArrayBufferWriter<byte>(2048 + (256 * study.Series.Sum(s => s.Instances.Count)));
        using (var writer = new Utf8JsonWriter(output, Relaxed))
        {
            writer.WriteStartObject();
            // The study is always written whole, so what its narrative says is never older than its elements.
            WriteMembers(writer, Narrative.Add(FhirResource.From(Head(study, place))).ToJsonObject());
            if (study.Series.Count > 0)
            {
                writer.WriteStartArray("series");
                foreach (var series in study.Series)
                {
                    writer.WriteStartObject();
                    WriteMembers(writer, Series(series, study.TimezoneOffset));
                    writer.WriteStartArray("instance");
                    foreach (var instance in series.Instances)
                    {
                        Write(writer, instance);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            value!.WriteTo(writer);
        }
    }

    private static JsonObject Head(StudyFacts study, StudyPlace place)
    {
        var identifiers = new JsonArray(new JsonObject { ["use"] = "official", ["system"] = CaseCodes.DicomUidSystem, ["value"] = "urn:oid:" + study.StudyInstanceUid });
        if (study.AccessionNumber.Length > 0)
        {
            var accession = new JsonObject { ["type"] = IdentifierType("ACSN"), ["value"] = study.AccessionNumber };
            SetSystem(accession, study.IssuerOfAccession);
            identifiers.Add((JsonNode)accession);
        }

        var resource = new JsonObject
        {
            ["resourceType"] = "ImagingStudy",
            ["meta"] = new JsonObject { ["profile"] = new JsonArray(CaseCodes.ImagingStudyProfile) },
            ["identifier"] = identifiers,
            ["status"] = "available",
        };
        var modalities = study.Series.Select(s => s.Modality).Where(m => m.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        if (modalities.Count > 0)
        {
            resource["modality"] = new JsonArray([.. modalities.Select(Modality)]);
        }

        resource["subject"] = Subject(study, place.Patient);
        if (DicomTimes.ToFhir(study.StudyDate, study.StudyTime, study.TimezoneOffset) is { } started)
        {
            resource["started"] = started;
        }

        if (place.Orders.Count > 0)
        {
            resource["basedOn"] = new JsonArray([.. place.Orders.Select(Reference)]);
        }

        resource["endpoint"] = new JsonArray(Reference(place.Endpoint));
        resource["numberOfSeries"] = study.Series.Count;
        resource["numberOfInstances"] = study.Series.Sum(s => s.Instances.Count);
        SetText(resource, "description", study.Description);
        return resource;
    }

    private static JsonObject Series(SeriesFacts series, string timezone)
    {
        var result = new JsonObject { ["uid"] = series.SeriesInstanceUid };
        SetNumber(result, "number", series.Number);
        // FHIR R4 requires a modality; a series without one is Other (PS3.3 C.7.3.1.1.1).
        result["modality"] = Modality(series.Modality.Length == 0 ? "OT" : series.Modality);
        SetText(result, "description", series.Description);
        result["numberOfInstances"] = series.Instances.Count;
        // FHIR code: no white space at its ends, single blanks inside.
        if (string.Join(' ', series.BodyPart.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } bodyPart)
        {
            result["bodySite"] = new JsonObject { ["system"] = AnatomySystem, ["code"] = bodyPart };
        }

        if (series.Laterality is "R" or "L")
        {
            result["laterality"] = new JsonObject
            {
                ["system"] = CaseCodes.Snomed,
                ["code"] = series.Laterality == "R" ? "24028007" : "7771000",
                ["display"] = series.Laterality == "R" ? "Right" : "Left",
            };
        }

        if (DicomTimes.ToFhir(series.StartDate, series.StartTime, timezone) is { } started)
        {
            result["started"] = started;
        }

        return result;
    }

    private static void Write(Utf8JsonWriter writer, InstanceFacts instance)
    {
        writer.WriteStartObject();
        writer.WriteString("uid"u8, instance.SopInstanceUid);
        writer.WriteStartObject("sopClass"u8);
        writer.WriteString("system"u8, "urn:ietf:rfc:3986"u8);
        writer.WriteString("code"u8, "urn:oid:" + instance.SopClassUid);
        writer.WriteEndObject();
        // FHIR R4 unsignedInt; DICOM IS may be negative.
        if (instance.Number is { } number and >= 0)
        {
            writer.WriteNumber("number"u8, number);
        }

        if (SecondOpinion.Dicom.DicomUids.NameOf(instance.SopClassUid) is { } name)
        {
            writer.WriteString("title"u8, name);
        }

        writer.WriteEndObject();
    }

    private static JsonObject Subject(StudyFacts study, string? patient)
    {
        var display = DicomTimes.HumanName(study.PatientName);
        var subject = new JsonObject();
        if (patient is not null)
        {
            subject["reference"] = patient;
        }
        else
        {
            subject["type"] = "Patient";
            if (study.PatientId.Length > 0)
            {
                var identifier = new JsonObject { ["type"] = IdentifierType("MR"), ["value"] = study.PatientId };
                SetSystem(identifier, study.IssuerOfPatientId);
                subject["identifier"] = identifier;
            }
        }

        subject["display"] = display.Length > 0 ? display : "Unknown patient";
        return subject;
    }

    // An issuer is a universal id (OID, UUID, URI) or a local namespace, which FHIR has no URI for.
    private static void SetSystem(JsonObject identifier, string issuer)
    {
        if (issuer.Length == 0)
        {
            return;
        }

        if (issuer.Contains(':', StringComparison.Ordinal))
        {
            identifier["system"] = issuer;
        }
        else if (SecondOpinion.Dicom.DicomUid.IsValid(issuer))
        {
            identifier["system"] = "urn:oid:" + issuer;
        }
        else
        {
            identifier["assigner"] = new JsonObject { ["display"] = issuer };
        }
    }

    private static void SetText(JsonObject target, string name, string value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            target[name] = value.Trim();
        }
    }

    // FHIR R4 unsignedInt; DICOM IS may be negative.
    private static void SetNumber(JsonObject target, string name, int? value)
    {
        if (value is >= 0)
        {
            target[name] = value.Value;
        }
    }

    private static JsonObject IdentifierType(string code) => new()
    {
        ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.IdentifierType, ["code"] = code }),
    };

    private static JsonObject Modality(string code) => new() { ["system"] = CaseCodes.Dcm, ["code"] = code };

    private static JsonObject Reference(string reference) => new() { ["reference"] = reference };
}

/// <summary>DICOM dates and names in FHIR's forms.</summary>
public static class DicomTimes
{
    /// <summary>A dateTime of a DA and TM: with a time only when the zone is known or UTC may be assumed (no zone: UTC); null when there is no date.</summary>
    public static string? ToFhir(string date, string time, string timezone)
    {
        if (!DateOnly.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return null;
        }

        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var digits = time.Split('.')[0];
        if (!TimeOnly.TryParseExact(digits, ["HHmmss", "HHmm", "HH"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            return text;
        }

        var zone = timezone is ['+' or '-', _, _, _, _] && timezone.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            && int.Parse(timezone.AsSpan(1, 2), CultureInfo.InvariantCulture) < 15 && int.Parse(timezone.AsSpan(3, 2), CultureInfo.InvariantCulture) < 60
            ? timezone[..3] + ":" + timezone[3..]
            : "Z";
        return text + "T" + clock.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + zone;
    }

    /// <summary>A whole DA; null for everything else.</summary>
    public static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>A person name's first group as people write it: <c>Okafor^Adaeze</c> is "Adaeze Okafor".</summary>
    public static string HumanName(string personName)
    {
        var parts = personName.Split('=')[0].Split('^');
        string Part(int index) => index < parts.Length ? parts[index].Trim() : "";
        return string.Join(' ', new[] { Part(3), Part(1), Part(2), Part(0), Part(4) }.Where(p => p.Length > 0));
    }
}
