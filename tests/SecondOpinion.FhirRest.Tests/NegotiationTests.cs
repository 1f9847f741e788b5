using System.Text;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>FHIR R4 http.html#mime-type, and the forms in which resources travel.</summary>
public sealed class NegotiationTests
{
    private const string Patient = """{"resourceType":"Patient","active":true,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"name":[{"family":"Okafor"}],"maritalStatus":{"text":"m"}}""";

    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    [Theory]
    [InlineData(null, null, "json")]
    [InlineData("*/*", null, "json")]
    [InlineData("application/json", null, "json")]
    [InlineData("application/fhir+xml", null, "xml")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", null, "xml")]
    [InlineData("application/fhir+xml;q=0.5, application/fhir+json", null, "json")]
    [InlineData("application/fhir+json; fhirVersion=4.0", null, "json")]
    [InlineData("text/turtle", "json", "json")]
    [InlineData("application/fhir+json", "application/fhir+xml", "xml")]
    [InlineData("application/fhir+json", "xml", "xml")]
    public async Task The_answer_has_the_form_asked_for(string? accept, string? format, string expected)
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        var url = $"Patient/{id}" + (format is null ? "" : "?_format=" + format);
        var answer = (accept is null ? await client.GetAsync(url) : await client.GetAsync(url, ("Accept", accept))).Is(200);
        Assert.Equal($"application/fhir+{expected}; charset=utf-8", answer.Header("Content-Type"));
        var resource = expected == "xml" ? FhirXml.Parse(answer.Bytes) : FhirResource.Parse(answer.Bytes);
        Assert.Equal("Okafor", resource.Root.At("name", "family").Value);
    }

    [Theory]
    [InlineData("text/turtle", "")]
    [InlineData("application/fhir+json; fhirVersion=3.0", "")]
    [InlineData("application/fhir+json", "?_format=pdf")]
    public async Task A_form_that_cannot_be_had_is_406(string accept, string query)
    {
        var client = await ClientAsync();
        (await client.GetAsync("Patient/1" + query, ("Accept", accept))).Is(406);
    }

    [Fact]
    public async Task Xml_goes_in_and_out_and_refusals_are_xml_as_well()
    {
        var client = await ClientAsync();
        const string Xml = """<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><family value="Ngozi"/></name></Patient>""";
        var created = (await client.PostAsync("Patient", Xml, ("Content-Type", "application/fhir+xml"), ("Accept", "application/fhir+xml"))).Is(201);
        var resource = FhirXml.Parse(created.Bytes);
        Assert.Equal("Ngozi", (await client.GetAsync("Patient/" + resource.Id)).Is(200).Text("name.0.family"));
        var refused = (await client.PostAsync("Patient", Xml.Replace("active", "aktiv", StringComparison.Ordinal), ("Content-Type", "application/fhir+xml"), ("Accept", "application/fhir+xml"))).Is(400);
        Assert.Equal("OperationOutcome", FhirXml.Parse(refused.Bytes).ResourceType);
        var bundle = (await client.GetAsync("Patient", ("Accept", "application/fhir+xml"))).Is(200);
        Assert.Equal("searchset", FhirXml.Parse(bundle.Bytes).Root.Text("type"));
        (await client.GetAsync("metadata?_format=xml")).Is(200);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    public async Task A_body_in_another_form_is_415(string type)
    {
        var client = await ClientAsync();
        (await client.PostAsync("Patient", Patient, ("Content-Type", type))).Is(415);
    }

    [Fact]
    public async Task Pretty_summary_and_elements_shape_what_is_read()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        Assert.Contains("\n", (await client.GetAsync($"Patient/{id}?_pretty=true")).Is(200).Body, StringComparison.Ordinal);
        var summary = (await client.GetAsync($"Patient/{id}?_summary=true")).Is(200);
        Assert.Null(summary.Node("maritalStatus"));
        Assert.Equal("SUBSETTED", summary.Text("meta.tag.0.code"));
        var text = (await client.GetAsync($"Patient/{id}?_summary=text")).Is(200);
        Assert.NotNull(text.Node("text"));
        Assert.Null(text.Node("name"));
        Assert.Null((await client.GetAsync($"Patient/{id}?_summary=data")).Is(200).Node("text"));
        var elements = (await client.GetAsync($"Patient/{id}?_elements=active")).Is(200);
        Assert.Equal("true", elements.Text("active"));
        Assert.Null(elements.Node("name"));
        (await client.GetAsync($"Patient/{id}?_summary=wombat")).Is(400);
    }

    [Fact]
    public async Task The_capability_statement_is_a_valid_resource_in_both_forms()
    {
        var client = await ClientAsync();
        var answer = (await client.GetAsync("metadata")).Is(200);
        var resource = FhirResource.Parse(answer.Bytes);
        Assert.DoesNotContain(FhirValidator.Validate(resource), i => i.IsError);
        Assert.Equal("4.0.1", answer.Text("fhirVersion"));
        Assert.Equal(client.Host.BaseUrl, answer.Text("implementation.url"));
        var auditEvent = answer.Node("rest.0.resource")!.AsArray().Single(r => (string)r!["type"]! == "AuditEvent")!;
        Assert.Equal(["history-instance", "history-type", "read", "search-type", "vread"], auditEvent["interaction"]!.AsArray().Select(i => (string)i!["code"]!).Order());
        Assert.Equal(resource.Json.Length, FhirXml.Parse((await client.GetAsync("metadata", ("Accept", "application/fhir+xml"))).Is(200).Bytes).Json.Length);
        (await client.GetAsync("metadata?mode=wombat")).Is(400);
        Assert.Equal("SUBSETTED", (await client.GetAsync("metadata?_summary=true")).Is(200).Text("meta.tag.0.code"));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413_and_names_it()
    {
        await using var host = await FhirHost.StartAsync(o => o.MaxBodyBytes = 100_000);
        var huge = new byte[200_000];
        Array.Fill(huge, (byte)' ');
        Assert.Contains("MaxBodyBytes", (await host.AsNew().SendBytesAsync("POST", "Patient", huge)).Is(413).Text("issue.0.diagnostics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_bodies_are_refused_and_never_a_server_error()
    {
        var client = await ClientAsync();
        var deep = """{"resourceType":"Patient","extension":""" + string.Concat(Enumerable.Repeat("[{\"url\":\"x\",\"extension\":", 5000));
        (await client.PostAsync("Patient", deep)).Is(400);
        (await client.SendBytesAsync("POST", "Patient", [.. """{"resourceType":"Patient","language":" """u8, 0xC3, 0x28, .. "\"}"u8])).Is(400);
        (await client.SendBytesAsync("POST", "Patient", [0xFF, 0xFE, 0x7B, 0x00])).Is(400);
        (await client.PostAsync("Patient", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&e;\"/></Patient>", ("Content-Type", "application/fhir+xml"))).Is(400);
        (await client.PostAsync("Patient", """{"resourceType":"Patient","active":true,"active":false}""")).Is(400);
        (await client.GetAsync("Patient/" + new string('a', 4000))).Is(404);
        (await client.GetAsync("Patient?name=" + Uri.EscapeDataString("'\";--%\u202e"))).Is(200);
        (await client.GetAsync("Patient?name=" + Uri.EscapeDataString("\0'\";--%\u202e"))).Is(400);
        Assert.True((int)(await client.GetAsync("Patient?_count=999999999999999999")).Status < 500);
        var latin = await client.SendBytesAsync("POST", "Patient/_search", Encoding.Latin1.GetBytes("name=%zz%é"), ("Content-Type", "application/x-www-form-urlencoded"));
        Assert.True((int)latin.Status < 500);
    }
}
