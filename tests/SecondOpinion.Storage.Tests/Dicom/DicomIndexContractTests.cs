using SecondOpinion.Dicom;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Storage.Tests.Dicom;

/// <summary>What every provider promises of the DICOM index: one row per thing, counters, matching, order, tenants apart.</summary>
public abstract class DicomIndexContractTests
{
    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    private static DicomDataset Image(string study, string series, string instance, Action<DicomDataset>? change = null)
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.SOPClassUID, DicomUids.DigitalIntraOralXRayImageStorageForPresentation)
            .Set(DicomTags.SOPInstanceUID, instance)
            .Set(DicomTags.StudyDate, "20260214")
            .Set(DicomTags.StudyTime, "101530")
            .Set(DicomTags.AccessionNumber, "A_1%")
            .Set(DicomTags.Modality, "IO")
            .Set(DicomTags.PatientName, "Müller^Jörg=山田^太郎")
            .Set(DicomTags.PatientID, "P-1")
            .Set(DicomTags.StudyInstanceUID, study)
            .Set(DicomTags.SeriesInstanceUID, series)
            .Set(DicomTags.SeriesNumber, 1)
            .Set(DicomTags.InstanceNumber, 1);
        change?.Invoke(dataset);
        return dataset;
    }

    private static async Task<IReadOnlyList<AddResult>> AddAsync(TestStore store, string tenant, params DicomDataset[] datasets)
    {
        var staging = new InstanceStaging(new FolderBlobStore(Path.Combine(store.Options.DataFolder, "blobs")));
        var staged = new List<StagedInstance>();
        foreach (var dataset in datasets)
        {
            staged.Add(await staging.StageAsync(DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian), CancellationToken.None));
        }

        return await store.WriteAsync(tenant, t => t.DicomIndex.AddAsync(tenant, staged));
    }

    private static Task<StudyQueryPage> FindAsync(TestStore store, string tenant, QueryLevel level, Dictionary<string, string>? matches = null, int offset = 0, int limit = 100, string? study = null) =>
        store.ReadAsync(r => new StudySearch(r.Db).RunAsync(tenant, new StudyQuery(level, study, null, matches ?? [], offset, limit)));

    [Fact]
    public async Task A_batch_makes_one_row_per_study_series_and_instance_and_counts_them()
    {
        await using var store = await OpenAsync();

        var results = await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"), Image("1.1", "1.1.1", "1.1.1.2"), Image("1.1", "1.1.2", "1.1.2.1", d => d.Set(DicomTags.Modality, "PX")), Image("1.2", "1.2.1", "1.2.1.1"));

        Assert.All(results, r => Assert.Equal(AddResult.Added, r));
        var studies = (await FindAsync(store, "a", QueryLevel.Study)).Results.Select(r => r.Study).OrderBy(s => s.StudyInstanceUid, StringComparer.Ordinal).ToList();
        Assert.Equal([("1.1", 2, 3, "\\IO\\PX\\"), ("1.2", 1, 1, "\\IO\\")], studies.Select(s => (s.StudyInstanceUid, s.SeriesCount, s.InstanceCount, s.Modalities)));
        Assert.Equal(4, (await FindAsync(store, "a", QueryLevel.Instance)).Results.Count);
        var tree = await store.WriteAsync("a", t => t.DicomIndex.StudyAsync(studies[0].Key));
        Assert.Equal([2, 1], tree!.Series.Select(s => s.Instances.Count));
    }

    [Fact]
    public async Task The_same_bytes_are_a_retry_and_other_bytes_a_conflict()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"));

        var again = await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"), Image("1.1", "1.1.1", "1.1.1.1", d => d.Set(DicomTags.PatientID, "x")), Image("1.1", "1.1.1", "1.1.1.3"), Image("1.1", "1.1.1", "1.1.1.3"));

        Assert.Equal([AddResult.AlreadyStored, AddResult.Conflict, AddResult.Added, AddResult.AlreadyStored], again);
        var study = Assert.Single((await FindAsync(store, "a", QueryLevel.Study)).Results).Study;
        Assert.Equal((2, "P-1"), (study.InstanceCount, study.PatientId));
    }

    private static readonly (string Path, string Value, bool IsMatch)[] Matches =
    [
        ("00100020", "P-1", true),
        ("00100020", "P*", true),
        ("00080050", "A_1%", true),
        ("00080050", "A?1%", true),
        ("00080050", "Ax1*", false),
        ("00080050", "A__%", false),
        ("00100010", "MULLER^JORG", true),
        ("00100010", "müller", true),
        ("00100010", "mül*", true),
        ("00100010", "mül", false),
        ("00100010", "山田", true),
        ("00100010", "*太郎", true),
        ("00080020", "20260201-20260228", true),
        ("00080020", "-20260213", false),
        ("00080030", "1015", true),
        ("00080030", "1016-", false),
        ("00080061", "IO", true),
        ("00080061", "O", false),
        ("0020000D", "1.1,1.9", true),
        ("0020000D", "1.9", false),
    ];

    /// <summary>One test for all rows: opening a store takes longer than all of them.</summary>
    [Fact]
    public async Task Keys_match()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"));

        foreach (var (path, value, isMatch) in Matches)
        {
            foreach (var level in Enum.GetValues<QueryLevel>())
            {
                var found = (await FindAsync(store, "a", level, new() { [path] = value })).Results.Count;
                Assert.True(found == (isMatch ? 1 : 0), $"{path}={value} at {level}: {found}");
            }
        }
    }

    [Fact]
    public async Task Date_and_time_ranges_together_are_one_range()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", [.. Enumerable.Range(13, 3).Select(day => Image($"1.{day}", $"1.{day}.1", $"1.{day}.1.1", d => d.Set(DicomTags.StudyDate, $"202602{day}")))]);

        var found = await FindAsync(store, "a", QueryLevel.Study, new() { ["00080020"] = "20260213-20260215", ["00080030"] = "1100-1000" });

        Assert.Equal(["1.14"], found.Results.Select(r => r.Study.StudyInstanceUid));
    }

    [Fact]
    public async Task Pages_come_newest_first_and_join_over_own_and_shared_studies()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", [.. Enumerable.Range(10, 9).Select(day => Image($"1.{day}", $"1.{day}.1", $"1.{day}.1.1", d => d.Set(DicomTags.StudyDate, $"202602{day}")))]);
        await AddAsync(store, "b", [.. Enumerable.Range(10, 9).Select(day => Image($"2.{day}", $"2.{day}.1", $"2.{day}.1.1", d => d.Set(DicomTags.StudyDate, $"202602{day}")))]);
        var keys = (await FindAsync(store, "a", QueryLevel.Study, new() { ["00080020"] = "20260212-20260214" })).Results.Select(r => r.Study.Key).ToList();
        await store.WriteAsync("a", async t =>
        {
            foreach (var key in keys)
            {
                await t.Writes.ShareStudyAsync(key, "b", "case");
                await t.Writes.ShareStudyAsync(key, "b", "other case");
            }

            return true;
        });

        var pages = new List<string>();
        for (var offset = 0; offset < 15; offset += 5)
        {
            pages.AddRange((await FindAsync(store, "b", QueryLevel.Study, null, offset, 5)).Results.Select(r => r.Study.StudyDate + " " + r.Study.StudyInstanceUid));
        }

        Assert.Equal(12, pages.Count);
        Assert.Equal(pages.OrderByDescending(p => p[..8], StringComparer.Ordinal).Select(p => p[..8]), pages.Select(p => p[..8]));
        Assert.Equal(12, pages.Distinct().Count());
        Assert.Equal(7, (await FindAsync(store, "b", QueryLevel.Study, null, 0, 5)).Remaining);
        Assert.Equal(9, (await FindAsync(store, "a", QueryLevel.Study)).Results.Count);
        Assert.Equal(3, (await FindAsync(store, "b", QueryLevel.Instance, new() { ["0020000D"] = "1.10,1.11,1.12,1.13,1.14,1.15" })).Results.Count);
    }

    [Fact]
    public async Task What_a_tenant_may_not_see_does_not_exist()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"));

        Assert.Null(await store.ReadAsync(r => r.Studies.FindStudyAsync("b", "1.1")));
        Assert.Empty((await FindAsync(store, "b", QueryLevel.Instance)).Results);
        Assert.Empty((await FindAsync(store, "b", QueryLevel.Series, study: "1.1")).Results);
        Assert.NotNull(await store.ReadAsync(r => r.Studies.FindStudyAsync("a", "1.1")));
    }

    [Fact]
    public async Task Metadata_and_instances_are_found_by_the_three_UIDs()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a", Image("1.1", "1.1.1", "1.1.1.1"), Image("1.1", "1.1.2", "1.1.2.1", d => d.Set(DicomTags.SeriesNumber, 0)));

        var (order, metadata, right, wrong) = await store.ReadAsync(async r =>
        {
            var study = (await r.Studies.FindStudyAsync("a", "1.1"))!;
            var rows = await r.Studies.InstancesAsync(study.Key, null);
            return (rows.Select(i => i.SopInstanceUid).ToList(), await r.Studies.MetadataAsync([.. rows.Select(i => i.Key)]),
                await r.Studies.FindInstanceAsync(study, "1.1.1", "1.1.1.1"), await r.Studies.FindInstanceAsync(study, "1.1.2", "1.1.1.1"));
        });

        Assert.Equal(["1.1.2.1", "1.1.1.1"], order);
        Assert.Equal("1.1.2.1", DicomJson.Read(metadata[0]).GetString(DicomTags.SOPInstanceUID));
        Assert.NotNull(right);
        Assert.Null(wrong);
    }
}

public sealed class SqliteDicomIndexTests : DicomIndexContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class PostgresDicomIndexTests(PostgresCluster cluster) : DicomIndexContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Contracts.Postgres.OpenAsync(cluster, hooks);
}
