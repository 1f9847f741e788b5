using System.Text;
using System.Xml.Linq;
using SecondOpinion.Fhir.Patch;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Patch;

public sealed class XmlPatchTests
{
    private static readonly Lazy<List<XElement>> Suite = new(() =>
    {
        using var stream = typeof(XmlPatchTests).Assembly.GetManifestResourceStream("patch/xml-patch-tests.xml")!;
        return [.. XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!.Elements("case")];
    });

    public static TheoryData<string> Cases => [.. Suite.Value.Select(c => (string)c.Attribute("name")!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Official_case(string name)
    {
        var test = Suite.Value.Single(c => (string)c.Attribute("name")! == name);
        var document = new XDocument(test.Element("target")!.Elements().Select(e => new XElement(e)));

        var refusal = XmlPatch.Apply(document, new XDocument(new XElement(test.Elements().Single(e => e.Name.LocalName == "patch"))));

        if (test.Element("error") is not null)
        {
            Assert.NotNull(refusal);
        }
        else
        {
            Assert.Null(refusal);
            var expected = Plain(test.Element("patched")!.Elements().Single());
            Assert.True(XNode.DeepEquals(expected, Plain(document.Root!)), document.ToString());
        }
    }

    /// <summary>Without the suite's layout and with attributes in one order.</summary>
    private static XElement Plain(XElement element) => new(
        element.Name,
        element.Attributes().Where(a => a.Name != "xmlns").OrderBy(a => a.Name.ToString(), StringComparer.Ordinal),
        element.Nodes().Where(n => n is not XText text || !string.IsNullOrWhiteSpace(text.Value)).Select(n => n is XElement e ? Plain(e) : n));

    private const string Patient = """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"family":"z"}],"birthDate":"1970-01-01"}""";

    private static Outcome<FhirResource> Patch(string operations, string root = "<diff xmlns=\"http://hl7.org/fhir\" xmlns:f=\"http://hl7.org/fhir\">") =>
        XmlPatch.Apply(FhirResource.Parse(Patient), Encoding.UTF8.GetBytes(root + operations + "</diff>"));

    [Theory]
    [InlineData("<replace sel=\"f:Patient/f:birthDate/@value\">1980-02-02</replace>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"family":"z"}],"birthDate":"1980-02-02"}""")]
    [InlineData("<replace sel=\"/Patient/birthDate/@value\">1980-02-02</replace>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"family":"z"}],"birthDate":"1980-02-02"}""")]
    [InlineData("<remove sel=\"f:Patient/f:name[2]\"/>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]}],"birthDate":"1970-01-01"}""")]
    [InlineData("<remove sel=\"f:Patient/*[4]\"/><remove sel=\"f:Patient/f:name/f:given\"/>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x"}],"birthDate":"1970-01-01"}""")]
    [InlineData("<add sel=\"f:Patient/f:name[2]\" pos=\"prepend\"><use value=\"old\"/></add>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"use":"old","family":"z"}],"birthDate":"1970-01-01"}""")]
    [InlineData("<add sel=\"f:Patient/f:birthDate\" pos=\"before\"><gender value=\"male\"/></add>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"family":"z"}],"gender":"male","birthDate":"1970-01-01"}""")]
    [InlineData("<add sel=\"f:Patient/f:birthDate\" pos=\"after\"><deceasedBoolean value=\"true\"/></add>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"x","given":["y"]},{"family":"z"}],"birthDate":"1970-01-01","deceasedBoolean":true}""")]
    [InlineData("<remove sel=\"f:Patient/f:name[f:family/@value='x']\"/>", """{"resourceType":"Patient","id":"a","active":true,"name":[{"family":"z"}],"birthDate":"1970-01-01"}""")]
    [InlineData("<replace sel=\"f:Patient/f:active\"><active value=\"false\"/></replace><add sel=\"f:Patient/f:name[1]\"><suffix value=\"Jr\"/></add>", """{"resourceType":"Patient","id":"a","active":false,"name":[{"family":"x","given":["y"],"suffix":["Jr"]},{"family":"z"}],"birthDate":"1970-01-01"}""")]
    public void Resource_is_patched(string operations, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(Patch(operations).Value.Json.Span));

    [Theory]
    [InlineData("", RefusalKind.Invalid)]
    [InlineData("<remove/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"//name\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"Patient/name[last()]\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"Patient/name[1\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"Patient/name]\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"x:Patient\"/>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"Patient/name[@a=b]\"/>", RefusalKind.Invalid)]
    [InlineData("<move sel=\"Patient/name[1]\"/>", RefusalKind.Invalid)]
    [InlineData("<add sel=\"Patient\" type=\"value\">x</add>", RefusalKind.Invalid)]
    [InlineData("<add sel=\"Patient\" pos=\"middle\"><x/></add>", RefusalKind.Invalid)]
    [InlineData("<remove sel=\"Patient/name[1]\" ws=\"all\"/>", RefusalKind.Invalid)]
    [InlineData("<replace sel=\"Patient/@xmlns\">x</replace>", RefusalKind.Invalid)]
    [InlineData("<replace sel=\"text()\">x</replace>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient\" type=\"namespace::xmlns\">x</add>", RefusalKind.Unprocessable)]
    [InlineData("<remove sel=\"Patient/name\"/>", RefusalKind.Unprocessable)]
    [InlineData("<remove sel=\"Patient/name[3]\"/>", RefusalKind.Unprocessable)]
    [InlineData("<remove sel=\"Patient/name[0]\"/>", RefusalKind.Unprocessable)]
    [InlineData("<remove sel=\"Patient\"/>", RefusalKind.Unprocessable)]
    [InlineData("<remove sel=\"Patient/name[1]\" ws=\"before\"/>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient\" pos=\"after\"><x/></add>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient/birthDate/@value\"><x/></add>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient/birthDate\" type=\"@value\">1</add>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient\"><unheard value=\"1\"/></add>", RefusalKind.Unprocessable)]
    [InlineData("<add sel=\"Patient\"><birthDate value=\"1980-02-02\"/></add>", RefusalKind.Unprocessable)]
    [InlineData("<replace sel=\"Patient/birthDate\">text</replace>", RefusalKind.Unprocessable)]
    [InlineData("<replace sel=\"Patient/name[1]\"><name/><name/></replace>", RefusalKind.Unprocessable)]
    [InlineData("<replace sel=\"Patient/id/@value\">b</replace>", RefusalKind.Unprocessable)]
    [InlineData("<replace sel=\"Patient\"><Group><id value=\"a\"/></Group></replace>", RefusalKind.Unprocessable)]
    public void Patch_that_cannot_be_applied_is_refused(string operations, RefusalKind kind) => Assert.Equal(kind, Patch(operations).Refusal?.Kind);

    [Theory]
    [InlineData("not xml")]
    [InlineData("<!DOCTYPE diff [<!ENTITY a \"b\">]><diff><remove sel=\"a\"/></diff>")]
    public void Patch_that_is_no_plain_xml_is_refused(string patch) => Assert.Equal(RefusalKind.Invalid, XmlPatch.Apply(FhirResource.Parse(Patient), Encoding.UTF8.GetBytes(patch)).Refusal?.Kind);

    [Fact]
    public void Deep_patch_is_refused() =>
        Assert.Equal(RefusalKind.Invalid, XmlPatch.Apply(FhirResource.Parse(Patient), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000)))).Refusal?.Kind);
}
