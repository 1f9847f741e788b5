using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Tests.Differential;

/// <summary>The normal forms of tools/differential/canonical.mjs.</summary>
internal static class CanonicalText
{
    /// <summary>An item as the table of expressions writes it.</summary>
    public static string Show(FhirPathValue item) => item.Kind switch
    {
        FhirPathKind.Node => Show(item.Node),
        FhirPathKind.Boolean => item.ToString()!,
        FhirPathKind.String => Quote(item.Text!),
        FhirPathKind.Quantity => Number((double)item.Number) + " " + item.Unit,
        FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => "@" + item,
        FhirPathKind.Type => item.ToString()!,
        _ => Number(double.Parse(item.ToString()!, CultureInfo.InvariantCulture)),
    };

    private static string Show(FhirNode node)
    {
        if (!node.IsPrimitive)
        {
            return Json(node);
        }

        return !node.HasValue ? "null" : node.RawValue[0] is (byte)'t' or (byte)'f' && node.Type == "boolean" ? node.Value!
            : node.Type is "decimal" or "integer" or "unsignedInt" or "positiveInt" ? Number(double.Parse(node.Value!, CultureInfo.InvariantCulture))
            : Quote(node.Value!);
    }

    /// <summary>A node's JSON with sorted names and numbers by their bits; of a primitive the value alone.</summary>
    public static string Json(FhirNode node)
    {
        if (!node.IsPrimitive)
        {
            return Json(node.RawValue.ToArray());
        }

        return !node.HasValue ? "null" : node.Type == "boolean" ? node.Value!
            : node.Type is "decimal" or "integer" or "unsignedInt" or "positiveInt" ? Bits(double.Parse(node.Value!, CultureInfo.InvariantCulture))
            : Quote(node.Value!);
    }

    /// <summary>JSON with sorted names and numbers by their bits.</summary>
    public static string Json(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var builder = new StringBuilder();
        Append(builder, document.RootElement);
        return builder.ToString();
    }

    /// <summary>48 bits of a SHA-256, in base64 for URLs.</summary>
    public static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    private static void Append(StringBuilder builder, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                builder.Append('{');
                builder.AppendJoin(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p =>
                {
                    var part = new StringBuilder(Quote(p.Name)).Append(':');
                    Append(part, p.Value);
                    return part;
                }));
                builder.Append('}');
                break;
            case JsonValueKind.Array:
                builder.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    builder.Append(first ? "" : ",");
                    first = false;
                    Append(builder, item);
                }

                builder.Append(']');
                break;
            case JsonValueKind.String:
                builder.Append(Quote(value.GetString()!));
                break;
            case JsonValueKind.Number:
                builder.Append(Bits(value.GetDouble()));
                break;
            default:
                builder.Append(value.GetRawText());
                break;
        }
    }

    private static string Bits(double number) => "#" + BitConverter.DoubleToUInt64Bits(number).ToString("x", CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\").Replace("'", "\\'").Replace("\t", "\\t").Replace("\r", "\\r").Replace("\n", "\\n") + "'";

    private static string Number(double number) => Number(number, 12);

    /// <summary>So many significant digits, in the notation that JavaScript chooses.</summary>
    public static string Number(double number, int digits)
    {
        var rounded = double.Parse(number.ToString("E" + (digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(rounded) is (>= 1e15 and < 1e21) or (>= 1e-6 and < 1e-4)
            ? ((decimal)rounded).ToString(CultureInfo.InvariantCulture)
            : rounded.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e+").Replace("E-0", "e-").Replace("E-", "e-");
    }
}
