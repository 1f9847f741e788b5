using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>FHIR R4 http.html#history over current and past versions.</summary>
public abstract class HistoryContractTests
{
    private static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient"}""");
    private static readonly FhirResource Device = FhirResource.Parse("""{"resourceType":"Device"}""");
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    [Fact]
    public async Task Pages_give_every_version_once_newest_first()
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        foreach (var size in (int[])[1, 2, 3, 100])
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await store.ReadAsync(r => r.Resources.HistoryAsync("a", null, null, null, null, size, cursor));
                Assert.Equal(7, page.Total);
                Assert.True(page.Versions.Count <= size);
                seen.AddRange(page.Versions.Select(Name));
                cursor = page.Next;
            }
            while (cursor is not null);

            Assert.Equal(["Patient/p1/3", "Device/d1/2", "Patient/p2/1", "Patient/shared/1", "Patient/p1/2", "Device/d1/1", "Patient/p1/1"], seen);
        }
    }

    [Fact]
    public async Task Type_and_instance_narrow_it()
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        Assert.Equal(["Device/d1/2", "Device/d1/1"], await NamesAsync(store, "Device", null));
        Assert.Equal(["Patient/p1/3", "Patient/p1/2", "Patient/p1/1"], await NamesAsync(store, "Patient", "p1"));
        Assert.Empty(await NamesAsync(store, "Device", "p1"));
        Assert.Empty(await NamesAsync(store, "Patient", "hidden"));
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(1, 6)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(6, 0)]
    public async Task Since_is_inclusive(int seconds, int expected)
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        var page = await store.ReadAsync(r => r.Resources.HistoryAsync("a", null, null, Start.AddSeconds(seconds), null, 10, null));
        Assert.Equal(expected, page.Versions.Count);
        Assert.Equal(expected, page.Total);
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(0, "Patient/p1/1")]
    [InlineData(1.5, "Device/d1/1 Patient/p1/1")]
    [InlineData(2, "Patient/shared/1 Patient/p1/2 Device/d1/1")]
    [InlineData(9, "Patient/p1/3 Device/d1/2 Patient/p2/1 Patient/shared/1")]
    public async Task At_gives_the_versions_that_were_current_then(double seconds, string expected)
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        var page = await store.ReadAsync(r => r.Resources.HistoryAsync("a", null, null, null, Start.AddSeconds(seconds), 10, null));
        Assert.Equal(expected, string.Join(' ', page.Versions.Select(Name)));
        Assert.Equal(page.Versions.Count, page.Total);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.2")]
    [InlineData("99999999999999999999.1.1")]
    [InlineData("-1.-1.-1")]
    public async Task A_cursor_that_none_made_begins_again(string cursor)
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        var page = await store.ReadAsync(r => r.Resources.HistoryAsync("a", null, null, null, null, 10, cursor));
        Assert.Equal(7, page.Versions.Count);
    }

    [Fact]
    public async Task Versions_that_share_a_time_are_paged_too()
    {
        await using var store = await OpenAsync();
        var current = await store.CreateAsync("a", Patient, "p1");
        for (var i = 0; i < 4; i++)
        {
            current = await store.UpdateAsync("a", current, Patient);
        }

        var first = await store.ReadAsync(r => r.Resources.HistoryAsync("a", "Patient", "p1", null, null, 3, null));
        var second = await store.ReadAsync(r => r.Resources.HistoryAsync("a", "Patient", "p1", null, null, 3, first.Next));
        Assert.Equal([5, 4, 3], first.Versions.Select(v => v.Version));
        Assert.Equal([2, 1], second.Versions.Select(v => v.Version));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_page_of_none_still_counts()
    {
        await using var store = await OpenAsync();
        await FillAsync(store);
        var page = await store.ReadAsync(r => r.Resources.HistoryAsync("a", null, null, null, null, 0, null));
        Assert.Empty(page.Versions);
        Assert.Equal(7, page.Total);
        Assert.Null(page.Next);
    }

    // One second apart; p1 and its share by b lie in the same second, as do p2 and the device's second version.
    private static async Task FillAsync(TestStore store)
    {
        store.Time.Now = Start;
        var p1 = await store.CreateAsync("a", Patient, "p1");
        store.Time.Now = Start.AddSeconds(1);
        var d1 = await store.CreateAsync("a", Device, "d1");
        store.Time.Now = Start.AddSeconds(2);
        p1 = await store.UpdateAsync("a", p1, Patient);
        var shared = await store.CreateAsync("b", Patient, "shared");
        await store.WriteAsync("b", async t =>
        {
            await t.Writes.ShareAsync(shared.Key, "a", "case1");
            return true;
        });
        store.Time.Now = Start.AddSeconds(3);
        await store.CreateAsync("a", Patient, "p2");
        store.Time.Now = Start.AddSeconds(4);
        await store.UpdateAsync("a", d1, Device);
        store.Time.Now = Start.AddSeconds(5);
        await store.WriteAsync("a", t => t.Writes.DeleteAsync(p1));
        await store.CreateAsync("b", Patient, "hidden");
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestStore store, string? type, string? id) =>
        (await store.ReadAsync(r => r.Resources.HistoryAsync("a", type, id, null, null, 10, null))).Versions.Select(Name);

    private static string Name(StoredResource version) => $"{version.Reference}/{version.Version}";
}
