using Amazon.S3;
using SecondOpinion.Storage.Blobs;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

public sealed class S3BlobTests : BlobContractTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interop-s3-").FullName;
    private FakeBucket? _bucket;
    private S3BlobStore? _store;

    public override async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    protected override async Task<IBlobStore> OpenAsync()
    {
        _bucket = await FakeBucket.StartAsync();
        var options = new BlobOptions { Kind = BlobKind.S3, Bucket = "bucket", Prefix = "interop/", ServiceUrl = _bucket.Url, AccessKey = "key", SecretKey = "secret", PartSize = 5 << 20 };
        return _store = new S3BlobStore(options, _folder);
    }

    protected override IEnumerable<string> TemporaryFiles() => Directory.EnumerateFiles(_folder);

    [Fact]
    public async Task An_object_has_the_prefix_and_was_checked_against_its_sum()
    {
        var store = await OpenAsync();
        var id = await WriteAsync(store, [1, 2, 3]);
        Assert.Equal([1, 2, 3], _bucket!.Objects[$"interop/{id[..6]}/{id[6..8]}/{id}"]);
        Assert.Equal(1, _bucket.CheckedSums);
        Assert.Empty(TemporaryFiles());
    }

    [Fact]
    public async Task Foreign_objects_of_the_bucket_are_not_listed()
    {
        var store = await OpenAsync();
        _bucket!.Objects["interop/readme.txt"] = [1];
        _bucket.Objects["interop/000000/00/0123456789abcdef0123456789abcdef"] = [1];
        _bucket.Objects["other/012345/67/0123456789abcdef0123456789abcdef"] = [1];
        Assert.Empty(await ListAsync(store));
    }

    [Fact]
    public async Task An_upload_that_breaks_leaves_no_parts_and_no_file()
    {
        var store = await OpenAsync();
        _bucket!.BrokenPart = 2;
        await using (var writer = store.Create())
        {
            await writer.Content.WriteAsync(new byte[11 << 20]);
            await Assert.ThrowsAsync<AmazonS3Exception>(() => writer.CommitAsync(CancellationToken.None));
        }

        Assert.Equal(0, _bucket.OpenUploads);
        Assert.Empty(_bucket.Objects);
        Assert.Empty(TemporaryFiles());
    }
}
