using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Xml;

/// <summary>Where issues of XML stand: line and column of the tag, from 1.</summary>
public sealed class XmlPlaceTests
{
    [Fact]
    public void Issues_of_a_resource_that_was_xml_name_its_lines()
    {
        var issues = FhirValidator.Validate(FhirXml.Parse(Encoding.UTF8.GetBytes("\uFEFF" + """
            <Bundle xmlns="http://hl7.org/fhir"><!-- <entry/> --><type value="collection"/>
              <entry>
                <resource>
                  <Patient>
                    <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p><script>a</script></div></text>
                    <contained>
                      <Organization>
                        <id value="a b"/><name value="n"/>
                      </Organization>
                    </contained>
                    <extension url="foo">
                      <valueDate value="2020-02-30"/>
                    </extension>
                    <name><given value="a"/>
                      <given value=""/></name>
                    <birthDate value="x"><extension url="http://x"/></birthDate>
                    <managingOrganization><reference value="#a b"/></managingOrganization>
                  </Patient>
                </resource>
              </entry>
              <entry><fullUrl value="http://a/Patient/9"/>
                <resource><Patient><id value="9"/><gender value="q"/></Patient></resource>
              </entry>
            </Bundle>
            """)));

        Assert.Equal(
            [
                ("binding-required", 22, 39),
                ("ext-1", 16, 30),
                ("extension-url", 11, 9),
                ("format-date", 12, 11),
                ("format-date", 16, 9),
                ("format-id", 8, 13),
                ("format-string", 15, 11),
                ("txt-1", 5, 42),
            ],
            issues.Select(i => (i.Key!, i.Line!.Value, i.Column!.Value)).Order());
    }

    [Fact]
    public void Attribute_stands_where_its_element_does()
    {
        var issue = Assert.Single(FhirValidator.Validate(FhirXml.Parse("<Patient xmlns=\"http://hl7.org/fhir\">\n <extension url=\"foo\"><valueCode value=\"a\"/></extension>\n</Patient>"u8.ToArray())));

        Assert.Equal(("extension-url", 2, 2), (issue.Key!, issue.Line!.Value, issue.Column!.Value));
    }

    [Theory]
    [InlineData("<name><text value=\"a\"/></name>\n<active value=\"true\"/>\n<name><text value=\"b\"/></name>", "stands apart", 4)]
    [InlineData("<gender value=\"male\"/>\n<gender value=\"male\"/>", "written twice", 3)]
    [InlineData("<maritalStatus><text value=\"a\"/></maritalStatus>\n\n<maritalStatus><text value=\"a\"/></maritalStatus>", "written twice", 4)]
    public void Element_that_comes_again_is_refused_at_its_line(string elements, string message, int line)
    {
        var issue = Assert.Single(FhirXml.TryParse(Encoding.UTF8.GetBytes("<Patient xmlns=\"http://hl7.org/fhir\">\n" + elements + "</Patient>")).Issues);

        Assert.Equal(("duplicate-property", line), (issue.Key!, issue.Line!.Value));
        Assert.Contains(message, issue.Message);
    }

    [Theory]
    [InlineData("ISO-8859-1", "M\u00fcller", false)]
    [InlineData("ISO-8859-1", "Muller", true)]
    [InlineData("utf-8", "M\u00fcller", true)]
    public void Declared_encoding_other_than_utf8_is_refused_when_it_matters(string encoding, string family, bool isRead)
    {
        var result = FhirXml.TryParse(Encoding.UTF8.GetBytes($"<?xml version='1.0' encoding='{encoding}'?><Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"{family}\"/></name></Patient>"));

        Assert.Equal(isRead, result.Resource is not null);
        Assert.All(result.Issues, i => Assert.Equal("encoding", i.Key));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_by_their_place()
    {
        byte[] json = [(byte)'{', (byte)'"', 0xFC];
        byte[] bytes = [.. "<Patient xmlns=\"http://hl7.org/fhir\">\n<id value=\""u8, 0xFC, .. "\"/></Patient>"u8];

        var inXml = Assert.Single(FhirXml.TryParse(bytes).Issues);
        var inJson = Assert.Single(FhirResource.TryParse(json).Issues);

        Assert.Equal(("encoding", 2, 12), (inXml.Key!, inXml.Line!.Value, inXml.Column!.Value));
        Assert.Equal(("encoding", 1, 3), (inJson.Key!, inJson.Line!.Value, inJson.Column!.Value));
    }
}
