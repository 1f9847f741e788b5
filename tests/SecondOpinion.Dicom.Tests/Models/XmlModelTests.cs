using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Models;

/// <summary>The Native DICOM Model (PS3.19 A.1).</summary>
public sealed class XmlModelTests
{
    private const string Start = "<NativeDicomModel xmlns='http://dicom.nema.org/PS3.19/models/NativeDICOM'>";
    private const string End = "</NativeDicomModel>";

    [Fact]
    public void A_data_set_through_XML_and_back_is_the_same_XML_and_the_same_JSON()
    {
        var count = 0;
        foreach (var (path, file) in RoundTripTests.Readable())
        {
            var xml = DicomXml.ToArray(file.Dataset, RoundTripTests.WithReferences);
            var again = DicomXml.Read(xml);
            Assert.True(Encoding.UTF8.GetString(xml) == Encoding.UTF8.GetString(DicomXml.ToArray(again)), path + FirstDifference(xml, DicomXml.ToArray(again)));
            Assert.Equal(Comparable(file.Dataset).ToJsonString(), Comparable(again).ToJsonString());
            count++;
        }

        Assert.True(count > 100);
    }

    [Fact]
    public void Our_XML_says_what_dcm2xml_says()
    {
        Requires.Tool("dcm2xml");
        using var folder = new TemporaryFolder();
        var names = new List<string>();
        foreach (var (path, file) in RoundTripTests.Varied().Where(f => !f.File.TransferSyntax.IsEncapsulated))
        {
            // dcm2xml does not decode other character sets.
            if (file.Dataset.GetString(DicomTags.SpecificCharacterSet) is not null)
            {
                file.Dataset.UseUtf8();
            }

            file.Dataset.Remove(DicomTags.PixelData);
            var name = Path.Combine(folder.Path, $"{names.Count}-{Path.GetFileName(path)}");
            File.WriteAllBytes(name, RoundTripTests.Written(file, DicomUids.ExplicitVRLittleEndian, undefinedLengths: false));
            names.Add(name);
        }

        Shell.Run("/bin/sh", "-c", "cd \"$1\" && for f in *; do dcm2xml -ll off --native-format +Xn +Eb \"$f\" \"$f.xml\"; done", "sh", folder.Path);
        var wrong = new List<string>();
        var compared = 0;
        foreach (var name in names)
        {
            if (Parse(name + ".xml") is { } theirs)
            {
                using var ours = new MemoryStream(DicomXml.ToArray(DicomFile.Read(File.ReadAllBytes(name)).Dataset));
                Compare(XDocument.Load(ours).Root!, theirs.Root!, Path.GetFileName(name), wrong);
                compared++;
            }
        }

        Assert.True(compared > 40, $"only {compared} of {names.Count} files were compared");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
    }

    [Fact]
    public void A_private_attribute_names_its_creator_and_finds_its_block_again()
    {
        DicomDataset dataset = [];
        dataset.Set(new DicomTag(0x0009, 0x0010), DicomVr.LO, "OTHER").Set(new DicomTag(0x0009, 0x0011), DicomVr.LO, "ACME").Set(new DicomTag(0x0009, 0x1101), DicomVr.LO, "value");
        var xml = Encoding.UTF8.GetString(DicomXml.ToArray(dataset));
        Assert.Contains("<DicomAttribute tag=\"00090001\" vr=\"LO\" privateCreator=\"ACME\">", xml, StringComparison.Ordinal);
        Assert.Equal("value", DicomXml.Read(Encoding.UTF8.GetBytes(xml)).GetString(new DicomTag(0x0009, 0x1101)));
    }

    [Fact]
    public void A_private_attribute_whose_creator_is_missing_gets_a_block()
    {
        var dataset = Read("<DicomAttribute tag='00090001' vr='LO' privateCreator='ACME'><Value number='1'>value</Value></DicomAttribute>");
        Assert.True(dataset.TryGetPrivate("ACME", 0x0009, 0x01, out var found));
        Assert.Equal(new DicomTag(0x0009, 0x1001), found.Tag);
    }

    [Fact]
    public void Names_have_their_components()
    {
        DicomDataset dataset = [];
        dataset.Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(DicomTags.PatientName, "Yamada^Tarou^^Dr.=山田^太郎=やまだ^たろう");
        var name = XDocument.Parse(Encoding.UTF8.GetString(DicomXml.ToArray(dataset))).Descendants().First(e => e.Name.LocalName == "PersonName");
        Assert.Equal(["Alphabetic", "Ideographic", "Phonetic"], name.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(["FamilyName", "GivenName", "NamePrefix"], name.Elements().First().Elements().Select(e => e.Name.LocalName));
        Assert.Equal("Yamada^Tarou^^Dr.=山田^太郎=やまだ^たろう", DicomXml.Read(DicomXml.ToArray(dataset)).GetString(DicomTags.PatientName));
    }

    [Fact]
    public void Control_characters_become_question_marks_and_line_ends_stay()
    {
        DicomDataset dataset = [];
        dataset.Set(DicomTags.PatientComments, "one\r\ntwo\f\u0001 <&>");
        Assert.Equal("one\r\ntwo?? <&>", DicomXml.Read(DicomXml.ToArray(dataset)).GetText(DicomTags.PatientComments));
    }

    [Fact]
    public void Large_values_are_references_where_the_options_say_so()
    {
        DicomDataset item = [];
        item.SetBytes(DicomTags.EncapsulatedDocument, DicomVr.OB, new byte[4000]);
        DicomDataset dataset = [];
        dataset.SetItems(DicomTags.ContentSequence, item).SetBytes(DicomTags.PixelData, DicomVr.OW, new byte[10]);
        var xml = DicomXml.ToArray(dataset, new DicomJsonOptions { BulkDataUri = path => "http://x/" + path });
        var read = DicomXml.Read(xml);
        Assert.True(read.GetItem(DicomTags.ContentSequence)!.TryGet(DicomTags.EncapsulatedDocument, out var document));
        Assert.Equal("http://x/0040A730/1/00420011", document.BulkDataUri);
        Assert.Equal(10, read.GetBytes(DicomTags.PixelData).Length);
    }

    [Fact]
    public void Values_are_placed_by_their_number() => Assert.Equal(
        ["A", "", "C"],
        Read("<DicomAttribute tag='00080008' vr='CS'><Value number='1'>A</Value><Value number='3'>C</Value></DicomAttribute>").GetStrings(DicomTags.ImageType));

    [Theory]
    [InlineData("<DicomAttribute tag='0008' vr='CS'/>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'/><DicomAttribute tag='00080060' vr='CS'/>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'><Value number='0'>A</Value></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'><Value number='2000000000'>A</Value></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'><Value>A</Value><InlineBinary>AAAA</InlineBinary></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'><Item/></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00280010' vr='US'><Value>70000</Value></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='7FE00010' vr='OW'><InlineBinary>*</InlineBinary></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='7FE00010' vr='OW'><BulkData/></DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'>loose text</DicomAttribute>")]
    [InlineData("<DicomAttribute tag='00080060' vr='CS'>")]
    public void Wrong_documents_are_refused(string content)
    {
        var refusal = Assert.Throws<DicomException>(() => Read(content));
        Assert.True(refusal.Code is DicomError.InvalidDocument or DicomError.InvalidValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Other/>")]
    [InlineData("<!DOCTYPE NativeDicomModel [<!ENTITY a 'aaaaaaaa'>]><NativeDicomModel>&a;</NativeDicomModel>")]
    [InlineData("<NativeDicomModel/><NativeDicomModel/>")]
    public void Other_documents_are_refused(string document) =>
        Assert.Equal(DicomError.InvalidDocument, Assert.Throws<DicomException>(() => DicomXml.Read(Encoding.UTF8.GetBytes(document))).Code);

    [Fact]
    public void Bytes_of_no_encoding_are_refused() =>
        Assert.Equal(DicomError.InvalidDocument, Assert.Throws<DicomException>(() => DicomXml.Read([0xFE, 0xFF, 0xD8, 0x00, 0x00])).Code);

    [Fact]
    public void Limits_hold()
    {
        var deep = string.Concat(Enumerable.Repeat("<DicomAttribute tag='00081140' vr='SQ'><Item number='1'>", 5000));
        Assert.Equal(DicomError.TooDeep, Assert.Throws<DicomException>(() => Read(deep)).Code);
        var many = string.Concat(Enumerable.Range(0, 200).Select(i => $"<DicomAttribute tag='0009{i:X4}' vr='LO'/>"));
        var few = new DicomReadOptions { MaxElements = 100 };
        Assert.Equal(DicomError.TooManyElements, Assert.Throws<DicomException>(() => DicomXml.Read(Encoding.UTF8.GetBytes(Start + many + End), few)).Code);
        var small = new DicomReadOptions { MaxInflatedBytes = 100 };
        Assert.Equal(DicomError.InvalidDocument, Assert.Throws<DicomException>(() => DicomXml.Read(Encoding.UTF8.GetBytes(Start + many + End), small)).Code);
    }

    private static string FirstDifference(byte[] one, byte[] two)
    {
        var at = Math.Max(0, one.AsSpan().CommonPrefixLength(two) - 150);
        return $": {Encoding.UTF8.GetString(one, at, Math.Min(300, one.Length - at))} is then {Encoding.UTF8.GetString(two, at, Math.Min(300, two.Length - at))}";
    }

    private static DicomDataset Read(string content) => DicomXml.Read(Encoding.UTF8.GetBytes(Start + content + End));

    /// <summary>JSON with what XML cannot say made equal: empty components at the end of a name, and control characters.</summary>
    private static JsonNode Comparable(DicomDataset dataset)
    {
        var json = JsonNode.Parse(DicomJson.ToArray(dataset, RoundTripTests.WithReferences))!;
        Normalise(json.AsObject());
        return json;
    }

    private static void Normalise(JsonObject dataset)
    {
        foreach (var (_, attribute) in dataset)
        {
            var vr = attribute!["vr"]!.GetValue<string>();
            if (attribute["Value"] is not JsonArray values)
            {
                continue;
            }

            for (var i = 0; i < values.Count; i++)
            {
                if (vr == "SQ")
                {
                    Normalise(values[i]!.AsObject());
                }
                else if (vr == "PN" && values[i] is JsonObject name)
                {
                    foreach (var group in name.ToArray())
                    {
                        name[group.Key] = string.Join('^', group.Value!.GetValue<string>().Split('^').Select(c => c.Trim())).TrimEnd('^');
                    }

                    foreach (var empty in name.Where(g => g.Value!.GetValue<string>().Length == 0).Select(g => g.Key).ToArray())
                    {
                        name.Remove(empty);
                    }
                }
                else if (values[i] is JsonValue value && value.TryGetValue<string>(out var text) && text.Any(c => c < ' ' && c is not ('\t' or '\n' or '\r')))
                {
                    values[i] = string.Concat(text.Select(c => c < ' ' && c is not ('\t' or '\n' or '\r') ? '?' : c));
                }
            }

            if (vr == "PN" && values is [JsonObject { Count: 0 }])
            {
                attribute.AsObject().Remove("Value");
            }
        }
    }

    private static XDocument? Parse(string path)
    {
        try
        {
            return File.Exists(path) ? XDocument.Load(path) : null;
        }
        catch (XmlException)
        {
            return null; // dcm2xml wrote characters that XML does not allow
        }
    }

    private static void Compare(XElement ours, XElement theirs, string path, List<string> wrong)
    {
        var rest = theirs.Elements().ToDictionary(Key);
        foreach (var attribute in ours.Elements())
        {
            var name = $"{path}/{attribute.Attribute("tag")!.Value}";
            if (!rest.Remove(Key(attribute), out var other))
            {
                wrong.Add(name + " is only ours");
            }
            else if (attribute.Attribute("vr")!.Value == "SQ")
            {
                foreach (var (mine, their) in attribute.Elements().Zip(other.Elements()))
                {
                    Compare(mine, their, name, wrong);
                }
            }
            else if (!name.EndsWith("00080005", StringComparison.Ordinal) && Values(attribute) != Values(other) && !IsSwapped(attribute, other))
            {
                wrong.Add($"{name} is {Values(attribute)}, theirs {Values(other)}");
            }
        }

        wrong.AddRange(rest.Keys.Select(k => $"{path} {k} is only theirs"));
    }

    /// <summary>Keywords are not compared, as dcm2xml writes none for some attributes; it drops the block of private ones without a creator.</summary>
    private static string Key(XElement attribute)
    {
        var tag = DicomTag.Parse(attribute.Attribute("tag")!.Value);
        tag = tag.IsPrivate && tag.Element > 0xFF ? new DicomTag(tag.Group, (ushort)(tag.Element & 0xFF)) : tag;
        return $"{tag} {attribute.Attribute("vr")!.Value} {attribute.Attribute("privateCreator")?.Value}";
    }

    /// <summary>dcm2xml writes words inline in big endian; both models are little endian.</summary>
    private static bool IsSwapped(XElement ours, XElement theirs)
    {
        if (ours.Attribute("vr")!.Value != "OW")
        {
            return false;
        }

        var bytes = Convert.FromBase64String(theirs.Value);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        }

        return bytes.AsSpan().SequenceEqual(Convert.FromBase64String(ours.Value));
    }

    private static string Values(XElement attribute)
    {
        var isFloat = attribute.Attribute("vr")!.Value is "FL" or "FD";
        return string.Join('|', attribute.Elements().Select(v =>
            v.Name.LocalName == "PersonName" ? Name(v)
            : isFloat ? ((float)XmlConvert.ToDouble(v.Value) + 0f).ToString("G6")
            : v.Value.Trim().ReplaceLineEndings("\n"))).TrimEnd('|');
    }

    /// <summary>dcm2xml repeats the ideographic group where the phonetic one is empty.</summary>
    private static string Name(XElement name) =>
        string.Join(';', name.Elements().Where(g => g.Name.LocalName != "Phonetic").SelectMany(g => g.Elements()).Select(c => $"{c.Name.LocalName}={c.Value.Trim()}"));
}
