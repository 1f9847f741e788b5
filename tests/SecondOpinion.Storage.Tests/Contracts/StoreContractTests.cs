using System.Text;
using System.Text.Json;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>What every provider promises of resources: identity, versions, time.</summary>
public abstract class StoreContractTests
{
    protected static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient","name":[{"family":"Löwe"}],"multipleBirthInteger":2}""");

    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    [Fact]
    public async Task What_was_written_is_read_with_id_version_and_time()
    {
        await using var store = await OpenAsync();
        store.Time.Now = new DateTimeOffset(2026, 3, 1, 14, 30, 0, 123, 456, TimeSpan.FromHours(2));
        var written = await store.CreateAsync("a", Patient);
        var read = await store.FindAsync("a", "Patient", written.Id);
        Assert.NotNull(read);
        Assert.Equal(
            $$$"""{"resourceType":"Patient","id":"{{{written.Id}}}","meta":{"versionId":"1","lastUpdated":"2026-03-01T12:30:00.123Z"},"name":[{"family":"Löwe"}],"multipleBirthInteger":2}""",
            Encoding.UTF8.GetString(read.Json.Span));
        Assert.Equal(("a", 1, "POST", false, true), (read.TenantId, read.Version, read.Method, read.IsDeleted, read.CanWrite));
        Assert.Equal(read.LastUpdated, read.Parse().LastUpdated);
        Assert.Equal(written with { Json = default }, read with { Json = default });
    }

    [Fact]
    public async Task A_transaction_reads_its_own_writes_and_nobody_else_does_before_the_commit()
    {
        await using var store = await OpenAsync();
        var seen = await store.WriteAsync("a", async t =>
        {
            var created = (await t.Writes.CreateAsync("a", Patient, "p1")).Value;
            var outside = await store.FindAsync("a", "Patient", "p1");
            var inside = await t.Resources.FindAsync("a", "Patient", "p1");
            return (created, outside, inside);
        });
        Assert.Null(seen.outside);
        Assert.Equal(seen.created.Key, seen.inside!.Key);
    }

    [Fact]
    public async Task Every_version_stays_readable()
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("a", Patient, "p1");
        store.Time.Now += TimeSpan.FromSeconds(1);
        var second = await store.UpdateAsync("a", first, Patient.With(p => p["active"] = true));
        var read = await store.ReadAsync(async r => (
            One: await r.Resources.FindVersionAsync("a", "Patient", "p1", 1),
            Two: await r.Resources.FindVersionAsync("a", "Patient", "p1", 2),
            Three: await r.Resources.FindVersionAsync("a", "Patient", "p1", 3),
            Zero: await r.Resources.FindVersionAsync("a", "Patient", "p1", 0)));
        Assert.Equal(first.Json.ToArray(), read.One!.Json.ToArray());
        Assert.Equal("1", read.One.Parse().VersionId);
        Assert.Equal(second.Json.ToArray(), read.Two!.Json.ToArray());
        Assert.Equal("2", read.Two.Parse().VersionId);
        Assert.Null(read.Three);
        Assert.Null(read.Zero);
    }

    [Fact]
    public async Task A_deleted_resource_keeps_its_place_and_may_come_back()
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("a", Patient, "p1");
        var deleted = await store.WriteAsync("a", t => t.Writes.DeleteAsync(first));
        var read = await store.FindAsync("a", "Patient", "p1");
        Assert.True(read!.IsDeleted);
        Assert.Equal((2, "DELETE", 0), (read.Version, read.Method, read.Json.Length));
        var again = await store.WriteAsync("a", t => t.Writes.DeleteAsync(deleted));
        Assert.Equal(2, again.Version);
        var back = await store.UpdateAsync("a", deleted, Patient);
        Assert.Equal((3, "PUT", false), (back.Version, back.Method, back.IsDeleted));
        var history = await store.ReadAsync(r => r.Resources.HistoryAsync("a", "Patient", "p1", null, null, 10, null));
        Assert.Equal(["PUT", "DELETE", "POST"], history.Versions.Select(v => v.Method));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task An_id_that_any_tenant_has_is_a_conflict(string tenant)
    {
        await using var store = await OpenAsync();
        await store.CreateAsync("a", Patient, "p1");
        var outcome = await store.Store.WriteAsync(new Actor(tenant, "test", null), t => t.Writes.CreateAsync(tenant, Patient, "p1"), CancellationToken.None);
        Assert.Equal(RefusalKind.Conflict, outcome.Refusal?.Kind);
        Assert.Equal(1, (await store.FindAsync("a", "Patient", "p1"))!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\"b")]
    [InlineData("ä")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task An_id_that_is_none_is_refused(string id)
    {
        await using var store = await OpenAsync();
        var outcome = await store.Store.WriteAsync(new Actor("a", "test", null), t => t.Writes.CreateAsync("a", Patient, id), CancellationToken.None);
        Assert.Equal(RefusalKind.Invalid, outcome.Refusal?.Kind);
    }

    [Fact]
    public async Task Ids_and_tenants_compare_by_code_point()
    {
        await using var store = await OpenAsync();
        await store.CreateAsync("a", Patient, "Case");
        await store.CreateAsync("A", Patient, "case");
        Assert.Null(await store.FindAsync("a", "Patient", "case"));
        Assert.Null(await store.FindAsync("a", "Patient", "CASE"));
        Assert.NotNull(await store.FindAsync("A", "Patient", "case"));
    }

    [Fact]
    public async Task Time_never_runs_backwards_for_a_resource()
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("a", Patient, "p1");
        store.Time.Now -= TimeSpan.FromHours(1);
        var second = await store.UpdateAsync("a", first, Patient);
        Assert.Equal(first.LastUpdated, second.LastUpdated);
        Assert.Equal(second.LastUpdated, second.Parse().LastUpdated);
    }

    [Fact]
    public async Task Writing_over_a_version_that_is_not_current_is_a_conflict_and_changes_nothing()
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("a", Patient, "p1");
        await store.UpdateAsync("a", first, Patient);
        var outcome = await store.Store.WriteAsync<StoredResource>(new Actor("a", "test", null), async t =>
        {
            await t.Writes.CreateAsync("a", Patient, "p2");
            return await t.Writes.UpdateAsync(first, Patient);
        }, CancellationToken.None);
        Assert.Equal(RefusalKind.Conflict, outcome.Refusal?.Kind);
        Assert.Null(await store.FindAsync("a", "Patient", "p2"));
        Assert.Equal(2, (await store.FindAsync("a", "Patient", "p1"))!.Version);
    }

    [Fact]
    public async Task What_the_sender_wrote_into_meta_stays_except_version_and_time()
    {
        await using var store = await OpenAsync();
        var sent = FhirResource.Parse("""{"meta":{"versionId":"77","_versionId":{"id":"x"},"profile":["http://x.example/p"],"lastUpdated":"2001-01-01T00:00:00Z","tag":[{"code":"t"}]},"active":true,"id":"other","resourceType":"Patient"}""");
        var written = await store.CreateAsync("a", sent, "p1");
        using var json = JsonDocument.Parse(written.Json);
        Assert.Equal(["resourceType", "id", "meta", "active"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("p1", json.RootElement.GetProperty("id").GetString());
        Assert.Equal(["versionId", "lastUpdated", "profile", "tag"], json.RootElement.GetProperty("meta").EnumerateObject().Select(p => p.Name));
        Assert.Equal("1", written.Parse().VersionId);
    }

    [Fact]
    public async Task A_transaction_lists_its_changes_in_order()
    {
        await using var store = await OpenAsync();
        var changes = await store.WriteAsync("a", async t =>
        {
            var one = (await t.Writes.CreateAsync("a", Patient, "p1")).Value;
            var two = await t.Writes.UpdateAsync(one, Patient, "PATCH");
            await t.Writes.DeleteAsync(two);
            return t.Changes.ToList();
        });
        Assert.Equal([(null, 1), (1, 2), (2, 3)], changes.Select(c => (c.Before?.Version, c.After.Version)));
        Assert.Equal(["p1", "p1", null], changes.Select(c => c.Resource?.Id));
        Assert.Equal(["POST", "PATCH", "DELETE"], changes.Select(c => c.After.Method));
    }

    [Fact]
    public async Task A_resource_at_the_limits_of_its_sender_is_stored_and_read()
    {
        await using var store = await OpenAsync();
        var nested = string.Concat(Enumerable.Repeat("""{"linkId":"x","type":"group","item":[""", 120)) + string.Concat(Enumerable.Repeat("]}", 120));
        nested = nested.Replace(""","item":[]}""", "}", StringComparison.Ordinal);
        var parsed = FhirResource.TryParse(
            Encoding.UTF8.GetBytes($$"""{"resourceType":"Questionnaire","status":"draft","item":[{{nested}}]}"""), new FhirParseOptions { MaxDepth = 500 });
        var written = await store.CreateAsync("a", parsed.Resource!, "q1");
        Assert.Equal("q1", (await store.FindAsync("a", "Questionnaire", "q1"))!.Parse().Id);
        Assert.Equal(written.Json.ToArray(), written.Parse().Json.ToArray());
    }
}
