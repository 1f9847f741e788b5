using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>What a tenant sees: its own, and what a case shares with it now. The same answer from find, version, history and the query all else builds on.</summary>
public abstract class VisibilityContractTests
{
    private static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient","active":true}""");

    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    public enum Relation
    {
        Owner,
        SharedToRead,
        SharedToWrite,
        Foreign,
        Revoked,
        SharedByAnotherCaseStill,
    }

    [Theory]
    [InlineData(Relation.Owner, true, true)]
    [InlineData(Relation.SharedToRead, true, false)]
    [InlineData(Relation.SharedToWrite, true, true)]
    [InlineData(Relation.Foreign, false, false)]
    [InlineData(Relation.Revoked, false, false)]
    [InlineData(Relation.SharedByAnotherCaseStill, true, false)]
    public async Task Each_way_to_a_resource_answers_alike(Relation relation, bool isVisible, bool canWrite)
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("owner", Patient, "p1");
        var second = await store.UpdateAsync("owner", first, Patient);
        await store.CreateAsync("owner", Patient, "other");
        await RelateAsync(store, second, relation);
        var asking = relation == Relation.Owner ? "owner" : "asking";

        var find = await store.FindAsync(asking, "Patient", "p1");
        var past = await store.ReadAsync(r => r.Resources.FindVersionAsync(asking, "Patient", "p1", 1));
        var current = await store.ReadAsync(r => r.Resources.FindVersionAsync(asking, "Patient", "p1", 2));
        var history = await store.ReadAsync(r => r.Resources.HistoryAsync(asking, "Patient", "p1", null, null, 10, null));
        var ofType = await store.ReadAsync(r => r.Resources.HistoryAsync(asking, "Patient", null, null, null, 10, null));
        var ofAll = await store.ReadAsync(r => r.Resources.HistoryAsync(asking, null, null, null, null, 10, null));
        var visible = await store.ReadAsync(r => r.Resources.Visible(asking).CountAsync(x => x.Id == "p1"));

        Assert.Equal(isVisible, find is not null);
        Assert.Equal(isVisible, past is not null);
        Assert.Equal(isVisible, current is not null);
        Assert.Equal(isVisible ? 2 : 0, history.Total);
        Assert.Equal(history.Total, history.Versions.Count);
        Assert.Equal(isVisible ? 2 : 0, ofType.Versions.Count(v => v.Id == "p1"));
        Assert.Equal(isVisible ? 2 : 0, ofAll.Versions.Count(v => v.Id == "p1"));
        Assert.Equal(ofAll.Total, ofAll.Versions.Count);
        Assert.Equal(isVisible ? 1 : 0, visible);
        Assert.Equal(canWrite, find?.CanWrite ?? false);
        Assert.Equal(canWrite, past?.CanWrite ?? false);
        if (relation != Relation.Owner)
        {
            Assert.Null(await store.FindAsync(asking, "Patient", "other"));
            Assert.DoesNotContain(ofAll.Versions, v => v.Id == "other");
        }
    }

    [Fact]
    public async Task A_share_shows_later_versions_and_the_deletion_too()
    {
        await using var store = await OpenAsync();
        var first = await store.CreateAsync("owner", Patient, "p1");
        await store.WriteAsync("owner", Share(first.Key, "reader", "case1"));
        var second = await store.UpdateAsync("owner", first, Patient);
        Assert.Equal(2, (await store.FindAsync("reader", "Patient", "p1"))!.Version);
        await store.WriteAsync("owner", t => t.Writes.DeleteAsync(second));
        Assert.True((await store.FindAsync("reader", "Patient", "p1"))!.IsDeleted);
        Assert.NotNull(await store.ReadAsync(r => r.Resources.FindVersionAsync("reader", "Patient", "p1", 1)));
    }

    [Fact]
    public async Task Sharing_twice_is_harmless_and_takes_no_right_back()
    {
        await using var store = await OpenAsync();
        var task = await store.CreateAsync("owner", Patient, "p1");
        await store.WriteAsync("owner", Share(task.Key, "reader", "case1"));
        Assert.False((await store.FindAsync("reader", "Patient", "p1"))!.CanWrite);
        await store.WriteAsync("owner", Share(task.Key, "reader", "case1", canWrite: true));
        await store.WriteAsync("owner", Share(task.Key, "reader", "case1"));
        Assert.True((await store.FindAsync("reader", "Patient", "p1"))!.CanWrite);
        Assert.Equal(1, await store.ReadAsync(r => r.Db.Shares.CountAsync()));
    }

    [Fact]
    public async Task A_case_shares_studies_and_takes_them_back_from_one_tenant_only()
    {
        await using var store = await OpenAsync();
        await store.WriteAsync("owner", async t =>
        {
            var study = new StudyRow { TenantId = "owner", StudyInstanceUid = "1.2.3" };
            t.Db.Studies.Add(study);
            await t.Db.SaveChangesAsync();
            await t.Writes.ShareStudyAsync(study.Key, "reader", "case1");
            await t.Writes.ShareStudyAsync(study.Key, "reader", "case1");
            await t.Writes.ShareStudyAsync(study.Key, "other", "case1");
            return true;
        });
        Assert.Equal(2, await store.ReadAsync(r => r.Db.StudyShares.CountAsync()));
        await store.WriteAsync("owner", async t =>
        {
            await t.Writes.UnshareAsync("reader", "case1");
            return true;
        });
        Assert.Equal("other", await store.ReadAsync(r => r.Db.StudyShares.Select(s => s.TenantId).SingleAsync()));
    }

    private static async Task RelateAsync(TestStore store, StoredResource resource, Relation relation)
    {
        switch (relation)
        {
            case Relation.SharedToRead:
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case1"));
                break;
            case Relation.SharedToWrite:
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case1"));
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case2", canWrite: true));
                break;
            case Relation.Foreign:
                await store.WriteAsync("owner", Share(resource.Key, "third", "case1", canWrite: true));
                break;
            case Relation.Revoked:
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case1", canWrite: true));
                await store.WriteAsync("owner", Unshare("asking", "case1"));
                break;
            case Relation.SharedByAnotherCaseStill:
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case1", canWrite: true));
                await store.WriteAsync("owner", Share(resource.Key, "asking", "case2"));
                await store.WriteAsync("owner", Unshare("asking", "case1"));
                break;
        }
    }

    private static Func<StoreTransaction, Task<bool>> Share(long key, string tenant, string caseId, bool canWrite = false) => async t =>
    {
        await t.Writes.ShareAsync(key, tenant, caseId, canWrite);
        return true;
    };

    private static Func<StoreTransaction, Task<bool>> Unshare(string tenant, string caseId) => async t =>
    {
        await t.Writes.UnshareAsync(tenant, caseId);
        return true;
    };
}
