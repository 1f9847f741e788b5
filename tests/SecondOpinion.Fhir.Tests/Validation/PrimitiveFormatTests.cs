using System.Text;
using SecondOpinion.Fhir.Validation;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Validation;

public sealed class PrimitiveFormatTests
{
    [Theory]
    [InlineData(PrimitiveType.Date, "2024|2024-02|2024-02-29|0001-01-01", "2023-02-29|2024-13|2024-1-1|24|2024-02-29T|0000|2024-|")]
    [InlineData(PrimitiveType.DateTime, "2024|2024-02-29|2024-02-29T23:59:60Z|2024-02-29T10:00:00.123456+14:00|2024-01-01T00:00:00-00:00", "2024-02-29T10:00:00|2024-02-29T10:00Z|2024-02T10:00:00Z|2024-02-29T24:00:00Z|2024-02-29T10:00:00+14:30|2024-02-29T10:00:00.Z|2024-02-29 10:00:00Z")]
    [InlineData(PrimitiveType.Instant, "2024-02-29T10:00:00Z|2024-02-29T10:00:00.1-05:30", "2024|2024-02-29|2024-02-29T10:00:00")]
    [InlineData(PrimitiveType.Time, "10:00:00|23:59:59.5", "24:00:00|10:00|10:00:00Z|1:00:00")]
    [InlineData(PrimitiveType.Integer, "0|-1|2147483647|-2147483648", "01|1.0|1e3|2147483648|+1|-|")]
    [InlineData(PrimitiveType.PositiveInt, "1|2147483647", "0|-1")]
    [InlineData(PrimitiveType.UnsignedInt, "0|7", "-1")]
    [InlineData(PrimitiveType.Decimal, "0|-0.10|1e-22|1.50E+3", "01|.5|1.|1e|-|NaN")]
    [InlineData(PrimitiveType.Id, "a|A-1.b", "a_b|a b||aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(PrimitiveType.Code, "a|a b", " a|a |a  b|")]
    [InlineData(PrimitiveType.Oid, "urn:oid:1.2.840.0|urn:oid:2.16", "urn:oid:3.1|urn:oid:1.02|urn:oid:1.|1.2.3|urn:oid:1")]
    [InlineData(PrimitiveType.Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-ec9a-4326-a141-556f43239520|c757873d-ec9a-4326-a141-556f43239520|urn:uuid:c757873dec9a-4326-a141-556f43239520--")]
    [InlineData(PrimitiveType.Uri, "http://a/b|urn:x|#a", "a b||a\n")]
    [InlineData(PrimitiveType.Base64Binary, "QQ==|QUJD|QU\nJD", "Q|Q===|QU-D|")]
    [InlineData(PrimitiveType.String, "a| a |\t|\u00e9", "|\u0001|a\u0000")]
    public void Value_space_is_that_of_the_standard(PrimitiveType type, string good, string bad)
    {
        Assert.All(good.Split('|'), v => Assert.Null(PrimitiveFormat.Check(type, Encoding.UTF8.GetBytes(v))));
        Assert.All(bad.Split('|'), v => Assert.NotNull(PrimitiveFormat.Check(type, Encoding.UTF8.GetBytes(v))));
    }

    [Theory]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\">a &amp; b &#233; &nbsp;<br/><img src=\"#i\" alt='x'/></div>", null)]
    [InlineData("<div><script>alert(1)</script></div>", "txt-1")]
    [InlineData("<div onclick=\"x\">a</div>", "txt-1")]
    [InlineData("<div><a href=\" javascript:x\">a</a></div>", "txt-1")]
    [InlineData("<div>a", "txt-1")]
    [InlineData("<div>a</p></div>", "txt-1")]
    [InlineData("<div>a</div><div>b</div>", "txt-1")]
    [InlineData("<p>a</p>", "txt-1")]
    [InlineData("a", "txt-1")]
    [InlineData("<div>a & b</div>", "txt-1")]
    [InlineData("<div>a < b</div>", "txt-1")]
    [InlineData("<!DOCTYPE x><div>a</div>", "txt-1")]
    [InlineData("<div><![CDATA[x]]></div>", "txt-1")]
    [InlineData("<div> <p/></div>", "txt-2")]
    public void Narrative_is_plain_formatting_only(string div, string? rule)
    {
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["resourceType"] = "Patient",
            ["text"] = new System.Text.Json.Nodes.JsonObject { ["status"] = "generated", ["div"] = div },
        };

        Assert.Equal(rule, FhirValidator.Validate(FhirResource.From(json)).SingleOrDefault()?.Key);
    }
}
