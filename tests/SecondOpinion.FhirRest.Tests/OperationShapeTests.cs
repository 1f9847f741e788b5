using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Operations;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>What goes into operations and what comes out of them, against the OperationDefinitions of R4.</summary>
public sealed class OperationShapeTests
{
    private const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string GenderSystem = "http://hl7.org/fhir/administrative-gender";

    private sealed record Defined(string Operation, string Use, string Name, int Min, string Max, string Type);

    private static readonly List<Defined> Definitions = Read();

    private static List<Defined> Read()
    {
        using var reader = new StreamReader(typeof(OperationShapeTests).Assembly.GetManifestResourceStream("operations.tsv")!);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).Select(f => new Defined(f[0], f[1], f[2], int.Parse(f[3]), f[4], f[5]))];
    }

    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    private static string Parameters(params string[] parameters) => "{\"resourceType\":\"Parameters\",\"parameter\":[" + string.Join(',', parameters) + "]}";

    [Fact]
    public void Parameters_taken_are_those_of_the_operation_definitions()
    {
        foreach (var (operation, inputs) in new (string, IReadOnlyList<InputParameter>)[]
        {
            ("ValueSet-expand", Expand.Inputs), ("ValueSet-validate-code", ValidateCode.SetInputs), ("CodeSystem-validate-code", ValidateCode.SystemInputs), ("CodeSystem-lookup", Lookup.Inputs),
            ("CodeSystem-subsumes", Lookup.SubsumesInputs), ("ConceptMap-translate", Translate.Inputs), ("Resource-validate", Validate.Inputs),
        })
        {
            foreach (var input in inputs)
            {
                var defined = Assert.Single(Definitions, d => d.Operation == operation && d.Use == "in" && d.Name == input.Name);
                Assert.Equal((input.Name, defined.Type), (input.Name, input.Type));

                // Several profiles are more than R4 asks for.
                Assert.True(input.Repeats == (defined.Max == "*") || input.Name == "profile", input.Name);
            }
        }
    }

    [Theory]
    [InlineData("ValueSet-expand", "ValueSet/$expand?url=" + Gender)]
    [InlineData("ValueSet-expand", "ValueSet/$expand?url=" + Gender + "&count=1&offset=1&filter=ale&includeDesignations=true&includeDefinition=true&activeOnly=true&displayLanguage=de&exclude-system=http://x")]
    [InlineData("ValueSet-expand", "ValueSet/$expand?url=" + Gender + "&count=2147483647&offset=2147483647")]
    [InlineData("ValueSet-expand", "ValueSet/agreement/$expand")]
    [InlineData("ValueSet-validate-code", "ValueSet/$validate-code?url=" + Gender + "&system=" + GenderSystem + "&code=male")]
    [InlineData("ValueSet-validate-code", "ValueSet/$validate-code?url=" + Gender + "&system=" + GenderSystem + "&code=man")]
    [InlineData("CodeSystem-validate-code", "CodeSystem/$validate-code?url=" + GenderSystem + "&code=male&display=Man")]
    [InlineData("CodeSystem-lookup", "CodeSystem/$lookup?system=" + GenderSystem + "&code=male")]
    [InlineData("CodeSystem-lookup", "CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v2-0131&code=BP&displayLanguage=de")]
    [InlineData("CodeSystem-lookup", "CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v3-RoleCode&code=NMTH&property=parent&property=designation")]
    [InlineData("CodeSystem-subsumes", "CodeSystem/$subsumes?system=http://terminology.hl7.org/CodeSystem/v3-RoleCode&codeA=FAMMEMB&codeB=NMTH")]
    [InlineData("ConceptMap-translate", "ConceptMap/$translate?system=urn:iso:std:iso:3950&code=36")]
    [InlineData("ConceptMap-translate", "ConceptMap/$translate?system=http://nowhere&code=1")]
    public async Task Answers_have_the_shape_of_the_operation_definition(string operation, string url)
    {
        var client = await ClientAsync();
        var answer = (await client.GetAsync(url)).Is(200);

        IsOfShape(operation, answer);
        var xml = (await client.GetAsync(url, ("Accept", "application/fhir+xml"))).Is(200);
        Assert.Equal(answer.Text("resourceType"), FhirXml.Parse(xml.Bytes).ResourceType);
        var head = (await client.SendAsync("HEAD", url, null)).Is(200);
        Assert.Empty(head.Bytes);
        Assert.Equal("application/fhir+json; charset=utf-8", head.Header("Content-Type"));
    }

    [Fact]
    public async Task Validate_returns_an_operation_outcome() =>
        IsOfShape("Resource-validate", (await (await ClientAsync()).PostAsync("Patient/$validate", """{"resourceType":"Patient","gender":"man"}""")).Is(200));

    [Fact]
    public async Task Statements_of_what_the_server_can_are_valid_and_name_operations_that_are_there()
    {
        var client = await ClientAsync();
        var statement = (await client.GetAsync("metadata")).Is(200);
        IsValid(statement);
        IsValid((await client.GetAsync("metadata?mode=terminology")).Is(200));
        foreach (var resource in statement.Node("rest.0.resource")!.AsArray())
        {
            foreach (var operation in resource!["operation"]!.AsArray())
            {
                var definition = ((string)operation!["definition"]!)["http://hl7.org/fhir/OperationDefinition/".Length..];
                Assert.Contains(Definitions, d => d.Operation == definition);

                // An address with nothing to work on is known all the same: 400, not 404.
                (await client.PostAsync($"{(string)resource["type"]!}/${(string)operation["name"]!}", "")).Is(400);
            }
        }
    }

    [Fact]
    public async Task Search_parameters_compartments_and_references_are_as_the_statement_says()
    {
        var client = await ClientAsync();
        var rest = (await client.GetAsync("metadata")).Is(200).Node("rest.0")!;
        foreach (var resource in rest["resource"]!.AsArray())
        {
            foreach (var parameter in resource!["searchParam"]?.AsArray() ?? [])
            {
                Assert.True(SearchRequest.ParseQuery((string)resource["type"]!, $"{parameter!["name"]}:missing=true").Refusal is null, resource["type"] + " " + parameter["name"]);
            }
        }

        (await client.GetAsync("Location?near=1", ("Prefer", "handling=strict"))).Is(400);
        Assert.Equal(["device", "encounter", "patient", "practitioner", "relatedPerson"], rest["compartment"]!.AsArray().Select(c => ((string)c!)["http://hl7.org/fhir/CompartmentDefinition/".Length..]).Order());
        Assert.All(rest["resource"]!.AsArray(), r => Assert.Equal(["literal", "logical"], r!["referencePolicy"]!.AsArray().Select(p => (string)p!)));
        foreach (var subject in new[] { """{"reference":"http://other.example/fhir/Patient/1"}""", """{"identifier":{"system":"urn:a","value":"1"}}""" })
        {
            await client.CreateAsync("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"subject\":" + subject + "}");
        }
    }

    [Fact]
    public async Task Code_systems_that_terminology_capabilities_list_are_on_board_in_the_version_listed()
    {
        var client = await ClientAsync();
        var systems = (await client.GetAsync("metadata?mode=terminology")).Is(200).Node("codeSystem")!.AsArray();
        Assert.True(systems.Count > 100);
        foreach (var system in systems)
        {
            var url = $"CodeSystem/$validate-code?url={(string)system!["uri"]!}&code=no-such-code&version={(string?)system["version"]?[0]?["code"]}";
            var answer = await client.GetAsync(url);
            if ((bool)system["subsumption"]!)
            {
                Assert.Contains("\"valueBoolean\":false", answer.Is(200).Body, StringComparison.Ordinal);
            }
            else
            {
                // A part of a system decides nothing about what is not in it.
                answer.Is(422);
            }
        }
    }

    [Theory]
    [InlineData("ValueSet/$expand", """{"name":"url","valueCoding":{"code":"x"}}""", "'url' must be a uri, not a Coding", "Parameters.parameter[0]")]
    [InlineData("ValueSet/$expand", """{"name":"url"}""", "'url' must be a uri; it has no value", "Parameters.parameter[0]")]
    [InlineData("ValueSet/$expand", """{"name":"url","valueUri":"http://x"},{"name":"count","valueString":"1"}""", "'count' must be a integer, not a string", "Parameters.parameter[1]")]
    [InlineData("ValueSet/$expand", """{"name":"url","valueUri":"http://x"},{"name":"filter","valueBoolean":true}""", "'filter' must be a string, not a boolean", "Parameters.parameter[1]")]
    [InlineData("ValueSet/$expand", """{"name":"url","valueUri":"http://x"},{"name":"url","valueUri":"http://y"}""", "'url' may be given once", null)]
    [InlineData("ValueSet/$expand", """{"name":"url","valueUri":"http://x"},{"name":"wombat","valueUri":"http://y"}""", "'wombat' is not known or not supported", "Parameters.parameter[1]")]
    [InlineData("ValueSet/$expand", """{"name":"valueSet","resource":{"resourceType":"Patient"}}""", "'valueSet' must be a ValueSet, not a Patient", "Parameters.parameter[0]")]
    [InlineData("Patient/$validate", """{"name":"resource","resource":{"resourceType":"Patient"}},{"name":"mode","valueBoolean":true}""", "'mode' must be a code, not a boolean", "Parameters.parameter[1]")]
    [InlineData("Patient/$validate", """{"name":"resource","resource":{"resourceType":"Patient"}},{"name":"wombat","valueCode":"x"}""", "'wombat' is not known or not supported", "Parameters.parameter[1]")]
    [InlineData("CodeSystem/$validate-code", """{"name":"coding","valueCodeableConcept":{"text":"x"}}""", "'coding' must be a Coding, not a CodeableConcept", "Parameters.parameter[0]")]
    [InlineData("ValueSet/$validate-code?coding=male&url=http://x", null, "'coding' is a Coding, which only a POST with Parameters can carry", null)]
    [InlineData("ValueSet/$expand?url=http://x&url=http://y", null, "'url' may be given once", null)]
    [InlineData("ValueSet/$expand?url=http://x&count=99999999999", null, "'count' is '99999999999'", null)]
    [InlineData("ValueSet/$expand?url=http://x&offset=-1", null, "'offset' is '-1'", null)]
    public async Task Wrong_parameter_is_named_with_what_it_should_be(string url, string? parameters, string text, string? expression)
    {
        var client = await ClientAsync();
        var answer = (parameters is null ? await client.GetAsync(url) : await client.PostAsync(url, Parameters(parameters))).Is(400);

        Assert.Contains(text, answer.Text("issue.0.details.text"), StringComparison.Ordinal);
        Assert.Equal(expression, answer.Text("issue.0.expression.0"));
    }

    [Theory]
    [InlineData("GET", "ValueSet/$wombat")]
    [InlineData("POST", "ValueSet/$wombat")]
    [InlineData("GET", "Patient/$everything")]
    [InlineData("GET", "Patient/1/$everything")]
    [InlineData("POST", "ConceptMap/$closure")]
    [InlineData("GET", "CodeSystem/agreement/$lookup")]
    [InlineData("POST", "Patient/1/$expand")]
    [InlineData("DELETE", "Patient/$wombat")]
    public async Task Operation_that_is_not_there_is_404_not_supported(string method, string url) =>
        Assert.Equal("not-supported", (await (await ClientAsync()).SendAsync(method, url, method == "POST" ? Parameters() : null)).Is(404).Text("issue.0.code"));

    private static void IsValid(Answer answer) => Assert.DoesNotContain(FhirValidator.Validate(FhirResource.Parse(answer.Bytes)), i => i.IsError);

    private static void IsOfShape(string operation, Answer answer)
    {
        IsValid(answer);
        var returned = Definitions.Find(d => d.Operation == operation && d is { Use: "out", Name: "return" });
        if (returned is not null)
        {
            // FHIR R4 operations.html#response: a single "return" that is a resource is the body itself.
            Assert.Equal(returned.Type, answer.Text("resourceType"));
            return;
        }

        Assert.Equal("Parameters", answer.Text("resourceType"));
        HasParts(operation, "", answer.Node("parameter")?.AsArray() ?? []);
    }

    private static void HasParts(string operation, string prefix, JsonArray parts)
    {
        foreach (var part in parts)
        {
            var defined = Assert.Single(Definitions, d => d.Operation == operation && d.Use == "out" && d.Name == prefix + (string)part!["name"]!);
            if (defined.Type.Length == 0)
            {
                HasParts(operation, defined.Name + ".", part!["part"]!.AsArray());
            }
            else if (defined.Type != "Element")
            {
                Assert.Equal("value" + char.ToUpperInvariant(defined.Type[0]) + defined.Type[1..], part!.AsObject().Single(m => m.Key != "name").Key);
            }
        }

        foreach (var defined in Definitions.Where(d => d.Operation == operation && d.Use == "out" && d.Name.StartsWith(prefix, StringComparison.Ordinal) && !d.Name[prefix.Length..].Contains('.', StringComparison.Ordinal)))
        {
            Assert.InRange(parts.Count(p => prefix + (string)p!["name"]! == defined.Name), defined.Min, defined.Max == "*" ? int.MaxValue : int.Parse(defined.Max));
        }
    }
}
