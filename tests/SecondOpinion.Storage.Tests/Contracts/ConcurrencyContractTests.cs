using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>Many writers at once: all land, none is lost, and one's failure is nobody else's.</summary>
public abstract class ConcurrencyContractTests
{
    private static readonly Actor Actor = new("a", "test", null);
    private static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient","multipleBirthInteger":0}""");

    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    [Fact]
    public async Task Concurrent_creates_all_land()
    {
        await using var store = await OpenAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => store.CreateAsync("a", Patient, "p" + i))));
        Assert.Equal(40, created.Select(c => c.Key).Distinct().Count());
        Assert.Equal(40, await store.ReadAsync(r => r.Resources.Visible("a").CountAsync()));
    }

    [Fact]
    public async Task Concurrent_edits_of_one_resource_lose_nothing()
    {
        await using var store = await OpenAsync();
        await store.CreateAsync("a", Patient, "p1");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.WriteAsync("a", async t =>
        {
            var current = (await t.Resources.FindAsync("a", "Patient", "p1"))!;
            var count = int.Parse(current.Parse().Root.Text("multipleBirthInteger")!, CultureInfo.InvariantCulture);
            return await t.Writes.UpdateAsync(current, Patient.With(p => p["multipleBirthInteger"] = count + 1));
        }))));
        var last = (await store.FindAsync("a", "Patient", "p1"))!;
        Assert.Equal("8", last.Parse().Root.Text("multipleBirthInteger"));
        Assert.Equal(9, last.Version);
    }

    [Fact]
    public async Task One_of_many_creates_of_an_id_wins_and_the_others_are_refused()
    {
        await using var store = await OpenAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            store.Store.WriteAsync(Actor, t => t.Writes.CreateAsync("a", Patient, "p1"), CancellationToken.None))));
        Assert.Single(outcomes, o => !o.IsRefused);
        Assert.All(outcomes.Where(o => o.IsRefused), o => Assert.Equal(RefusalKind.Conflict, o.Refusal!.Kind));
    }

    [Fact]
    public async Task A_conditional_create_by_many_makes_one()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.WriteAsync("a", async t =>
        {
            var match = await t.Resources.Visible("a").FirstOrDefaultAsync(r => r.Type == "Patient");
            return match is null ? (await t.Writes.CreateAsync("a", Patient)).Value.Key : match.Key;
        }))));
        Assert.Equal(1, await store.ReadAsync(r => r.Resources.Visible("a").CountAsync()));
    }

    [Fact]
    public async Task A_refusal_takes_back_its_own_write_only()
    {
        await using var store = await OpenAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => store.Store.WriteAsync<int>(Actor, async t =>
        {
            await t.Writes.CreateAsync("a", Patient, "p" + i);
            return i % 2 == 0 ? i : Refusal.Of(RefusalKind.Unprocessable, "business-rule", "odd");
        }, CancellationToken.None))));
        Assert.Equal(10, outcomes.Count(o => !o.IsRefused));
        var ids = await store.ReadAsync(r => r.Resources.Visible("a").Select(x => x.Id).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => "p" + 2 * i).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_exception_reaches_its_caller_and_takes_back_its_own_write_only()
    {
        await using var store = await OpenAsync();
        var failing = Task.Run(() => store.WriteAsync<int>("a", async t =>
        {
            await t.Writes.CreateAsync("a", Patient, "bad");
            throw new InvalidDataException("mine");
        }));
        await store.CreateAsync("a", Patient, "good");
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        Assert.Null(await store.FindAsync("a", "Patient", "bad"));
        Assert.NotNull(await store.FindAsync("a", "Patient", "good"));
        await store.CreateAsync("a", Patient, "bad");
    }

    [Fact]
    public async Task A_hook_sees_the_changes_and_writes_in_the_same_commit()
    {
        await using var store = await OpenAsync(async (t, _) =>
        {
            Assert.Equal("p1", Assert.Single(t.Changes).After.Id);
            await t.Writes.CreateAsync("a", Patient, "projection");
            return null;
        });
        await store.CreateAsync("a", Patient, "p1");
        Assert.NotNull(await store.FindAsync("a", "Patient", "projection"));
    }

    [Fact]
    public async Task A_hook_that_refuses_undoes_the_write()
    {
        await using var store = await OpenAsync((_, _) => Task.FromResult<Refusal?>(Refusal.Of(RefusalKind.Unprocessable, "business-rule", "no")));
        var outcome = await store.Store.WriteAsync(Actor, t => t.Writes.CreateAsync("a", Patient, "p1"), CancellationToken.None);
        Assert.Equal(RefusalKind.Unprocessable, outcome.Refusal!.Kind);
        Assert.Null(await store.FindAsync("a", "Patient", "p1"));
    }

    [Fact]
    public async Task Hooks_are_not_asked_about_a_write_that_changed_no_resource()
    {
        await using var store = await OpenAsync((_, _) => throw new InvalidOperationException("asked"));
        Assert.True(await store.WriteAsync("a", _ => Task.FromResult(true)));
    }

    [Fact]
    public async Task A_read_sees_one_state_of_the_database()
    {
        await using var store = await OpenAsync();
        await store.CreateAsync("a", Patient, "p1");
        var (before, after) = await store.ReadAsync(async r =>
        {
            var first = await r.Resources.Visible("a").CountAsync();
            await store.CreateAsync("a", Patient, "p2");
            return (first, await r.Resources.Visible("a").CountAsync());
        });
        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, await store.ReadAsync(r => r.Resources.Visible("a").CountAsync()));
    }

    [Fact]
    public async Task A_read_that_fails_harms_no_later_read()
    {
        await using var store = await OpenAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadAsync<int>(_ => throw new InvalidDataException()));
        Assert.Equal(0, await store.ReadAsync(r => r.Resources.Visible("a").CountAsync()));
    }

    [Fact]
    public async Task A_write_cancelled_before_it_begins_never_runs()
    {
        await using var store = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var ran = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Store.WriteAsync<int>(Actor, _ =>
        {
            ran = true;
            return Task.FromResult<Outcome<int>>(1);
        }, cancel.Token));
        Assert.False(ran);
    }

    [Fact]
    public async Task A_write_cancelled_after_it_began_is_kept()
    {
        await using var store = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        var outcome = await store.Store.WriteAsync(Actor, async t =>
        {
            var created = await t.Writes.CreateAsync("a", Patient, "p1");
            await cancel.CancelAsync();
            return created;
        }, cancel.Token);
        Assert.False(outcome.IsRefused);
        Assert.NotNull(await store.FindAsync("a", "Patient", "p1"));
    }
}
