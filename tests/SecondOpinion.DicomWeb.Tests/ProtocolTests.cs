using System.Net;
using System.Xml.Linq;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

public sealed class ProtocolTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Fact]
    public async Task Without_a_token_every_route_is_401_with_a_challenge()
    {
        using var client = host.Anonymous();

        foreach (var path in new[] { "/dicomweb/studies", "/dicomweb/studies/1.2.3/metadata", "/dicomweb/workitems", "/dicomweb/wado?requestType=WADO" })
        {
            var response = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("system/ImagingStudy.r", "/dicomweb/studies", 403)]
    [InlineData("system/ImagingStudy.s", "/dicomweb/studies", 200)]
    [InlineData("system/ImagingStudy.s", "/dicomweb/studies/1.2.3", 403)]
    [InlineData("user/ImagingStudy.rs", "/dicomweb/studies/1.2.3", 404)]
    [InlineData("system/ImagingStudy.read", "/dicomweb/studies/1.2.3/rendered", 404)]
    [InlineData("system/ImagingStudy.cruds", "/dicomweb/workitems", 403)]
    [InlineData("system/Task.s", "/dicomweb/workitems", 200)]
    [InlineData("system/Task.s", "/dicomweb/workitems/1.2", 403)]
    [InlineData("patient/ImagingStudy.rs", "/dicomweb/studies", 403)]
    [InlineData("system/ImagingStudy.rs?status=available", "/dicomweb/studies", 403)]
    [InlineData("system/Patient.cruds", "/dicomweb/wado?requestType=WADO", 403)]
    public async Task Scopes_decide(string scopes, string path, int status) =>
        Assert.Equal(status, (int)(await host.NewTenant(scopes).GetAsync(path)).StatusCode);

    [Fact]
    public async Task Storing_needs_the_create_scope()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await host.NewTenant("system/ImagingStudy.ruds").StoreAsync(TestFiles.Image().File())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.NewTenant("system/ImagingStudy.c").StoreAsync(TestFiles.Image().File())).StatusCode);
    }

    [Fact]
    public async Task Another_method_is_405_and_names_the_allowed_ones()
    {
        var response = await host.NewTenant().Http.DeleteAsync("/dicomweb/studies/1.2.3");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/dicomweb/studies/abc")]
    [InlineData("/dicomweb/studies/1.2.3/series/x/metadata")]
    [InlineData("/dicomweb/workitems/-1")]
    public async Task A_path_that_names_no_UID_is_400(string path) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await host.NewTenant().GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("/dicomweb/studies/1.2.3")]
    [InlineData("/dicomweb/studies/1.2.3/series/1.2/instances/1.2/frames/1")]
    [InlineData("/dicomweb/studies/1.2.3/series/1.2/instances/1.2/bulkdata/7FE00010")]
    [InlineData("/dicomweb/studies/1.2.3/thumbnail")]
    public async Task What_is_not_there_is_404_as_a_problem(string path)
    {
        var response = await host.NewTenant().GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var body = await DicomWebClient.JsonAsync(response);
        Assert.Equal(404, body.GetProperty("status").GetInt32());
        Assert.NotEqual("", body.GetProperty("requestId").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/vnd.sun.wadl+xml")]
    [InlineData("application/json")]
    public async Task Capabilities_name_every_resource_and_method(string? accept)
    {
        using var client = host.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/dicomweb/");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string[] paths;
        if (accept == "application/json")
        {
            paths = [.. (await DicomWebClient.JsonAsync(response)).GetProperty("application").GetProperty("resources").GetProperty("resource").EnumerateArray().Select(r => r.GetProperty("path").GetString()!)];
        }
        else
        {
            Assert.Equal("application/vnd.sun.wadl+xml", response.Content.Headers.ContentType!.MediaType);
            XNamespace wadl = "http://wadl.dev.java.net/2009/02";
            var document = XDocument.Parse(await response.Content.ReadAsStringAsync());
            paths = [.. document.Descendants(wadl + "resource").Select(r => r.Attribute("path")!.Value)];
            Assert.Equal(host.Base + "dicomweb", document.Descendants(wadl + "resources").Single().Attribute("base")!.Value);
            Assert.Equal(["POST", "GET"], document.Descendants(wadl + "resource").Single(r => r.Attribute("path")!.Value == "studies").Elements(wadl + "method").Select(m => m.Attribute("name")!.Value));
        }

        var mapped = host.Endpoints.Select(e => e.RoutePattern.RawText!.Replace("/dicomweb/", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal)).Where(p => p.Length > 0).Distinct();
        Assert.Equal(mapped.Order(StringComparer.Ordinal), paths.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("multipart/related; type=\"application/dicom+xml\"")]
    [InlineData("application/dicom+xml")]
    public async Task Data_sets_are_sent_as_XML_parts_to_who_asks(string accept)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        using var store = new HttpRequestMessage(HttpMethod.Post, "/dicomweb/studies") { Content = new ByteArrayContent(image.File()) };
        store.Content.Headers.TryAddWithoutValidation("Content-Type", "application/dicom");
        store.Headers.TryAddWithoutValidation("Accept", accept);
        var workitem = await Workitems.AddAsync(host, client.Tenant, "SCHEDULED");

        var stored = Assert.Single(await DicomWebClient.PartsAsync(await client.Http.SendAsync(store)));
        var found = Assert.Single(await DicomWebClient.PartsAsync(await client.GetAsync("/dicomweb/studies", accept)));
        var metadata = Assert.Single(await DicomWebClient.PartsAsync(await client.GetAsync(image.InstancePath() + "/metadata", accept)));
        var work = Assert.Single(await DicomWebClient.PartsAsync(await client.GetAsync("/dicomweb/workitems/" + workitem, accept)));

        Assert.All([stored, found, metadata, work], p => Assert.Equal("application/dicom+xml", p.Headers["Content-Type"]));
        XNamespace native = "http://dicom.nema.org/PS3.19/models/NativeDICOM";
        Assert.Contains(image.GetString(SecondOpinion.Dicom.DicomTags.SOPInstanceUID)!, System.Text.Encoding.UTF8.GetString(stored.Content), StringComparison.Ordinal);
        Assert.Equal("P-1", XDocument.Parse(System.Text.Encoding.UTF8.GetString(found.Content)).Descendants(native + "DicomAttribute").Single(a => a.Attribute("tag")!.Value == "00100020").Value);
        Assert.StartsWith(host.Base + "dicomweb/studies/", XDocument.Parse(System.Text.Encoding.UTF8.GetString(metadata.Content)).Descendants(native + "BulkData").Single().Attribute("uri")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxResults", 0)]
    [InlineData("ConcurrentStaging", 0)]
    [InlineData("MaxTranscodeBytes", -1)]
    public void Options_that_make_no_sense_are_refused_at_start(string name, int value)
    {
        var options = new DicomWebOptions();
        var property = typeof(DicomWebOptions).GetProperty(name)!;
        property.SetValue(options, Convert.ChangeType(value, property.PropertyType));

        Assert.Contains(name, DicomWebOptions.Check(options).Single(), StringComparison.Ordinal);
        Assert.Empty(DicomWebOptions.Check(new DicomWebOptions()));
    }
}
