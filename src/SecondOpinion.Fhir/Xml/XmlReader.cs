using SecondOpinion.Fhir.Tree;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.Xml;

/// <summary>Turns FHIR XML into FHIR JSON, guided by the definitions (FHIR R4 xml.html, json.html).</summary>
internal ref struct XmlReader
{
    private const string FhirNamespace = "http://hl7.org/fhir";

    /// <summary>Declared by an element and those around it: every element looks for its own among them.</summary>
    private const int MaxPrefixes = 200;

    private readonly ReadOnlySpan<byte> _xml;
    private readonly FhirParseOptions _options;
    private readonly List<FhirIssue> _issues;
    private readonly List<(byte[] Prefix, bool IsFhir, int Depth)> _prefixes = [];
    private readonly TextLocator _locator = new();
    private XmlTokenizer _tokens;
    private int _depth;

    public XmlReader(ReadOnlySpan<byte> xml, FhirParseOptions options, List<FhirIssue> issues)
    {
        _xml = xml;
        _options = options;
        _issues = issues;
        _tokens = new XmlTokenizer(xml);
    }

    /// <summary>Writes the whole document as JSON.</summary>
    public void Read(Utf8Text json)
    {
        if (_tokens.Next() != XmlToken.Start)
        {
            throw _tokens.Fail("a resource is expected");
        }

        ReadResource(json);
        if (_tokens.Next() != XmlToken.EndOfDocument)
        {
            throw _tokens.Fail("only one resource is allowed in a document");
        }
    }

    private void ReadResource(Utf8Text json)
    {
        var local = EnterElement();
        var name = System.Text.Encoding.UTF8.GetString(local);
        json.Append("{\"resourceType\":\""u8);
        json.AppendJson(local);
        json.Append((byte)'"');
        if (Definitions.Resource(name) is not { } type)
        {
            Report($"'{name}' is not a resource type of FHIR R4", "resource-type");
            Skip();
        }
        else
        {
            CheckAttributes(type, json, first: false, allowValue: false);
            ReadChildren(type, local, json, first: false);
        }

        json.Append((byte)'}');
    }

    /// <summary>Resolves the element's namespace and counts its depth; the local name.</summary>
    private ReadOnlySpan<byte> EnterElement()
    {
        if (++_depth > _options.MaxDepth)
        {
            throw _tokens.Fail($"elements are nested deeper than {_options.MaxDepth}");
        }

        foreach (var attribute in _tokens.Attributes)
        {
            var name = _tokens.AttributeName(attribute);
            if (name.StartsWith("xmlns"u8) && (name.Length == 5 || name[5] == ':'))
            {
                if (_prefixes.Count == MaxPrefixes)
                {
                    throw _tokens.Fail($"more than {MaxPrefixes} namespaces are declared at one place");
                }

                _prefixes.Add((name.Length == 5 ? [] : name[6..].ToArray(), _tokens.Value(attribute).SequenceEqual("http://hl7.org/fhir"u8), _depth));
            }
        }

        var colon = _tokens.Name.IndexOf((byte)':');
        var prefix = colon < 0 ? default : _tokens.Name[..colon];
        for (var i = _prefixes.Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_prefixes[i].Prefix))
            {
                return _prefixes[i].IsFhir ? _tokens.Name[(colon + 1)..] : throw _tokens.Fail($"the element must be in the namespace {FhirNamespace}");
            }
        }

        throw _tokens.Fail($"the element must be in the namespace {FhirNamespace}");
    }

    private void LeaveElement()
    {
        while (_prefixes.Count > 0 && _prefixes[^1].Depth == _depth)
        {
            _prefixes.RemoveAt(_prefixes.Count - 1);
        }

        _depth--;
    }

    /// <summary>Writes attributes that are elements (id, url); the value of a primitive is left to the caller. Whether anything was written.</summary>
    private readonly bool CheckAttributes(TypeDefinition type, Utf8Text json, bool first, bool allowValue)
    {
        var written = false;
        foreach (var attribute in _tokens.Attributes)
        {
            var name = _tokens.AttributeName(attribute);
            if (name.StartsWith("xmlns"u8) || name.StartsWith("xsi:"u8) || (allowValue && name.SequenceEqual("value"u8)))
            {
                continue;
            }

            if (!type.TryFind(name, out var slot) || !slot.Element!.IsXmlAttribute)
            {
                Report($"the attribute '{System.Text.Encoding.UTF8.GetString(name)}' is not allowed on {type.Path}", "unknown-element");
                continue;
            }

            json.Append(first && !written ? "\""u8 : ",\""u8);
            json.Append(slot.Utf8Name);
            json.Append("\":\""u8);
            json.AppendJson(_tokens.Value(attribute));
            json.Append((byte)'"');
            written = true;
        }

        return written;
    }

    /// <summary>Reads to the end tag of the element entered, writing its children as JSON properties.</summary>
    private void ReadChildren(TypeDefinition type, ReadOnlySpan<byte> local, Utf8Text json, bool first)
    {
        ElementSlot? run = null;
        PrimitiveRun? primitives = null;
        Span<ulong> seen = stackalloc ulong[3];
        while (true)
        {
            switch (_tokens.Next())
            {
                case XmlToken.EndOfDocument:
                    throw _tokens.Fail("an element is not closed");
                case XmlToken.End:
                    CheckEnd(local);
                    Finish(run, primitives, json, ref first);
                    LeaveElement();
                    return;
            }

            if (_tokens.Name.SequenceEqual("div"u8) && type.TryFind("div"u8, out var narrative))
            {
                Finish(run, primitives, json, ref first);
                run = null;
                WriteName(narrative, json, ref first);
                ReadNarrative(json);
                continue;
            }

            var name = EnterElement();
            if (!type.TryFind(name, out var slot) || slot.Element!.IsXmlAttribute)
            {
                Report($"'{System.Text.Encoding.UTF8.GetString(name)}' is not an element of {type.Path}", "unknown-element");
                Skip();
                continue;
            }

            ref var bits = ref seen[slot.Order >> 6];
            if ((bits & (1UL << (slot.Order & 63))) != 0 && !slot.Element.IsChoice && !(ReferenceEquals(slot, run) && slot.Element.IsArray))
            {
                // FHIR R4 xml.html: elements stand in the order of their definitions, so that repetitions stand together.
                Report(slot.Element.IsArray ? $"'{slot.JsonName}' stands apart from the other '{slot.JsonName}' before it" : $"'{slot.JsonName}' is written twice", "duplicate-property");
            }

            bits |= 1UL << (slot.Order & 63);
            if (!ReferenceEquals(slot, run))
            {
                Finish(run, primitives, json, ref first);
                primitives = null;
                run = slot;
                if (slot.Type.IsPrimitive && slot.Element.IsArray)
                {
                    primitives = new PrimitiveRun();
                }
                else if (!slot.Type.IsPrimitive)
                {
                    WriteName(slot, json, ref first);
                    json.Append(slot.Element.IsArray ? "["u8 : default);
                }
            }
            else if (primitives is null)
            {
                if (slot.Element.IsArray)
                {
                    json.Append((byte)',');
                }
                else if (!slot.Type.IsPrimitive)
                {
                    // Refused above, or two values of a choice with one type, which the JSON parser refuses.
                    WriteName(slot, json, ref first);
                }
            }

            ReadValue(slot, name, json, primitives, ref first);
        }
    }

    private void ReadValue(ElementSlot slot, ReadOnlySpan<byte> name, Utf8Text json, PrimitiveRun? primitives, ref bool first)
    {
        if (slot.HoldsResource)
        {
            if (_tokens.Next() != XmlToken.Start)
            {
                throw _tokens.Fail($"'{slot.JsonName}' must hold a resource");
            }

            ReadResource(json);
            if (_tokens.Next() != XmlToken.End)
            {
                throw _tokens.Fail($"'{slot.JsonName}' must hold one resource");
            }

            CheckEnd(name);
            LeaveElement();
        }
        else if (slot.Type.IsPrimitive)
        {
            ReadPrimitive(slot, name, json, primitives, ref first);
        }
        else
        {
            json.Append((byte)'{');
            var written = CheckAttributes(slot.Type, json, first: true, allowValue: false);
            ReadChildren(slot.Type, name, json, !written);
            json.Append((byte)'}');
        }
    }

    private void ReadPrimitive(ElementSlot slot, ReadOnlySpan<byte> name, Utf8Text json, PrimitiveRun? primitives, ref bool first)
    {
        var value = -1;
        for (var i = 0; i < _tokens.Attributes.Count; i++)
        {
            if (_tokens.AttributeName(_tokens.Attributes[i]).SequenceEqual("value"u8))
            {
                value = i;
            }
        }

        if (primitives is null && value >= 0)
        {
            WriteName(slot, json, ref first);
            WriteValue(slot, _tokens.Value(_tokens.Attributes[value]), json);
        }
        else if (value >= 0)
        {
            using var text = new Utf8Text(64);
            WriteValue(slot, _tokens.Value(_tokens.Attributes[value]), text);
            primitives!.Values.Add(text.Written.ToArray());
        }
        else
        {
            primitives?.Values.Add(null);
        }

        if (_tokens.IsEmpty && _tokens.Attributes.Count == (value < 0 ? 0 : 1))
        {
            if (value < 0 && primitives is null)
            {
                WriteName(slot, json, ref first);
                json.Append("null"u8);
            }

            primitives?.Extras.Add(null);
            _tokens.Next();
            LeaveElement();
            return;
        }

        using var extra = new Utf8Text(256);
        extra.Append((byte)'{');
        var written = CheckAttributes(slot.Type, extra, first: true, allowValue: true);
        ReadChildren(slot.Type, name, extra, !written);
        extra.Append((byte)'}');
        var isEmpty = extra.Length == 2;
        if (primitives is not null)
        {
            primitives.Extras.Add(isEmpty ? null : extra.Written.ToArray());
        }
        else if (!isEmpty)
        {
            json.Append(first ? "\"_"u8 : ",\"_"u8);
            json.Append(slot.Utf8Name);
            json.Append("\":"u8);
            json.Append(extra.Written);
            first = false;
        }
    }

    private static void WriteValue(ElementSlot slot, ReadOnlySpan<byte> value, Utf8Text json)
    {
        var isRaw = slot.Type.Primitive switch
        {
            PrimitiveType.Boolean => PrimitiveFormat.Check(PrimitiveType.Boolean, value) is null,
            PrimitiveType.Integer or PrimitiveType.UnsignedInt or PrimitiveType.PositiveInt or PrimitiveType.Decimal => PrimitiveFormat.Check(PrimitiveType.Decimal, value) is null,
            _ => false,
        };
        if (isRaw)
        {
            json.Append(value);
            return;
        }

        json.Append((byte)'"');
        json.AppendJson(value);
        json.Append((byte)'"');
    }

    /// <summary>The div is taken over as it is written, so that nothing of it changes.</summary>
    private void ReadNarrative(Utf8Text json)
    {
        var start = _tokens.TagStart;
        _tokens.AllowText = true;
        var open = new Stack<int>();
        open.Push(_tokens.TagStart + 1);
        while (open.Count > 0)
        {
            switch (_tokens.Next())
            {
                case XmlToken.EndOfDocument:
                    throw _tokens.Fail("an element of the narrative is not closed");
                case XmlToken.Start:
                    open.Push(_tokens.TagStart + 1);
                    break;
                default:
                    if (!_xml[open.Pop()..].StartsWith(_tokens.Name))
                    {
                        throw _tokens.Fail("an end tag closes no open element");
                    }

                    break;
            }

            if (open.Count > _options.MaxDepth)
            {
                throw _tokens.Fail($"elements are nested deeper than {_options.MaxDepth}");
            }
        }

        _tokens.AllowText = false;
        var div = _xml[start.._tokens.Position];
        if (NarrativeCheck.Problem(div, wellFormedOnly: true) is var (key, problem))
        {
            Report("the narrative is not well formed: " + problem, key, start);
        }

        json.Append((byte)'"');
        json.AppendJson(div);
        json.Append((byte)'"');
    }

    internal static void WriteName(ElementSlot slot, Utf8Text json, ref bool first)
    {
        json.Append(first ? "\""u8 : ",\""u8);
        json.Append(slot.Utf8Name);
        json.Append("\":"u8);
        first = false;
    }

    private static void Finish(ElementSlot? run, PrimitiveRun? primitives, Utf8Text json, ref bool first)
    {
        if (run is { Element.IsArray: true } && !run.Type.IsPrimitive)
        {
            json.Append((byte)']');
        }
        else if (run is not null && primitives is not null)
        {
            primitives.Write(run, json, ref first);
        }
    }

    private readonly void CheckEnd(ReadOnlySpan<byte> local)
    {
        var name = _tokens.Name;
        if (!name[(name.IndexOf((byte)':') + 1)..].SequenceEqual(local))
        {
            throw _tokens.Fail("an end tag closes no open element");
        }
    }

    /// <summary>Passes over the rest of the element entered.</summary>
    private void Skip()
    {
        _tokens.AllowText = true;
        for (var open = 1; open > 0;)
        {
            open += _tokens.Next() switch { XmlToken.Start => 1, XmlToken.End => -1, _ => throw _tokens.Fail("an element is not closed") };
        }

        _tokens.AllowText = false;
        LeaveElement();
    }

    private readonly void Report(string message, string key) => Report(message, key, _tokens.TagStart);

    private readonly void Report(string message, string key, int offset)
    {
        var (line, column) = _locator.Locate(_xml, offset);
        _issues.Add(new FhirIssue(IssueSeverity.Error, "structure", message, null, line, column, key));
        if (_issues.Count >= _options.MaxIssues)
        {
            throw new FhirException(_issues);
        }
    }
}
