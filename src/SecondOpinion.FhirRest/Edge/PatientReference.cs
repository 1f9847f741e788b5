using System.Text.Json;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>Finds whom a stored resource is about without parsing it as a resource: the top-level reference that is a patient.</summary>
internal static class PatientReference
{
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 512 };

    /// <summary><c>Patient/id</c>; null when the resource names none at its top level.</summary>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The elements by which R4 puts resources into the compartment of a patient.
            var candidate = reader.ValueTextEquals("subject"u8) || reader.ValueTextEquals("patient"u8) || reader.ValueTextEquals("for"u8) || reader.ValueTextEquals("beneficiary"u8);
            reader.Read();
            if (candidate && reader.TokenType == JsonTokenType.StartObject && InReference(ref reader) is { } found)
            {
                return found;
            }

            reader.Skip();
        }

        return null;
    }

    private static string? InReference(ref Utf8JsonReader reader)
    {
        var inner = reader;
        while (inner.Read() && inner.TokenType == JsonTokenType.PropertyName)
        {
            var isReference = inner.ValueTextEquals("reference"u8);
            inner.Read();
            if (isReference && inner.TokenType == JsonTokenType.String)
            {
                var text = inner.GetString()!;
                var at = text.LastIndexOf("Patient/", StringComparison.Ordinal);
                return at == 0 || (at > 0 && text[at - 1] == '/') ? text[at..] : null;
            }

            inner.Skip();
        }

        return null;
    }
}
