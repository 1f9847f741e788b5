using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Tests.Cases;
using Xunit;

namespace SecondOpinion.Storage.Tests.Search;

/// <summary>SQLite: a new version writes the index rows that differ from those of the version before, and no value twice.</summary>
public sealed class IndexDifferenceTests
{
    [Fact]
    public async Task Rows_of_what_stayed_are_not_written_again()
    {
        await using var store = await TestStore.SqliteAsync();
        var created = await store.CreateAsync("a", FhirResource.Parse("""{"resourceType":"Patient","gender":"female","identifier":[{"value":"1"},{"value":"2"},{"value":"3"}]}"""));
        var before = await TokensAsync(store, created.Key);

        var updated = await store.UpdateAsync("a", created, FhirResource.Parse("""{"resourceType":"Patient","gender":"female","identifier":[{"value":"0"},{"value":"1"},{"value":"3"}]}"""));

        var after = await TokensAsync(store, created.Key);
        Assert.Equal(before.Select(r => r.Code).Where(c => c != "2").Append("0").Order(StringComparer.Ordinal), after.Select(r => r.Code).Order(StringComparer.Ordinal));
        Assert.Equal(before.Where(r => r.Code != "2"), after.Where(r => r.Code != "0"));

        await store.WriteAsync("a", t => t.Writes.DeleteAsync(updated));
        Assert.Empty(await TokensAsync(store, created.Key));
    }

    [Fact]
    public async Task A_value_that_a_resource_has_twice_has_one_row()
    {
        await using var store = await TestStore.SqliteAsync();
        var created = await store.CreateAsync("a", FhirResource.Parse("""{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"},{"system":"urn:x","value":"1"},{"system":"urn:y","value":"1"}]}"""));

        Assert.Equal(2, (await TokensAsync(store, created.Key)).Count(r => r.Code == "1"));
    }

    [Fact]
    public async Task Instances_of_a_study_share_the_row_of_their_class_and_are_each_found()
    {
        await using var world = await CaseWorld.OpenAsync();
        foreach (var number in new[] { 2, 3, 1 })
        {
            await world.StoreImageAsync(number: number);
        }

        var study = Assert.Single(await world.AllAsync(CaseWorld.Practice, "ImagingStudy"));
        var codes = (await TokensAsync(world.Store, study.Key)).ConvertAll(r => r.Code);
        Assert.Single(codes, "urn:oid:1.2.840.10008.5.1.4.1.1.1.3");
        Assert.All(new[] { "1.2.3.1.1", "1.2.3.1.2", "1.2.3.1.3" }, uid => Assert.Single(codes, uid));
        Assert.Equal(["1.2.3.1.1", "1.2.3.1.2", "1.2.3.1.3"], study.Parse().Root["series"].All("instance").Select(i => i.Text("uid")));
    }

    private static Task<List<(long Row, string Code)>> TokensAsync(TestStore store, long key) => store.ReadAsync(async r =>
    {
        var rows = new List<(long, string)>();
        await using var command = r.Db.Database.GetDbConnection().CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT rowid, \"Code\" FROM \"SearchTokens\" WHERE \"ResourceKey\" = {key} ORDER BY rowid");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        return rows;
    });
}
