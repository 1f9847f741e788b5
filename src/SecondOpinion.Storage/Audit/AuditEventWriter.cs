using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecondOpinion.Storage.Audit;

/// <summary>
/// Writes AuditEvents as IHE Basic Audit Log Patterns (BALP) 1.1 has them for RESTful access. Codes go without displays: each would be kept and indexed
/// once more, for every read there is.
/// </summary>
public static class AuditEventWriter
{
    private const string Dcm = "http://dicom.nema.org/resources/ontology/DCM";
    private const string FhirInteraction = "http://hl7.org/fhir/restful-interaction";
    private const string EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string ObjectRole = "http://terminology.hl7.org/CodeSystem/object-role";

    // FHIR R4 valueset-type-restful-interaction.html
    private static readonly HashSet<string> Interactions =
    [
        "read", "vread", "update", "patch", "delete", "history", "history-instance", "history-type", "history-system", "create", "search", "search-type", "search-system",
        "capabilities", "transaction", "batch", "operation",
    ];

    private static readonly SearchValues<char> UidCharacters = SearchValues.Create("0123456789.");

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The events of an access: a query has one for each patient in its results, anything else has one.</summary>
    public static IEnumerable<byte[]> Write(AuditEntry entry)
    {
        if (entry.Action != AuditAction.Query || entry.Patients.Count < 2)
        {
            yield return Write(entry, entry.Patients);
            yield break;
        }

        foreach (var patient in entry.Patients)
        {
            yield return Write(entry, [patient]);
        }
    }

    private static byte[] Write(AuditEntry entry, IReadOnlyList<string> patients)
    {
        var buffer = new ArrayBufferWriter<byte>(1536);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "AuditEvent"u8);
            Profile(writer, entry, patients.Count > 0);
            Coding(writer, "type", "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest");
            writer.WriteStartArray("subtype"u8);
            var isFhir = Interactions.Contains(entry.Interaction);
            Coding(writer, null, isFhir ? FhirInteraction : "https://secondopinion.example/fhir/CodeSystem/transaction", entry.Interaction);
            writer.WriteEndArray();
            writer.WriteString("action"u8, entry.Action switch
            {
                AuditAction.Create => "C",
                AuditAction.Read => "R",
                AuditAction.Update => "U",
                AuditAction.Delete => "D",
                _ => "E",
            });
            writer.WriteString("recorded"u8, entry.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("outcome"u8, entry.Succeeded ? "0" : "4");
            Agents(writer, entry);
            Source(writer);
            Entities(writer, entry, patients);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // The patterns describe successes.
    private static void Profile(Utf8JsonWriter writer, AuditEntry entry, bool hasPatient)
    {
        if (!entry.Succeeded)
        {
            return;
        }

        writer.WriteStartObject("meta"u8);
        writer.WriteStartArray("profile"u8);
        writer.WriteStringValue("https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit." + (hasPatient ? "Patient" : "") + entry.Action);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Agents(Utf8JsonWriter writer, AuditEntry entry)
    {
        writer.WriteStartArray("agent"u8);

        // Data flows from the source to the destination: out in a read, in in a write; a query is what the client sends.
        var client = entry.Action switch
        {
            AuditAction.Read => (Dcm, "110152"),
            AuditAction.Delete => (Dcm, "110150"),
            _ => (Dcm, "110153"),
        };
        var server = entry.Action switch
        {
            AuditAction.Read => (Dcm, "110153"),
            AuditAction.Delete => ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian"),
            _ => (Dcm, "110152"),
        };
        var hasPerson = entry.Actor.FhirUser is not null;
        StartAgent(writer, client);
        writer.WriteStartObject("who"u8);
        writer.WriteStartObject("identifier"u8);
        writer.WriteString("value"u8, entry.Actor.ClientId ?? "server");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteBoolean("requestor"u8, !hasPerson);
        if (entry.NetworkAddress is { Length: > 0 } address)
        {
            writer.WriteStartObject("network"u8);
            writer.WriteString("address"u8, address);
            writer.WriteString("type"u8, "2"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        StartAgent(writer, server);
        Who(writer, "display", "SecondOpinion.Interop");
        writer.WriteBoolean("requestor"u8, false);
        writer.WriteEndObject();
        if (hasPerson)
        {
            StartAgent(writer, ("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"));
            Who(writer, "reference", entry.Actor.FhirUser!);
            writer.WriteBoolean("requestor"u8, true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Source(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("source"u8);
        writer.WriteStartObject("observer"u8);
        writer.WriteString("display"u8, "SecondOpinion.Interop"u8);
        writer.WriteEndObject();
        writer.WriteStartArray("type"u8);
        Coding(writer, null, "http://terminology.hl7.org/CodeSystem/security-source-type", "4");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Entities(Utf8JsonWriter writer, AuditEntry entry, IReadOnlyList<string> patients)
    {
        if (entry.Entities.Count == 0 && patients.Count == 0 && entry.Query is null && entry.RequestId is null)
        {
            return;
        }

        writer.WriteStartArray("entity"u8);
        foreach (var what in entry.Entities)
        {
            writer.WriteStartObject();
            What(writer, what);
            Coding(writer, "type", EntityType, "2");
            Coding(writer, "role", ObjectRole, "4");
            writer.WriteEndObject();
        }

        foreach (var patient in patients)
        {
            writer.WriteStartObject();
            What(writer, patient);
            Coding(writer, "type", EntityType, "1");
            Coding(writer, "role", ObjectRole, "1");
            writer.WriteEndObject();
        }

        if (entry.Query is { } query)
        {
            writer.WriteStartObject();
            Coding(writer, "type", EntityType, "2");
            Coding(writer, "role", ObjectRole, "24");
            writer.WriteBase64String("query"u8, Encoding.UTF8.GetBytes(query));
            writer.WriteEndObject();
        }

        if (entry.RequestId is { } requestId)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("what"u8);
            writer.WriteStartObject("identifier"u8);
            writer.WriteString("value"u8, requestId);
            writer.WriteEndObject();
            writer.WriteEndObject();
            Coding(writer, "type", "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A reference to a resource, or the UID of a study.</summary>
    private static void What(Utf8JsonWriter writer, string what)
    {
        writer.WriteStartObject("what"u8);
        if (what.AsSpan().ContainsAnyExcept(UidCharacters))
        {
            writer.WriteString("reference"u8, what);
        }
        else
        {
            writer.WriteStartObject("identifier"u8);
            writer.WriteString("system"u8, "urn:dicom:uid"u8);
            writer.WriteString("value"u8, "urn:oid:" + what);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void StartAgent(Utf8JsonWriter writer, (string System, string Code) type)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("type"u8);
        writer.WriteStartArray("coding"u8);
        Coding(writer, null, type.System, type.Code);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Who(Utf8JsonWriter writer, string element, string value)
    {
        writer.WriteStartObject("who"u8);
        writer.WriteString(element, value);
        writer.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter writer, string? name, string system, string code)
    {
        if (name is null)
        {
            writer.WriteStartObject();
        }
        else
        {
            writer.WriteStartObject(name);
        }

        writer.WriteString("system"u8, system);
        writer.WriteString("code"u8, code);
        writer.WriteEndObject();
    }
}
