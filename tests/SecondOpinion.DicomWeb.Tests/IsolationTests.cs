using System.Net;
using Microsoft.AspNetCore.Routing;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

/// <summary>Whatever route there is, a stranger sees nothing through it. The routes come from the running program, so that a new one cannot be forgotten.</summary>
public sealed class IsolationTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Fact]
    public async Task No_route_shows_a_tenant_what_is_another_tenants()
    {
        var owner = host.NewTenant();
        var stranger = host.NewTenant();
        var image = TestFiles.Image();
        await owner.StoreAsync(image.File());
        var workitem = await Workitems.AddAsync(host, owner.Tenant, "SCHEDULED");

        var checkedRoutes = 0;
        foreach (var endpoint in host.Endpoints.Where(e => Methods(e).Contains("GET")))
        {
            var path = PathOf(endpoint, image, workitem);
            var isSearch = endpoint.RoutePattern.RawText!.EndsWith("/studies", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.EndsWith("/series", StringComparison.Ordinal)
                || endpoint.RoutePattern.RawText.EndsWith("/instances", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.EndsWith("/workitems", StringComparison.Ordinal);

            var own = await owner.GetAsync(path);
            var other = await stranger.GetAsync(path);

            Assert.True(own.StatusCode == HttpStatusCode.OK, $"{path}: {own.StatusCode}");
            if (isSearch)
            {
                Assert.NotEqual("[]", await own.Content.ReadAsStringAsync());
                Assert.Equal("[]", await other.Content.ReadAsStringAsync());
            }
            else
            {
                Assert.True(other.StatusCode == HttpStatusCode.NotFound, $"{path}: {other.StatusCode}");
                Assert.DoesNotContain("P-1", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

            checkedRoutes++;
        }

        Assert.Equal(25, checkedRoutes);
    }

    [Fact]
    public async Task Two_tenants_may_store_the_same_study_without_meeting()
    {
        var (first, second) = (host.NewTenant(), host.NewTenant());
        var image = TestFiles.Image();
        var changed = TestFiles.Image(image.Study(), image.GetString(DicomTags.SeriesInstanceUID), image.GetString(DicomTags.SOPInstanceUID)).Set(DicomTags.PatientID, "P-2");

        Assert.Equal(HttpStatusCode.OK, (await first.StoreAsync(image.File())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.StoreAsync(changed.File())).StatusCode);

        Assert.Equal("P-1", Assert.Single(await first.SearchAsync("/dicomweb/studies")).Value("00100020"));
        Assert.Equal("P-2", Assert.Single(await second.SearchAsync("/dicomweb/studies")).Value("00100020"));
        Assert.Equal(changed.File(), await (await second.GetAsync(image.InstancePath(), "application/dicom")).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_shared_study_is_found_and_read_until_the_share_is_taken_back()
    {
        var (owner, reader) = (host.NewTenant(), host.NewTenant());
        var image = TestFiles.Image();
        await owner.StoreAsync(image.File());
        await owner.StoreAsync(TestFiles.Image().File());
        await reader.StoreAsync(TestFiles.Image().Set(DicomTags.PatientID, "own").File());

        await Workitems.ShareStudyAsync(host, image.Study(), owner.Tenant, reader.Tenant);

        Assert.Equal(["P-1", "own"], (await reader.SearchAsync("/dicomweb/studies")).Select(s => s.Value("00100020")!).Order(StringComparer.Ordinal));
        Assert.Equal(image.Study(), Assert.Single(await reader.SearchAsync("/dicomweb/instances?PatientID=P-1")).Value("0020000D"));
        Assert.Equal(image.Study(), Assert.Single(await reader.SearchAsync("/dicomweb/series?PatientID=P-1")).Value("0020000D"));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(image.InstancePath() + "/rendered")).StatusCode);

        await Workitems.UnshareAsync(host, owner.Tenant, reader.Tenant);

        Assert.Single(await reader.SearchAsync("/dicomweb/studies"));
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync(image.InstancePath() + "/rendered")).StatusCode);
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static string PathOf(RouteEndpoint endpoint, DicomDataset image, string workitem)
    {
        var path = endpoint.RoutePattern.RawText!
            .Replace("{study}", image.Study(), StringComparison.Ordinal)
            .Replace("{series}", image.GetString(DicomTags.SeriesInstanceUID), StringComparison.Ordinal)
            .Replace("{instance}", image.GetString(DicomTags.SOPInstanceUID), StringComparison.Ordinal)
            .Replace("{frames}", "1", StringComparison.Ordinal)
            .Replace("{**path}", "7FE00010", StringComparison.Ordinal)
            .Replace("{workitem}", workitem, StringComparison.Ordinal);
        return path.EndsWith("/wado", StringComparison.Ordinal)
            ? path + $"?requestType=WADO&studyUID={image.Study()}&seriesUID={image.GetString(DicomTags.SeriesInstanceUID)}&objectUID={image.GetString(DicomTags.SOPInstanceUID)}"
            : path;
    }
}
