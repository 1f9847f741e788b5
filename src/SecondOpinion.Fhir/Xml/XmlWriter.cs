using System.Text;
using SecondOpinion.Fhir.Tree;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.Xml;

/// <summary>Writes the tree as FHIR XML (FHIR R4 xml.html): elements in the order of the definitions, ids and extension URLs as attributes.</summary>
internal readonly struct XmlWriter(ResourceTree tree, Utf8Text output)
{
    public void WriteResource(int row, bool isRoot)
    {
        var slot = tree.Slots[row]!;
        output.Append((byte)'<');
        output.Append(slot.Type.Utf8Name);
        if (isRoot)
        {
            output.Append(" xmlns=\"http://hl7.org/fhir\""u8);
        }

        output.Append((byte)'>');
        WriteChildren(row, slot.Type);
        Close(slot.Type.Utf8Name);
    }

    private void Close(ReadOnlySpan<byte> name)
    {
        output.Append("</"u8);
        output.Append(name);
        output.Append((byte)'>');
    }

    private void WriteChildren(int row, TypeDefinition type)
    {
        var (start, end) = tree.ChildRange(row);
        var last = -1;
        for (var i = start; i < end; i = tree.Rows[i].Next)
        {
            if (tree.Rows[i].IsHidden)
            {
                continue;
            }

            if (tree.Slots[i] is not { } slot)
            {
                throw new FhirException("structure", $"'{tree.NameText(i)}' is not an element of {type.Path}, so it has no XML form", "unknown-element");
            }

            if (slot.Order < last)
            {
                WriteSorted(start, end);
                return;
            }

            last = slot.Order;
        }

        for (var i = start; i < end; i = tree.Rows[i].Next)
        {
            if (!tree.Rows[i].IsHidden)
            {
                WriteElement(i, tree.Slots[i]!);
            }
        }
    }

    private void WriteSorted(int start, int end)
    {
        var rows = new List<int>();
        for (var i = start; i < end; i = tree.Rows[i].Next)
        {
            if (!tree.Rows[i].IsHidden)
            {
                rows.Add(tree.Slots[i] is null
                    ? throw new FhirException("structure", $"'{tree.NameText(i)}' is not a FHIR element, so it has no XML form", "unknown-element")
                    : i);
            }
        }

        var slots = tree.Slots;
        foreach (var row in rows.OrderBy(r => slots[r]!.Order))
        {
            WriteElement(row, slots[row]!);
        }
    }

    private void WriteElement(int row, ElementSlot slot)
    {
        if (slot.Element!.IsXmlAttribute)
        {
            return;
        }

        if (slot.Type.Primitive == PrimitiveType.Xhtml)
        {
            WriteNarrative(row);
            return;
        }

        output.Append((byte)'<');
        output.Append(slot.Utf8Name);
        var isResource = (tree.Rows[row].Flags & RowFlags.Resource) != RowFlags.None;
        var hasContent = isResource || WriteAttributes(row);
        if (tree.Rows[row].Kind is RowKind.String or RowKind.Number or RowKind.True or RowKind.False)
        {
            WriteAttribute("value"u8, row);
        }

        if (!hasContent)
        {
            output.Append("/>"u8);
            return;
        }

        output.Append((byte)'>');
        if (isResource)
        {
            WriteResource(row, isRoot: false);
        }
        else
        {
            WriteChildren(row, slot.Type);
        }

        Close(slot.Utf8Name);
    }

    /// <summary>Writes the children that are attributes; whether there are others.</summary>
    private bool WriteAttributes(int row)
    {
        var others = false;
        var (start, end) = tree.ChildRange(row);
        for (var i = start; i < end; i = tree.Rows[i].Next)
        {
            if (tree.Rows[i].IsHidden)
            {
                continue;
            }

            if (tree.Slots[i]?.Element is { IsXmlAttribute: true })
            {
                if (tree.Rows[i].Index > 0 || tree.Rows[i].IsUnderscore || tree.Rows[i].Kind == RowKind.Object)
                {
                    throw new FhirException("structure", $"'{tree.NameText(i)}' is an attribute in XML and must be one value", "json-type");
                }

                WriteAttribute(tree.Slots[i]!.Utf8Name, i);
            }
            else
            {
                others = true;
            }
        }

        return others;
    }

    private void WriteAttribute(ReadOnlySpan<byte> name, int row)
    {
        output.Append((byte)' ');
        output.Append(name);
        output.Append("=\""u8);
        ref readonly var r = ref tree.Rows[row];
        output.AppendXml(
            r.Kind is RowKind.True ? "true"u8
            : r.Kind is RowKind.False ? "false"u8
            : (r.Flags & RowFlags.Escaped) == RowFlags.None ? tree.Raw(row)
            : Encoding.UTF8.GetBytes(tree.Text(row)!));
        output.Append((byte)'"');
    }

    /// <summary>FHIR R4 narrative.html: the div goes in as XML, so it must be well formed, and names of entities become characters.</summary>
    private void WriteNarrative(int row)
    {
        ref readonly var r = ref tree.Rows[row];
        var xhtml = (r.Flags & RowFlags.Escaped) == RowFlags.None ? tree.Raw(row) : Encoding.UTF8.GetBytes(tree.Text(row)!);
        if (NarrativeCheck.Problem(xhtml, wellFormedOnly: true, out var div) is var (_, problem))
        {
            throw new FhirException("structure", "The narrative is not well formed, so it has no XML form: " + problem, "txt-1");
        }

        xhtml = xhtml[div];
        if (!HasNamespace(xhtml))
        {
            output.Append("<div xmlns=\"http://www.w3.org/1999/xhtml\""u8);
            xhtml = xhtml["<div".Length..];
        }

        WriteWithoutEntities(xhtml);
    }

    private static bool HasNamespace(ReadOnlySpan<byte> xhtml)
    {
        Span<XhtmlAttribute> attributes = stackalloc XhtmlAttribute[XhtmlTag.MaxAttributes];
        var i = 0;
        var div = XhtmlTag.Read(xhtml, ref i, attributes);
        foreach (ref readonly var attribute in attributes[..div.Attributes])
        {
            if (xhtml.Slice(attribute.NameStart, attribute.NameLength).SequenceEqual("xmlns"u8))
            {
                return true;
            }
        }

        return false;
    }

    private void WriteWithoutEntities(ReadOnlySpan<byte> xhtml)
    {
        while (xhtml.IndexOf((byte)'&') is var at and >= 0)
        {
            var name = xhtml[(at + 1)..];
            name = name[..Math.Max(0, name.IndexOf((byte)';'))];

            // An ampersand in a comment begins nothing.
            if (name.Length is > 0 and < 12 && !XmlCharacters.IsXmlReference(name) && XmlCharacters.HtmlEntity(name) is { } character)
            {
                output.Append(xhtml[..at]);
                output.Append(Encoding.UTF8.GetBytes(character));
                xhtml = xhtml[(at + name.Length + 2)..];
            }
            else
            {
                output.Append(xhtml[..(at + 1)]);
                xhtml = xhtml[(at + 1)..];
            }
        }

        output.Append(xhtml);
    }
}
