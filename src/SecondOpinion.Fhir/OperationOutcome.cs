using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecondOpinion.Fhir;

/// <summary>Writes issues as an OperationOutcome resource (FHIR R4 operationoutcome.html).</summary>
public static class OperationOutcome
{
    /// <summary>System of the stable codes in <c>details.coding</c>.</summary>
    public const string KeySystem = "https://secondopinion.example/fhir/CodeSystem/issue-key";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8 JSON. No issues gives one informational issue, because <c>issue</c> is 1..*.</summary>
    public static byte[] ToJson(IEnumerable<FhirIssue> issues)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, issues);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the resource as a JSON object, for example as an entry of a Bundle.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<FhirIssue> issues)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "OperationOutcome"u8);
        writer.WriteStartArray("issue"u8);
        var any = false;
        foreach (var issue in issues)
        {
            any = true;
            WriteIssue(writer, issue);
        }

        if (!any)
        {
            WriteIssue(writer, new FhirIssue(IssueSeverity.Information, "informational", "No issues found"));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteIssue(Utf8JsonWriter writer, FhirIssue issue)
    {
        writer.WriteStartObject();
        writer.WriteString("severity"u8, Code(issue.Severity));
        writer.WriteString("code"u8, issue.Code);
        writer.WriteStartObject("details"u8);
        if (issue.Key is not null)
        {
            writer.WriteStartArray("coding"u8);
            writer.WriteStartObject();
            writer.WriteString("system"u8, KeySystem);
            writer.WriteString("code"u8, issue.Key);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteString("text"u8, issue.Message);
        writer.WriteEndObject();
        writer.WriteString("diagnostics"u8, issue.Line is null
            ? issue.Message
            : string.Create(CultureInfo.InvariantCulture, $"{issue.Message} (line {issue.Line}, column {issue.Column})"));
        if (issue.Expression is not null)
        {
            writer.WriteStartArray("expression"u8);
            writer.WriteStringValue(issue.Expression);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Code(IssueSeverity severity) => severity switch
    {
        IssueSeverity.Fatal => "fatal"u8,
        IssueSeverity.Error => "error"u8,
        IssueSeverity.Warning => "warning"u8,
        _ => "information"u8,
    };
}
