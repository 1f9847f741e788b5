namespace SecondOpinion.Fhir.Xml;

/// <summary>The repetitions of one primitive element: values and the objects beside them.</summary>
internal sealed class PrimitiveRun
{
    public List<byte[]?> Values { get; } = [];

    public List<byte[]?> Extras { get; } = [];

    public void Write(ElementSlot slot, Utf8Text json, ref bool first)
    {
        if (Values.Exists(v => v is not null) || !Extras.Exists(e => e is not null))
        {
            XmlReader.WriteName(slot, json, ref first);
            WriteArray(Values, json);
        }

        if (Extras.Exists(e => e is not null))
        {
            json.Append(first ? "\"_"u8 : ",\"_"u8);
            json.Append(slot.Utf8Name);
            json.Append("\":"u8);
            WriteArray(Extras, json);
            first = false;
        }
    }

    private static void WriteArray(List<byte[]?> items, Utf8Text json)
    {
        for (var i = 0; i < items.Count; i++)
        {
            json.Append((byte)(i == 0 ? '[' : ','));
            json.Append(items[i] is { } item ? item : "null"u8);
        }

        json.Append((byte)']');
    }
}
