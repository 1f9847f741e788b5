using SecondOpinion.Storage.Blobs;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>What every blob store promises.</summary>
public abstract class BlobContractTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    protected abstract Task<IBlobStore> OpenAsync();

    public abstract ValueTask DisposeAsync();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_committed_is_read_whole_and_in_parts()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, Bytes);
        Assert.Equal(Bytes, await ReadAsync(store, id, 0, null));
        Assert.Equal(Bytes[1000..3500], await ReadAsync(store, id, 1000, 2500));
        Assert.Equal(Bytes[299_990..], await ReadAsync(store, id, 299_990, 2500));
        Assert.Equal(Bytes[299_000..], await ReadAsync(store, id, 299_000, null));
        Assert.Empty(await ReadAsync(store, id, 300_000, 10));
        Assert.Empty(await ReadAsync(store, id, 10, 0));
    }

    [Fact]
    public async Task A_stream_seeks_within_its_part()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, Bytes);
        await using var stream = await store.OpenReadAsync(id, 1000, 100, CancellationToken.None);
        Assert.True(stream.CanSeek);
        Assert.Equal(100, stream.Length);
        stream.Seek(-1, SeekOrigin.End);
        Assert.Equal(Bytes[1099], stream.ReadByte());
        Assert.Equal(-1, stream.ReadByte());
        stream.Position = 2;
        Assert.Equal(Bytes[1002], stream.ReadByte());
        Assert.Equal(3, stream.Position);
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, []);
        Assert.Empty(await ReadAsync(store, id, 0, null));
    }

    [Fact]
    public async Task What_was_written_can_be_read_again_before_the_commit()
    {
        var store = await OpenAsync();
        await using var writer = store.Create();
        await writer.Content.WriteAsync(Bytes);
        writer.Content.Position = 5;
        Assert.Equal(Bytes[5], writer.Content.ReadByte());
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(writer.BlobId, 0, null, CancellationToken.None));
    }

    [Fact]
    public async Task Without_a_commit_nothing_stays()
    {
        var store = await OpenAsync();
        string id;
        await using (var writer = store.Create())
        {
            id = writer.BlobId;
            await writer.Content.WriteAsync(Bytes);
        }

        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(id, 0, null, CancellationToken.None));
        Assert.Empty(await ListAsync(store));
        Assert.Empty(TemporaryFiles());
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_deleting_it_again_is_harmless()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, Bytes);
        var kept = await WriteAsync(store, Bytes);
        await store.DeleteAsync(id, CancellationToken.None);
        await store.DeleteAsync(id, CancellationToken.None);
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(id, 0, null, CancellationToken.None));
        Assert.Null(store.LocalPath(id));
        Assert.Equal([kept], await ListAsync(store));
    }

    [Fact]
    public async Task Listing_gives_the_blobs_that_are_old_enough()
    {
        var store = await OpenAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await WriteAsync(store, [1]));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await ListAsync(store)).Order(StringComparer.Ordinal));
        Assert.Empty(await ListAsync(store, DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../../../../../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789ABCDEF")]
    [InlineData("..23456789abcdef0123456789abcdef")]
    [InlineData("01/3456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef/..")]
    public async Task A_name_that_no_store_gave_leads_nowhere(string id)
    {
        var store = await OpenAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(id, 0, null, CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.DeleteAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_large_blob_survives()
    {
        var store = await OpenAsync();
        var large = new byte[12 << 20];
        new Random(1).NextBytes(large);
        var id = await WriteAsync(store, large);
        Assert.Equal(large, await ReadAsync(store, id, 0, null));
    }

    [Fact]
    public async Task Blobs_committed_at_once_all_land()
    {
        var store = await OpenAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => WriteAsync(store, [(byte)i]))));
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.Equal([(byte)i], await ReadAsync(store, ids[i], 0, null));
        }
    }

    protected abstract IEnumerable<string> TemporaryFiles();

    protected static async Task<string> WriteAsync(IBlobStore store, byte[] bytes)
    {
        await using var writer = store.Create();
        await writer.Content.WriteAsync(bytes);
        await writer.CommitAsync(CancellationToken.None);
        return writer.BlobId;
    }

    private static async Task<byte[]> ReadAsync(IBlobStore store, string id, long offset, long? length)
    {
        await using var stream = await store.OpenReadAsync(id, offset, length, CancellationToken.None);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    protected static async Task<List<string>> ListAsync(IBlobStore store, DateTimeOffset? before = null)
    {
        var list = new List<string>();
        await foreach (var id in store.ListAsync(before ?? DateTimeOffset.MaxValue, CancellationToken.None))
        {
            list.Add(id);
        }

        return list;
    }
}

public sealed class FolderBlobTests : BlobContractTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interop-blobs-").FullName;

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new FolderBlobStore(Path.Combine(_folder, "deep", "blobs")));

    protected override IEnumerable<string> TemporaryFiles() => Directory.EnumerateFiles(_folder, "*.tmp", SearchOption.AllDirectories);

    [Fact]
    public async Task A_blob_is_a_file_in_two_levels_of_folders()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, [1, 2, 3]);
        Assert.Equal(Path.Combine(_folder, "deep", "blobs", id[..6], id[6..8], id), store.LocalPath(id));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(store.LocalPath(id)!));
    }
}
