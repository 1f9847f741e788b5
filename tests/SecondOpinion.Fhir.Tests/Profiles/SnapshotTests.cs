using System.Text.Json.Nodes;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>The snapshot that a differential gives, against the published one: elements, cardinality, types, bindings, fixed values and patterns.</summary>
public sealed class SnapshotTests
{
    private static readonly string[] Values = ["fixed", "pattern", "minValue", "maxValue"];

    private static Dictionary<string, string> Facets(FhirResource definition) => definition.ToJsonObject()["snapshot"]!["element"]!.AsArray().ToDictionary(e => (string)e!["id"]!, e => string.Join(' ', FacetsOf(e!.AsObject())));

    private static IEnumerable<string> FacetsOf(JsonObject element)
    {
        yield return $"{element["min"]}..{element["max"]}";
        foreach (var type in element["type"]?.AsArray() ?? [])
        {
            yield return $"{type!["code"]}{Sorted(type["profile"])}{Sorted(type["targetProfile"])}";
        }

        if (element["contentReference"] is { } reference)
        {
            yield return "@" + reference;
        }

        if (element["binding"]?["valueSet"] is { } set)
        {
            yield return $"{element["binding"]!["strength"]} {((string)set!).Split('|')[0]}";
        }

        foreach (var (name, value) in element.Where(p => Values.Any(v => p.Key.StartsWith(v, StringComparison.Ordinal))))
        {
            yield return $"{name}={value!.ToJsonString()}";
        }
    }

    private static string Sorted(JsonNode? urls) => urls is null ? "" : "(" + string.Join('|', urls.AsArray().Select(u => ((string)u!).Split('/')[^1]).Order(StringComparer.Ordinal)) + ")";

    private const string ShortForm = "the published snapshot takes valueQuantity for the only type; here it is the slice of value[x] with that type";
    private const string NameOnly = "the published snapshot has an element under a slice name that slices nothing, and not the element; here it has both";

    /// <summary>Profiles of R4 whose published snapshot differs: in how many elements, and why.</summary>
    private static readonly Dictionary<string, (int Elements, string Why)> Differing = new()
    {
        ["bmi"] = (1, ShortForm),
        ["bodyheight"] = (1, ShortForm),
        ["bodytemp"] = (1, ShortForm),
        ["bodyweight"] = (1, ShortForm),
        ["bp"] = (33, ShortForm + ", twice in components, with its children"),
        ["catalog"] = (1, NameOnly),
        ["cdshooksguidanceresponse"] = (1, ShortForm),
        ["cholesterol"] = (1, ShortForm),
        ["devicemetricobservation"] = (1, ShortForm),
        ["elementdefinition-de"] = (8, "the published snapshot lists the children of two extensions that the differential does not enter"),
        ["familymemberhistory-genetic"] = (14, NameOnly),
        ["hdlcholesterol"] = (1, ShortForm),
        ["headcircum"] = (1, ShortForm),
        ["heartrate"] = (1, ShortForm),
        ["ldlcholesterol"] = (1, ShortForm),
        ["oxygensat"] = (1, ShortForm),
        ["provenance-relevant-history"] = (2, "the published snapshot binds the slice otherwise than the element it slices, and its content reference names a slice"),
        ["resprate"] = (1, ShortForm),
        ["triglyceride"] = (1, ShortForm),
    };

    private static List<string> Differences(FhirResource published, Func<string, FhirResource?> find)
    {
        var ours = Facets(Snapshot.Generate(published, find));
        var theirs = Facets(published);
        return [.. ours.Keys.Union(theirs.Keys)
            .Where(id => ours.GetValueOrDefault(id) != theirs.GetValueOrDefault(id))
            .Select(id => $"{id}: {ours.GetValueOrDefault(id, "not there")}; published {theirs.GetValueOrDefault(id, "not there")}")];
    }

    [Fact]
    public void Snapshot_of_every_profile_of_R4_is_the_published_one()
    {
        Assert.Equal(439, R4Profiles.All.Count);
        Assert.All(R4Profiles.All.Values, published =>
        {
            var differences = Differences(published, R4Profiles.All.GetValueOrDefault);

            Assert.True(differences.Count == Differing.GetValueOrDefault(published.Id!).Elements, string.Join('\n', differences));
        });
    }

    [Fact]
    public void Snapshot_of_every_profile_of_the_case_is_the_one_that_SUSHI_makes() =>
        Assert.All(SecondOpinion.Fhir.Profiles.Artefacts.Where(a => a.ResourceType == "StructureDefinition"), a => Assert.Empty(Differences(a, u => R4Profiles.All.GetValueOrDefault(u) ?? SecondOpinion.Fhir.Profiles.Default.Definition(u))));

    [Fact]
    public void Generated_snapshot_is_a_valid_definition_and_says_the_same_as_the_differential()
    {
        var generated = Snapshot.Generate(R4Profiles.All["http://hl7.org/fhir/StructureDefinition/vitalsigns"]);

        Assert.Equal([], FhirValidator.Validate(generated).Where(i => i.IsError).Select(i => i.Message));
        Assert.Equal(["resourceType", "id", "url"], generated.Root.ToResource().ToJsonObject().Select(p => p.Key).Take(3));
        var vitalSign = generated.Root["snapshot"].All("element").ToList();
        Assert.Contains(vitalSign, e => e.Text("id") == "Observation.category:VSCat.coding.code" && e.Text("fixed") == "vital-signs");
        Assert.Contains("vs-2", vitalSign[0].All("constraint").Select(c => c.Text("key")));
        Assert.Contains("obs-6", vitalSign[0].All("constraint").Select(c => c.Text("key")));
    }

    private static FhirResource Profile(string elements, string based = "http://hl7.org/fhir/StructureDefinition/Patient", string type = "Patient") => FhirResource.Parse(
        $$$"""
        {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"{{{type}}}","baseDefinition":"{{{based}}}","derivation":"constraint","differential":{"element":[{{{elements}}}]}}
        """);

    [Theory]
    [InlineData("""{"id":"Patient.tail","path":"Patient.tail"}""", "Patient", "Patient", "Patient.tail")]
    [InlineData("""{"id":"Patient.name.family.tail","path":"Patient.name.family.tail"}""", "Patient", "Patient", "family does not have")]
    [InlineData("""{"id":"Patient","path":"Patient"}""", "Unknown", "Patient", "not known")]
    [InlineData("""{"id":"Patient","path":"Patient"}""", "Patient", "Tail", "no type")]
    public void Differential_that_fits_no_base_is_refused(string elements, string based, string type, string words)
    {
        var exception = Assert.Throws<FhirException>(() => Snapshot.Generate(Profile(elements, "http://hl7.org/fhir/StructureDefinition/" + based, type)));

        Assert.Equal("profile-unusable", exception.Issues[0].Key);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Circle_of_bases_and_a_snapshot_without_end_are_refused()
    {
        var circle = Profile("""{"id":"Patient","path":"Patient"}""", "http://example.org/p");
        var slices = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"id":"Patient.contact:s{{i}}.name.period.start","path":"Patient.contact.name.period.start"}"""));

        Assert.Contains("more than", Assert.Throws<FhirException>(() => Snapshot.Generate(circle, _ => circle)).Message, StringComparison.Ordinal);
        Assert.Equal("too-costly", Assert.Throws<FhirException>(() => Snapshot.Generate(Profile(slices))).Issues[0].Code);
    }

    [Fact]
    public void Slice_of_a_slice_and_the_content_of_a_reference_have_their_place()
    {
        var ids = Snapshot.Generate(Profile(
            """
            {"id":"Questionnaire.item:a","path":"Questionnaire.item","sliceName":"a"},{"id":"Questionnaire.item:a/b","path":"Questionnaire.item","sliceName":"a/b","min":1},
            {"id":"Questionnaire.item:a.item.item.linkId","path":"Questionnaire.item.item.item.linkId","maxLength":5}
            """,
            "http://hl7.org/fhir/StructureDefinition/Questionnaire",
            "Questionnaire")).Root["snapshot"].All("element").Select(e => e.Text("id")!).ToList();

        Assert.True(ids.IndexOf("Questionnaire.item:a") > ids.IndexOf("Questionnaire.item.item"));
        Assert.True(ids.IndexOf("Questionnaire.item:a/b") > ids.IndexOf("Questionnaire.item:a.item.item.linkId"));
        Assert.Contains("Questionnaire.item:a.item.item.linkId", ids);
    }
}
