using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecondOpinion.Storage.Blobs;
using Xunit;

namespace SecondOpinion.Storage.Tests;

public sealed class StorageServicesTests
{
    [Fact]
    public async Task Every_service_of_the_project_can_be_made()
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddInteropStorage(o => o.DataFolder = folder);
        await using (var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true }))
        {
            var ours = services.Select(s => s.ServiceType).Where(t => t.Namespace!.StartsWith("SecondOpinion.", StringComparison.Ordinal)).ToList();
            Assert.True(ours.Count >= 10);
            Assert.All(ours, t => Assert.NotNull(provider.GetRequiredService(t)));
            Assert.IsType<FolderBlobStore>(provider.GetRequiredService<IBlobStore>());
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_data_folder_is_closed_to_other_users()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Access rights of a folder are inherited on Windows");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var options = new StorageOptions { DataFolder = Path.Combine(folder, "data") };
        await using var store = await TestStore.OpenAsync(options, folder);
        _ = new FolderBlobStore(options.BlobFolder);
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Private, File.GetUnixFileMode(options.DataFolder));
        Assert.Equal(Private, File.GetUnixFileMode(options.BlobFolder));
    }

    [Fact]
    public void A_bucket_is_used_when_configured()
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var services = new ServiceCollection();
        services.AddInteropStorage(o =>
        {
            o.DataFolder = folder;
            o.Blobs = new BlobOptions { Kind = BlobKind.S3, Bucket = "b", ServiceUrl = "http://127.0.0.1:1", AccessKey = "k", SecretKey = "s" };
        });
        using var provider = services.BuildServiceProvider();
        Assert.IsType<S3BlobStore>(provider.GetRequiredService<IBlobStore>());
        Directory.Delete(folder, recursive: true);
    }

    public static TheoryData<string, Action<StorageOptions>> Wrong => new()
    {
        { "ConnectionString", o => o.Provider = StorageProvider.Postgres },
        { "ConnectionString", o => o.Provider = StorageProvider.SqlServer },
        { "Provider", o => o.Provider = (StorageProvider)9 },
        { "DataFolder", o => o.DataFolder = "" },
        { "MaxBatchWrites", o => o.MaxBatchWrites = 0 },
        { "MaxBatchMilliseconds", o => o.MaxBatchMilliseconds = 0 },
        { "MaxQueuedWrites", o => o.MaxQueuedWrites = 0 },
        { "MaxRetries", o => o.MaxRetries = -1 },
        { "BlobSafeAge", o => o.BlobSafeAge = TimeSpan.Zero },
        { "BusySeconds", o => o.BusySeconds = -1 },
        { "Blobs:Kind", o => o.Blobs.Kind = (BlobKind)9 },
        { "Blobs:Bucket", o => o.Blobs = new BlobOptions { Kind = BlobKind.S3, Region = "eu-central-1" } },
        { "Blobs:Region", o => o.Blobs = new BlobOptions { Kind = BlobKind.S3, Bucket = "b" } },
        { "Blobs:ServiceUrl", o => o.Blobs = new BlobOptions { Kind = BlobKind.S3, Bucket = "b", ServiceUrl = "ftp://x" } },
        { "Blobs:SecretKey", o => o.Blobs = new BlobOptions { Kind = BlobKind.S3, Bucket = "b", Region = "r", AccessKey = "k" } },
        { "Blobs:PartSize", o => o.Blobs = new BlobOptions { Kind = BlobKind.S3, Bucket = "b", Region = "r", PartSize = 1 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_option_that_is_wrong_is_named(string name, Action<StorageOptions> set)
    {
        var services = new ServiceCollection();
        services.AddInteropStorage(set);
        using var provider = services.BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<StorageOptions>>().Value);
        Assert.Contains("Storage:", exception.Message, StringComparison.Ordinal);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }
}
