using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;

namespace SecondOpinion.Dicom;

/// <summary>Writes elements as attributes of the Native DICOM Model (PS3.19 A.1.6).</summary>
internal sealed class XmlModelWriter(XmlWriter xml, DicomJsonOptions options)
{
    internal static readonly string[] GroupNames = ["Alphabetic", "Ideographic", "Phonetic"];
    internal static readonly string[] ComponentNames = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"];

    private string _path = "";

    internal void WriteTop(DicomDataset dataset, PixelDataPosition? pixels)
    {
        xml.WriteStartElement("NativeDicomModel", DicomXml.Namespace);
        xml.WriteAttributeString("xml", "space", null, "preserve");
        PrivateBlocks? blocks = null;
        var characterSetDue = ModelElements.LacksCharacterSet(dataset);
        foreach (ref readonly var element in dataset.Elements)
        {
            if (characterSetDue && element.Tag >= DicomTags.SpecificCharacterSet)
            {
                WriteCharacterSet();
                characterSetDue = false;
                if (element.Tag == DicomTags.SpecificCharacterSet)
                {
                    continue;
                }
            }

            if (pixels is not null && element.Tag > pixels.Tag)
            {
                WritePixelReference(pixels);
                pixels = null;
            }

            WriteElement(dataset, element, ref blocks);
        }

        if (characterSetDue)
        {
            WriteCharacterSet();
        }

        if (pixels is not null)
        {
            WritePixelReference(pixels);
        }

        xml.WriteEndElement();
    }

    private void WriteElement(DicomDataset dataset, in DicomElement element, ref PrivateBlocks? blocks)
    {
        if (!ModelElements.IsWritten(element.Tag))
        {
            return;
        }

        if (element.Tag == DicomTags.SpecificCharacterSet && !element.IsEmpty)
        {
            WriteCharacterSet();
            return;
        }

        var creator = element.Tag.IsPrivate && element.Tag.Element > 0xFF ? (blocks ??= new PrivateBlocks(dataset)).CreatorOf(element.Tag) : null;
        Start(element.Tag, element.Vr, creator);
        if (!element.IsEmpty)
        {
            if (ModelElements.UriOf(element, options, _path) is { } uri)
            {
                WriteReference(uri);
            }
            else
            {
                WriteValue(dataset, element);
            }
        }

        xml.WriteEndElement();
    }

    /// <summary>PS3.19 A.1.5: the block of a private attribute is not written but its creator.</summary>
    private void Start(DicomTag tag, DicomVr vr, string? creator)
    {
        xml.WriteStartElement("DicomAttribute");
        xml.WriteAttributeString("tag", (creator is null ? tag : new DicomTag(tag.Group, (ushort)(tag.Element & 0xFF))).ToHex());
        xml.WriteAttributeString("vr", vr.Name());
        if (tag.Keyword is { Length: > 0 } keyword)
        {
            xml.WriteAttributeString("keyword", keyword);
        }

        if (creator is not null)
        {
            xml.WriteAttributeString("privateCreator", creator);
        }
    }

    private void WriteCharacterSet()
    {
        xml.WriteStartElement("DicomAttribute");
        xml.WriteAttributeString("tag", "00080005");
        xml.WriteAttributeString("vr", "CS");
        xml.WriteAttributeString("keyword", "SpecificCharacterSet");
        WriteText("ISO_IR 192", 1);
        xml.WriteEndElement();
    }

    private void WritePixelReference(PixelDataPosition pixels)
    {
        if (options.BulkDataUri?.Invoke(pixels.Tag.ToHex()) is { } uri)
        {
            Start(pixels.Tag, pixels.Vr, null);
            WriteReference(uri);
            xml.WriteEndElement();
        }
    }

    private void WriteReference(string uri)
    {
        xml.WriteStartElement("BulkData");
        xml.WriteAttributeString("uri", Clean(uri));
        xml.WriteEndElement();
    }

    private void WriteValue(DicomDataset dataset, in DicomElement element)
    {
        if (element.Vr == DicomVr.SQ)
        {
            WriteItems(element);
        }
        else if (element.Vr.IsBinary())
        {
            WriteInline(element.Fragments is null ? element.LittleEndianBytes() : throw ModelElements.NoPlaceForFragments(element.Tag));
        }
        else
        {
            var texts = dataset.TextsOf(element);
            if (texts.Length == 1 && (element.Vr == DicomVr.PN ? texts[0].Trim('^', '=', ' ', '\0') : texts[0]).Length == 0)
            {
                return;
            }

            for (var i = 0; i < texts.Length; i++)
            {
                if (element.Vr == DicomVr.PN)
                {
                    WriteName(texts[i], i + 1);
                }
                else
                {
                    WriteText(texts[i], i + 1);
                }
            }
        }
    }

    private void WriteItems(in DicomElement element)
    {
        var path = _path;
        var number = 0;
        foreach (var item in element.ItemArray)
        {
            number++;
            if (options.BulkDataUri is not null)
            {
                _path = string.Create(CultureInfo.InvariantCulture, $"{path}{element.Tag.ToHex()}/{number}/");
            }

            xml.WriteStartElement("Item");
            WriteNumber(number);
            PrivateBlocks? blocks = null;
            foreach (ref readonly var inner in item.Elements)
            {
                // An empty character set of an item changes nothing, and could be read as ASCII.
                if (inner.Tag != DicomTags.SpecificCharacterSet || !inner.IsEmpty)
                {
                    WriteElement(item, inner, ref blocks);
                }
            }

            xml.WriteEndElement();
        }

        _path = path;
    }

    private void WriteInline(ReadOnlyMemory<byte> bytes)
    {
        xml.WriteStartElement("InlineBinary");
        var value = MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new ArraySegment<byte>(bytes.ToArray());
        xml.WriteBase64(value.Array!, value.Offset, value.Count);
        xml.WriteEndElement();
    }

    private void WriteText(string text, int number)
    {
        xml.WriteStartElement("Value");
        WriteNumber(number);
        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    private void WriteName(string name, int number)
    {
        xml.WriteStartElement("PersonName");
        WriteNumber(number);
        var groups = name.Split('=', 3);
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i].Trim('^', ' ', '\0').Length > 0)
            {
                WriteGroup(GroupNames[i], groups[i]);
            }
        }

        xml.WriteEndElement();
    }

    private void WriteGroup(string name, string group)
    {
        xml.WriteStartElement(name);
        var components = group.Split('^', ComponentNames.Length);
        for (var i = 0; i < components.Length; i++)
        {
            if (components[i].Trim(' ', '\0') is { Length: > 0 } component)
            {
                xml.WriteElementString(ComponentNames[i], Clean(component));
            }
        }

        xml.WriteEndElement();
    }

    private void WriteNumber(int number) => xml.WriteAttributeString("number", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Control characters that XML 1.0 cannot hold become question marks.</summary>
    internal static string Clean(string text)
    {
        StringBuilder? clean = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
            {
                clean?.Append(text[i]);
            }
            else if (char.IsSurrogatePair(text, i))
            {
                clean?.Append(text, i, 2);
                i++;
            }
            else
            {
                clean ??= new StringBuilder(text, 0, i, text.Length);
                clean.Append('?');
            }
        }

        return clean?.ToString() ?? text;
    }

    /// <summary>The private creators of a data set, one group at a time.</summary>
    private sealed class PrivateBlocks(DicomDataset dataset)
    {
        private readonly string?[] _creators = new string?[256];
        private ushort _group;

        /// <summary>The creator of the element's block; null if it has none, or if an earlier block has the same one and the block would be lost.</summary>
        internal string? CreatorOf(DicomTag tag)
        {
            if (_group != tag.Group)
            {
                Load(tag.Group);
            }

            return _creators[tag.Element >> 8];
        }

        private void Load(ushort group)
        {
            _group = group;
            Array.Clear(_creators);
            var known = new HashSet<string>(StringComparer.Ordinal);
            var at = dataset.FirstFrom(new DicomTag(group, 0x0010));
            for (; at < dataset.Count && dataset.Elements[at].Tag <= new DicomTag(group, 0x00FF); at++)
            {
                var tag = dataset.Elements[at].Tag;
                if (dataset.GetString(tag) is { } written && Clean(written) is var creator && known.Add(creator))
                {
                    _creators[tag.Element] = creator;
                }
            }
        }
    }
}
