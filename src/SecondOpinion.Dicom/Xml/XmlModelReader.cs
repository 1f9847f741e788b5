using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;

namespace SecondOpinion.Dicom;

/// <summary>Reads the Native DICOM Model (PS3.19 A.1.6) from a stream, one node at a time. Elements of no namespace are accepted too.</summary>
internal sealed class XmlModelReader
{
    /// <summary>Values that may be missing in a row of numbered ones.</summary>
    private const int MaxGap = 1000;

    private readonly XmlReader _xml;
    private readonly DicomReadOptions _options;
    private int _elements;

    private XmlModelReader(XmlReader xml, DicomReadOptions options)
    {
        _xml = xml;
        _options = options;
    }

    internal static DicomDataset Read(Stream stream, DicomReadOptions options)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = options.MaxInflatedBytes,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = false,
        };
        try
        {
            using var xml = XmlReader.Create(stream, settings);
            return ModelElements.WithCharacterSet(new XmlModelReader(xml, options).ReadDocument());
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            throw new DicomException(DicomError.InvalidDocument, "the document is not valid XML of the Native DICOM Model", inner: e);
        }
    }

    private DicomDataset ReadDocument()
    {
        if (_xml.MoveToContent() != XmlNodeType.Element || !IsOurs("NativeDicomModel"))
        {
            throw Invalid("the document is no NativeDicomModel");
        }

        var dataset = ReadDataset(0);
        while (!_xml.EOF)
        {
            _xml.Read(); // what follows the root can only be space; anything else is no XML
        }

        return dataset;
    }

    private bool IsOurs(string name) => _xml.LocalName == name && _xml.NamespaceURI is DicomXml.Namespace or "";

    private static DicomException Invalid(string message, DicomTag? tag = null) => new(DicomError.InvalidDocument, message, tag);

    /// <summary>The content of the root or of an item; the reader stands behind it then.</summary>
    private DicomDataset ReadDataset(int depth)
    {
        if (depth > _options.MaxDepth)
        {
            throw new DicomException(DicomError.TooDeep, "sequences are nested too deep (MaxDepth)");
        }

        var elements = new List<DicomElement>();
        List<(string Creator, DicomElement Element)>? blockless = null;
        EachChild(() =>
        {
            if (!IsOurs("DicomAttribute"))
            {
                _xml.Skip();
                return;
            }

            var (element, creator) = ReadAttribute(depth);
            if (creator is not null && element.Tag.IsPrivate && element.Tag.Element <= 0xFF)
            {
                (blockless ??= []).Add((creator, element));
            }
            else
            {
                elements.Add(element);
            }
        });
        if (blockless is not null)
        {
            PlaceInBlocks(elements, blockless);
        }

        elements.RemoveAll(e => e.Tag.IsGroupLength);
        return ModelElements.Build(CollectionsMarshal.AsSpan(elements));
    }

    /// <summary>Gives private attributes the block that their creator reserves, or reserves one (PS3.5 7.8.1).</summary>
    private static void PlaceInBlocks(List<DicomElement> elements, List<(string Creator, DicomElement Element)> blockless)
    {
        var blocks = new Dictionary<(ushort Group, string Creator), int>();
        var taken = new HashSet<(ushort Group, int Block)>();
        foreach (var element in elements.Where(e => e.Tag.IsPrivateCreator))
        {
            taken.Add((element.Tag.Group, element.Tag.Element));
            if (new DicomDataset([element]).GetString(element.Tag) is { } creator)
            {
                var key = (element.Tag.Group, XmlModelWriter.Clean(creator));
                blocks[key] = Math.Min(blocks.GetValueOrDefault(key, int.MaxValue), element.Tag.Element);
            }
        }

        foreach (var (creator, element) in blockless)
        {
            var group = element.Tag.Group;
            if (!blocks.TryGetValue((group, creator), out var block))
            {
                block = Enumerable.Range(0x10, 0xF0).FirstOrDefault(b => !taken.Contains((group, b)));
                if (block == 0)
                {
                    throw Invalid("no private block is free", element.Tag);
                }

                taken.Add((group, block));
                blocks.Add((group, creator), block);
                elements.Add(new DicomElement(new DicomTag(group, (ushort)block), DicomVr.LO, creator));
            }

            elements.Add(element.WithTag(new DicomTag(group, (ushort)((block << 8) | element.Tag.Element))));
        }
    }

    private (DicomElement Element, string? Creator) ReadAttribute(int depth)
    {
        var name = _xml.GetAttribute("tag") ?? "";
        if (name.Length != 8 || !uint.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            throw Invalid("'tag' must be eight hex digits");
        }

        var tag = DicomTag.FromValue(number);
        if (++_elements > _options.MaxElements)
        {
            throw new DicomException(DicomError.TooManyElements, "too many elements (MaxElements)", tag);
        }

        if (!DicomVrs.TryParse(_xml.GetAttribute("vr"), out var vr))
        {
            vr = DicomDictionary.VrOf(tag);
        }

        var creator = _xml.GetAttribute("privateCreator")?.Trim();
        return (ReadContent(tag, vr, depth), creator);
    }

    private DicomElement ReadContent(DicomTag tag, DicomVr vr, int depth)
    {
        List<string>? texts = null;
        List<DicomDataset>? items = null;
        DicomElement? other = null;
        EachChild(() =>
        {
            switch (_xml.LocalName)
            {
                case "Value":
                    AddAt(texts ??= [], tag, ReadText);
                    break;
                case "PersonName" when vr == DicomVr.PN:
                    AddAt(texts ??= [], tag, ReadName);
                    break;
                case "Item" when vr == DicomVr.SQ:
                    (items ??= []).Add(ReadDataset(depth + 1));
                    break;
                case "BulkData" when vr != DicomVr.SQ && other is null:
                    other = ReadReference(tag, vr);
                    break;
                case "InlineBinary" when vr != DicomVr.SQ && other is null:
                    other = new DicomElement(tag, vr, Convert.FromBase64String(ReadText()).AsMemory());
                    break;
                default:
                    throw Invalid($"<{_xml.LocalName}> may not stand there", tag);
            }
        });
        if ((texts is null ? 0 : 1) + (items is null ? 0 : 1) + (other is null ? 0 : 1) > 1 || (texts is not null && vr == DicomVr.SQ))
        {
            throw Invalid("values of more than one kind", tag);
        }

        return other ?? (items is not null ? new DicomElement(tag, [.. items]) : ModelElements.OfTexts(tag, vr, texts ?? []));
    }

    /// <summary>Adds a value at its number, from 1; missing ones before it are empty.</summary>
    private void AddAt(List<string> texts, DicomTag tag, Func<string> read)
    {
        var number = texts.Count + 1;
        if (_xml.GetAttribute("number") is { } written
            && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number <= texts.Count || number > texts.Count + MaxGap))
        {
            throw Invalid("'number' must count values from 1", tag);
        }

        while (texts.Count < number - 1)
        {
            texts.Add("");
        }

        texts.Add(read());
    }

    private DicomElement ReadReference(DicomTag tag, DicomVr vr)
    {
        var uri = _xml.GetAttribute("uri") ?? (_xml.GetAttribute("uuid") is { Length: > 0 } uuid ? "urn:uuid:" + uuid : null);
        _xml.Skip();
        return string.IsNullOrEmpty(uri) ? throw Invalid("BulkData needs a uri or a uuid", tag) : DicomElement.AtUri(tag, vr, uri);
    }

    private string ReadText() => _xml.ReadElementContentAsString();

    private string ReadName()
    {
        var groups = new string[] { "", "", "" };
        EachChild(() =>
        {
            var at = Array.IndexOf(XmlModelWriter.GroupNames, _xml.LocalName);
            if (at < 0)
            {
                _xml.Skip();
            }
            else
            {
                groups[at] = ReadGroup();
            }
        });
        return string.Join('=', groups).TrimEnd('=');
    }

    private string ReadGroup()
    {
        var components = new string[] { "", "", "", "", "" };
        EachChild(() =>
        {
            var at = Array.IndexOf(XmlModelWriter.ComponentNames, _xml.LocalName);
            if (at < 0)
            {
                _xml.Skip();
            }
            else
            {
                components[at] = ReadText();
            }
        });
        return string.Join('^', components).TrimEnd('^');
    }

    /// <summary>Runs over the child elements of the current element; each call must leave the reader behind its element, as this does.</summary>
    private void EachChild(Action child)
    {
        if (_xml.IsEmptyElement)
        {
            _xml.Read();
            return;
        }

        _xml.Read();
        while (_xml.NodeType != XmlNodeType.EndElement)
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                child();
            }
            else if (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                throw Invalid("text may not stand between elements");
            }
            else if (!_xml.Read())
            {
                throw Invalid("the document ends early");
            }
        }

        _xml.Read();
    }
}
