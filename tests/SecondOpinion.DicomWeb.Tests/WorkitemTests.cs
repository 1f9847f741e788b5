using System.Net;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

public sealed class WorkitemTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Theory]
    [InlineData("", true)]
    [InlineData("?ProcedureStepState=SCHEDULED", true)]
    [InlineData("?00741000=COMPLETED", false)]
    [InlineData("?ScheduledProcedureStepPriority=MEDIUM&PatientID=P-1", true)]
    [InlineData("?PatientName=muller", true)]
    [InlineData("?ReferencedRequestSequence.AccessionNumber=ACC-1", true)]
    [InlineData("?ScheduledProcedureStepStartDateTime=20260214", true)]
    [InlineData("?ScheduledProcedureStepStartDateTime=20260214101531-", false)]
    [InlineData("?ScheduledProcedureStepStartDateTime=20260214111530%2B0100", true)]
    [InlineData("?ExpectedCompletionDateTime=-20260215", true)]
    [InlineData("?ExpectedCompletionDateTime=-20260214", false)]
    [InlineData("?ProcedureStepLabel=Second*", true)]
    public async Task Work_items_are_found_by_their_keys(string query, bool isMatch)
    {
        var client = host.NewTenant();
        var uid = await Workitems.AddAsync(host, client.Tenant, "SCHEDULED");

        var found = await client.SearchAsync("/dicomweb/workitems" + query);

        Assert.Equal(isMatch ? [uid] : [], found.Select(w => w.Value("00080018")!));
    }

    [Fact]
    public async Task A_work_item_is_seen_by_whom_its_Task_is_shared_with()
    {
        var (owner, reader, stranger) = (host.NewTenant(), host.NewTenant(), host.NewTenant());
        var uid = await Workitems.AddAsync(host, owner.Tenant, "SCHEDULED", reader.Tenant);

        Assert.Single(await reader.SearchAsync("/dicomweb/workitems"));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/dicomweb/workitems/" + uid)).StatusCode);
        Assert.Empty(await stranger.SearchAsync("/dicomweb/workitems"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/dicomweb/workitems/" + uid)).StatusCode);
    }

    [Fact]
    public async Task The_Transaction_UID_never_goes_out()
    {
        var client = host.NewTenant();
        var uid = await Workitems.AddAsync(host, client.Tenant, "IN PROGRESS", edit: d => d.Set(DicomTags.TransactionUID, "1.2.3.4.5"));

        var one = await (await client.GetAsync("/dicomweb/workitems/" + uid)).Content.ReadAsStringAsync();
        var all = await (await client.GetAsync("/dicomweb/workitems?TransactionUID=1.2.3.4.5")).Content.ReadAsStringAsync();

        Assert.Contains(uid, one, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2.3.4.5", one + all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_work_items_say_how_much_is_left()
    {
        var client = host.NewTenant();
        for (var i = 0; i < 5; i++)
        {
            var start = $"2026021{i}101530+0000";
            await Workitems.AddAsync(host, client.Tenant, "SCHEDULED", change: row => row.ScheduledStart = start);
        }

        var response = await client.GetAsync("/dicomweb/workitems?limit=2&offset=1");

        Assert.Equal(2, (await DicomWebClient.JsonAsync(response)).GetArrayLength());
        Assert.Equal("299 SecondOpinion: There are 2 additional results that can be requested", Assert.Single(DicomWebClient.Warnings(response)));
    }
}
