using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecondOpinion.Storage.Resources;

/// <summary>Writes what the server decides into a resource's canonical JSON: id, meta.versionId and meta.lastUpdated. Everything else keeps its bytes.</summary>
internal static class ResourceStamp
{
    private const int MaxDepth = 512;

    /// <summary>An instant in UTC with milliseconds (FHIR R4 datatypes.html#instant).</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static byte[] Apply(ReadOnlySpan<byte> json, string type, string id, int version, DateTimeOffset lastUpdated)
    {
        var output = new ArrayBufferWriter<byte>(512);
        var length = 1;
        var rest = new List<Range>();
        Range? meta = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMeta = reader.ValueTextEquals("meta"u8);
            var isReplaced = isMeta || reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("resourceType"u8);
            var member = Member(ref reader, out var value);
            if (isMeta)
            {
                meta = value;
            }

            if (!isReplaced)
            {
                rest.Add(member);
                length += 1 + member.GetOffsetAndLength(json.Length).Length;
            }
        }

        // Ids and types are checked text: nothing in them needs an escape.
        Write(output, $"{{\"resourceType\":\"{type}\",\"id\":\"{id}\",\"meta\":{{");
        WriteMeta(output, meta is { } range ? json[range] : "{}"u8, version, lastUpdated);
        output.Write("}"u8);
        // A study of a thousand instances has much behind its meta: copied once.
        var stamped = new byte[output.WrittenCount + length];
        output.WrittenSpan.CopyTo(stamped);
        var at = output.WrittenCount;
        foreach (var member in rest)
        {
            stamped[at++] = (byte)',';
            json[member].CopyTo(stamped.AsSpan(at));
            at += member.GetOffsetAndLength(json.Length).Length;
        }

        stamped[at] = (byte)'}';
        return stamped;
    }

    private static void WriteMeta(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> meta, int version, DateTimeOffset lastUpdated)
    {
        Write(output, $"\"versionId\":\"{version.ToString(CultureInfo.InvariantCulture)}\",\"lastUpdated\":\"{Instant(lastUpdated)}\"");
        var reader = new Utf8JsonReader(meta, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOurs = reader.ValueTextEquals("versionId"u8) || reader.ValueTextEquals("lastUpdated"u8)
                || reader.ValueTextEquals("_versionId"u8) || reader.ValueTextEquals("_lastUpdated"u8);
            var member = Member(ref reader, out _);
            if (!isOurs)
            {
                output.Write(","u8);
                output.Write(meta[member]);
            }
        }
    }

    /// <summary>Steps over a property; the ranges are of the whole member and of its value.</summary>
    private static Range Member(ref Utf8JsonReader reader, out Range value)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Read();
        var valueStart = (int)reader.TokenStartIndex;
        reader.Skip();
        value = valueStart..(int)reader.BytesConsumed;
        return start..(int)reader.BytesConsumed;
    }

    private static void Write(ArrayBufferWriter<byte> output, string text) => output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
