using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Search;
using Xunit;

namespace SecondOpinion.Storage.Tests.Search;

/// <summary>How SQLite answers the searches that matter: from the index by value to the keys of resources, never over all resources of a type.</summary>
public sealed class SearchPlanTests(SearchData data) : IClassFixture<SearchData>
{
    private const string ByKey = "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)";

    [Theory]
    [InlineData("Task?owner=Organization/x&status=requested,received&_sort=-_lastUpdated", ByKey, "SearchTokens_Parameter_Code_SystemId_ResourceKey (Parameter=? AND Code=?)")]
    [InlineData("Task?owner=Organization/x&status=requested,received&_sort=priority,-authored-on", ByKey, "SearchDates_1 (ResourceKey=? AND Parameter=?)")]
    [InlineData("ImagingStudy?patient.identifier=s|v", ByKey, "SearchReferences_TargetId_TargetType_Parameter_ResourceKey (TargetId=? AND TargetType=? AND Parameter=?)", "(Parameter=? AND Code=? AND SystemId=?)", "SEARCH r0 USING INTEGER PRIMARY KEY")]
    [InlineData("ServiceRequest?identifier=s|v", ByKey, "(Parameter=? AND Code=? AND SystemId=?)")]
    [InlineData("DiagnosticReport?based-on=ServiceRequest/x", ByKey, "(TargetId=? AND TargetType=? AND Parameter=?)")]
    [InlineData("Patient?family=smith&birthdate=1980", ByKey, "SearchStrings_Parameter_Text_ResourceKey (Parameter=? AND Text>? AND Text<?)", "SearchDates_1 (ResourceKey=? AND Parameter=?)")]
    [InlineData("Observation?patient=Patient/x&code=c&date=ge2026", ByKey, "(TargetId=? AND TargetType=? AND Parameter=?)", "SearchTokens_1 (ResourceKey=? AND Parameter=?)")]
    [InlineData("Patient?_id=x", "SEARCH r USING INDEX IX_Resources_Type_Id (Type=? AND Id=?)")]
    [InlineData("Patient?_has:Observation:patient:identifier=s|v", "SEARCH r USING INDEX IX_Resources_Type_Id (Type=? AND Id=?)", "(Parameter=? AND Code=? AND SystemId=?)")]
    [InlineData("ValueSet?url=http://x", ByKey, "SearchUris_Parameter_Uri_ResourceKey (Parameter=? AND Uri")]
    [InlineData("Observation?status=final", ByKey, "(TenantId=? AND Type=?)", "SearchTokens_1 (ResourceKey=? AND Parameter=?)")]
    [InlineData("Patient?", ByKey, "(TenantId=? AND Type=?)")]
    public async Task Search_goes_by_the_index(string search, params string[] steps)
    {
        var store = await data.StoreAsync(() => TestStore.SqliteAsync());
        var plan = await store.ReadAsync(async reader =>
        {
            var question = search.IndexOf('?', StringComparison.Ordinal);
            var request = SearchRequest.ParseQuery(search[..question], search[(question + 1)..]).Value;
            var compiler = new SearchCompiler(reader.Db, "a", null);
            var query = new SearchOrder(reader.Db, compiler, request.ResourceType, request.Sorts).Page(compiler.Matches(request), null, 51);
            await using var command = query.CreateDbCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
            await using var rows = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await rows.ReadAsync())
            {
                lines.Add(rows.GetString(3));
            }

            return string.Join('\n', lines);
        });
        Assert.All(steps, step => Assert.Contains(step, plan, StringComparison.Ordinal));
        Assert.DoesNotContain("SCAN r", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTOMATIC", plan, StringComparison.Ordinal);
    }

    /// <summary>A server that cannot run here is at least asked to translate each kind of search.</summary>
    [Theory]
    [InlineData("Patient?gender:not=male&identifier=s|v,x,|y&family:exact=A&name:contains=b&birthdate=ge1980&_lastUpdated=lt2030&_id=a,b&_tag=x&_profile:below=http://x")]
    [InlineData("Observation?code-value-quantity=c$gt5|http://unitsofmeasure.org|mg,d$1&value-quantity=ne5&subject:missing=false&status:in=http://hl7.org/fhir/ValueSet/observation-status")]
    [InlineData("Observation?patient.general-practitioner:Practitioner.name=x&_has:DiagnosticReport:result:status=final&-compartment=Patient/p")]
    [InlineData("Observation?_sort=patient.family,-date,value-quantity,-_lastUpdated")]
    [InlineData("Patient?_sort=-family,_id")]
    public void Sql_Server_can_translate(string search)
    {
        using var db = new Migrations.SqlServerDesignTime().CreateDbContext([]);
        var question = search.IndexOf('?', StringComparison.Ordinal);
        var request = SearchRequest.ParseQuery(search[..question], search[(question + 1)..]).Value;
        var compiler = new SearchCompiler(db, "a", _ => [SearchRequest.ParseQuery(request.ResourceType!, "_security:missing=true").Value]);
        var order = new SearchOrder(db, compiler, request.ResourceType, request.Sorts);
        var cursor = order.Cursor(new SortedHit { Key = 7, Text0 = request.Sorts.Count > 0 ? "a" : null, Long1 = search.Contains("-date") ? 5 : null, Text1 = search.Contains("_id") ? "b" : null, Long3 = 9 });
        Assert.Contains("TOP(", order.Page(compiler.Matches(request), cursor, 51).ToQueryString(), StringComparison.Ordinal);
        Assert.Contains("SELECT", compiler.Probe(db.Resources, request).ToQueryString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_name_indexes_that_there_are_and_all_of_the_search()
    {
        var store = await data.StoreAsync(() => TestStore.SqliteAsync());
        await using var db = store.Contexts.Create();
        var indexes = await db.Database.SqlQuery<string>($"SELECT tbl_name || ' ' || name AS Value FROM sqlite_master WHERE type = 'index'").ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(SqliteStatistics.Rows, row => Assert.Contains(row.Table + " " + row.Index, indexes));
        Assert.All(indexes.Where(i => i.StartsWith("Search", StringComparison.Ordinal)), i => Assert.Contains(i, SqliteStatistics.Rows.Select(r => r.Table + " " + r.Index)));
        var applied = await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_stat1").SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SqliteStatistics.Rows.Count, applied);
    }

    [Fact]
    public void No_two_parameters_have_one_number()
    {
        var seen = new Dictionary<int, string>();
        foreach (var type in Definitions.ResourceTypes)
        {
            foreach (var parameter in SearchParameters.For(type).SelectMany(p => p.Components.Prepend(p)))
            {
                foreach (var suffix in new[] { "", ParameterId.Identifier, ParameterId.Text, ParameterId.OfType })
                {
                    var name = (parameter.Code.StartsWith('_') ? "" : type) + "." + parameter.Code + suffix;
                    var id = ParameterId.Of(type, parameter.Code, suffix);
                    Assert.True(seen.TryAdd(id, name) || seen[id] == name, $"{name} and {seen[id]}");
                }
            }
        }

        Assert.True(seen.Count > 5000);
    }

    [Theory]
    [InlineData("abc", "abd")]
    [InlineData("a\uD7FF", "b")]
    [InlineData("a\uFFFF", "b")]
    [InlineData("", "\uFFFF")]
    [InlineData("a\U0001F9B7", "b")]
    public void A_prefix_ends_before_the_next_text(string prefix, string end) => Assert.Equal(end, IndexText.PrefixEnd(prefix));

    [Fact]
    public void Long_text_keeps_its_beginning_and_stays_itself()
    {
        var one = IndexText.Fit(new string('a', 300) + "1", 256);
        var two = IndexText.Fit(new string('a', 300) + "2", 256);
        Assert.Equal(256, one.Length);
        Assert.NotEqual(one, two);
        Assert.StartsWith(new string('a', 200), one, StringComparison.Ordinal);
        Assert.Equal(one, IndexText.Fit(new string('a', 300) + "1", 256));
        Assert.Equal(0, IndexText.SystemId(null));
        Assert.NotEqual(0, IndexText.SystemId("http://loinc.org"));
    }
}
