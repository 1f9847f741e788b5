using System.Globalization;
using System.Text.Json;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Interop.Commands.Fhir;

/// <summary>Index values as JSON: an array of objects with <c>parameter</c>, <c>type</c> and the members that the value has.</summary>
internal static class SearchIndexJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static byte[] ToArray(FhirResource resource)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartArray();
            foreach (var value in SearchIndexer.Extract(resource))
            {
                Write(writer, value);
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, in SearchValue value)
    {
        writer.WriteStartObject();
        writer.WriteString("parameter", value.Parameter.Code);
        writer.WriteString("type", value.Kind.ToString().ToLowerInvariant());
        Text(writer, "system", value.System);
        Text(writer, "code", value.Code);
        Text(writer, "text", value.Text);
        Text(writer, "identifierTypeSystem", value.IdentifierTypeSystem);
        Text(writer, "identifierTypeCode", value.IdentifierTypeCode);
        Text(writer, "reference", value.TargetId is null ? value.TargetUrl : $"{value.TargetType}/{value.TargetId}");
        Text(writer, "targetType", value.TargetId is null ? value.TargetType : null);
        Text(writer, "version", value.TargetVersion?.ToString(CultureInfo.InvariantCulture) ?? value.CanonicalVersion);
        switch (value.Kind)
        {
            case SearchParameterType.Date:
                Text(writer, "from", value.From == DateTimeOffset.MinValue ? null : Instant(value.From));
                Text(writer, "before", value.To == DateTimeOffset.MaxValue ? null : Instant(value.To));
                break;
            case SearchParameterType.Number or SearchParameterType.Quantity or SearchParameterType.Special:
                Number(writer, "number", value.Number);
                Number(writer, "low", value.Low);
                Number(writer, "high", value.High);
                Number(writer, "canonicalLow", value.CanonicalLow);
                Number(writer, "canonicalHigh", value.CanonicalHigh);
                Text(writer, "canonicalUnit", value.CanonicalUnit);
                break;
        }

        if (value.CompositeGroup > 0)
        {
            writer.WriteNumber("compositeGroup", value.CompositeGroup);
        }

        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    /// <summary>Open ends, which the index keeps as the extremes of a double, are left out.</summary>
    private static void Number(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } n && n != double.MinValue && n != double.MaxValue)
        {
            writer.WriteNumber(name, n);
        }
    }

    private static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
