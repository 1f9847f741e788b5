using System.IO.Compression;
using System.Text;
using SecondOpinion.Fhir;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Good inputs of the FHIR targets: the example instances of R4, the expressions of its definitions, and patches and queries of every kind.</summary>
internal static class FhirCorpus
{
    private const int MaxResource = 12 << 10;

    private static readonly string[] s_expressions =
    [
        "Patient.name.where(use = 'official' or given.exists()).given.first() & ' ' & name.family",
        "birthDate <= today() and (multipleBirth as integer) > 1 implies name.given.count() = 2",
        "name.select(given | family).repeat($this).aggregate($total + iif($this.matches('[A-Z]+'), 1, 0), 0)",
        "('2020-02-29T10:00:00.5+01:00'.toDateTime() + 3 days) ~ @2020-03-03T10:00 and 5 'mg' = 0.005 'g'",
        "%resource.descendants().ofType(string).all(length() < 10) xor {}.empty()",
        "component.where(value is integer).value.sum() + value.value * 2 - 3.5 / (1 | 2).count() mod 2",
        "contained.birthDate.lowBoundary(8) & @T10:30.toString().replaceMatches('(\\d)', '<$1>').encode('base64')",
    ];

    private static readonly string[] s_patches =
    [
        """[{"op":"test","path":"/status","value":"final"},{"op":"replace","path":"/status","value":"amended"},{"op":"add","path":"/component/-","value":{"code":{"text":"c"}}},{"op":"remove","path":"/component/0"},{"op":"move","from":"/code","path":"/category"},{"op":"copy","from":"/component","path":"/component/1/extension"}]""",
        """[{"op":"copy","from":"","path":"/contained/0"},{"op":"add","path":"/contained/1","value":{"resourceType":"Device","id":"d~01"}},{"op":"replace","path":"","value":{"resourceType":"Observation","id":"p"}}]""",
        """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Observation.status"},{"name":"value","valueCode":"amended"}]},{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Observation.component.where(code.text = 'a')"}]}]}""",
        """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},{"name":"name","valueString":"component"},{"name":"value","part":[{"name":"code","valueCodeableConcept":{"text":"c"}},{"name":"value","valueQuantity":{"value":1.0}}]}]},{"name":"operation","part":[{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Observation.component"},{"name":"index","valueInteger":1},{"name":"value","part":[{"name":"code","valueCodeableConcept":{"text":"d"}}]}]}]}""",
        """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"move"},{"name":"path","valueString":"Observation.code.coding"},{"name":"source","valueInteger":1},{"name":"destination","valueInteger":0}]},{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation.contained[0]"},{"name":"name","valueString":"name"},{"name":"value","valueHumanName":{"family":"x"}}]}]}""",
        """<diff xmlns:f="http://hl7.org/fhir"><replace sel="f:Observation/f:status/@value">amended</replace><remove sel="f:Observation/f:component[2]"/><add sel="f:Observation" pos="prepend"><f:language value="en"/></add></diff>""",
        """<diff xmlns="http://hl7.org/fhir"><add sel="Observation/component[1]/valueInteger" pos="after"><dataAbsentReason><text value="x"/></dataAbsentReason></add><add sel="Observation/code/text" type="@id">t</add><remove sel="//extension[@url='u']" ws="both"/><replace sel="Observation/code/text"><text value="y"/></replace></diff>""",
    ];

    private static readonly string[] s_queries =
    [
        "name=peter&birthdate=ge1974-12-25&_sort=-birthdate,name&_count=10", "code=http://loinc.org|8867-4,|x&value-quantity=5.40e-3||mg&date=ap2020-02-29T10:00:00.5%2B01:00", "subject:Patient.name:contains=x&_has:Observation:patient:code=1",
        "code-value-quantity=loinc|12907-2$ge150|http://unitsofmeasure.org|mmol/L&component-code:missing=true", "_include=Observation:subject&_revinclude:iterate=Provenance:target&_summary=count&_elements=id,name&_total=accurate", "identifier:of-type=http://x|MR|1%5C%7C2&_tag:not=a|b&_profile:below=http://x/",
        "status:not=final&patient=Patient/1/_history/2,http://x/Patient/3,urn:uuid:0&_id=1&_lastUpdated=lt2000&_text=x&_filter=name%20eq%20x", "_list=1&_type=Patient&near=1|2|3|km&probability=gt0.8&url:above=http://x/y/z&url:below=urn:x",
    ];

    /// <summary>Empty for a target that is not FHIR.</summary>
    internal static List<byte[]> Of(string target, string repository) => target switch
    {
        "fhir-xml" => [.. Resources(repository).Select(j => FhirXml.ToXml(FhirResource.Parse(j)))],
        "fhir-json" or "fhir-validate" or "fhir-search" => Resources(repository),
        "fhir-query" => [.. s_queries.Select(Encoding.UTF8.GetBytes)],
        "fhir-patch" => [.. s_patches.Select(Encoding.UTF8.GetBytes)],
        "fhirpath" => [.. s_expressions.Concat(Definitions.Invariants.Select(i => i.Expression)).Concat(Definitions.SearchParameters.Select(p => p.Expression)).Where(e => e.Length is > 0 and < 400).Select(Encoding.UTF8.GetBytes)],
        _ => [],
    };

    private static List<byte[]> Resources(string repository)
    {
        var tests = Path.Combine(repository, "tests", "SecondOpinion.Fhir.Tests", "Data");
        var files = new[] { Path.Combine(repository, "docs", "examples"), Path.Combine(repository, "profiles", "generated"), Path.Combine(tests, "fhirpath") }
            .SelectMany(f => Directory.EnumerateFiles(f, "*.json")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(tests, "r4-examples.txt.gz")), CompressionMode.Decompress), Encoding.UTF8);
        var packed = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Encoding.UTF8.GetBytes(l[(l.IndexOf('\t', StringComparison.Ordinal) + 1)..]));
        return [.. files.Concat(packed).Where(b => b.Length <= MaxResource && FhirResource.TryParse(b).Resource is not null)];
    }
}
