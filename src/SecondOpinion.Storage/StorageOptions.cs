using Microsoft.Extensions.Options;

namespace SecondOpinion.Storage;

/// <summary>Which database holds rows.</summary>
public enum StorageProvider
{
    /// <summary>Embedded: one file in the data folder, one process.</summary>
    Sqlite,

    Postgres,

    SqlServer,
}

/// <summary>Where image files go.</summary>
public enum BlobKind
{
    Folder,

    /// <summary>A bucket that speaks the S3 API.</summary>
    S3,
}

/// <summary>Where data is kept and how much is taken at once. Section <c>Storage</c> of the configuration.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>Required for the servers. SQLite: default is <c>interop.db</c> in <see cref="DataFolder"/>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Folder of the database file, of blobs and of temporary files; made when missing.</summary>
    public string DataFolder { get; set; } = "data";

    public BlobOptions Blobs { get; set; } = new();

    /// <summary>SQLite: writes that share a commit at most; 1 to 10,000.</summary>
    public int MaxBatchWrites { get; set; } = 256;

    /// <summary>SQLite: how long a batch takes in new writes before it commits; 1 to 1,000 ms. Never waited for: a batch ends when nothing is queued.</summary>
    public int MaxBatchMilliseconds { get; set; } = 25;

    /// <summary>SQLite: writes that wait at most; more make the sender wait. 1 to 1,000,000.</summary>
    public int MaxQueuedWrites { get; set; } = 4096;

    /// <summary>Servers: how often a write that lost a race is run again; 0 to 100.</summary>
    public int MaxRetries { get; set; } = 12;

    /// <summary>An unreferenced blob is removed when it is older; at least a minute, or files of running uploads would go.</summary>
    public TimeSpan BlobSafeAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long another process may hold SQLite's write lock before a write is refused; 0 to 600 s.</summary>
    public int BusySeconds { get; set; } = 30;

    /// <summary>Where the folder store keeps blobs.</summary>
    public string BlobFolder => Blobs.Folder.Length > 0 ? Blobs.Folder : Path.Combine(DataFolder, "blobs");

    /// <summary>Where files wait for the bucket.</summary>
    public string StagingFolder => Path.Combine(DataFolder, "staging");

    internal string DatabaseFile => Path.Combine(DataFolder, "interop.db");
}

/// <summary>Of <see cref="StorageOptions.Blobs"/>.</summary>
public sealed class BlobOptions
{
    public BlobKind Kind { get; set; } = BlobKind.Folder;

    /// <summary>Folder: default is <c>blobs</c> in the data folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>S3: required.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>S3: put before every key, for example <c>interop/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>S3: endpoint of a store that is not AWS, for example <c>https://minio.example:9000</c>.</summary>
    public string ServiceUrl { get; set; } = "";

    public string Region { get; set; } = "";

    /// <summary>S3: empty takes the credentials of the environment.</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>S3: bucket in the path instead of the host name; most stores that are not AWS need it.</summary>
    public bool ForcePathStyle { get; set; } = true;

    /// <summary>S3: larger files go in parts of this size; 5 MiB to 1 GiB.</summary>
    public long PartSize { get; set; } = 16 << 20;
}

/// <summary>Says at start what is wrong with the options.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var wrong = new List<string>();
        void Check(bool isGood, string message)
        {
            if (!isGood)
            {
                wrong.Add(StorageOptions.Section + ":" + message);
            }
        }

        Check(Enum.IsDefined(options.Provider), "Provider must be Sqlite, Postgres or SqlServer");
        Check(options.Provider == StorageProvider.Sqlite || options.ConnectionString.Length > 0, "ConnectionString is required for " + options.Provider);
        Check(options.DataFolder.Length > 0, "DataFolder must not be empty");
        Check(options.MaxBatchWrites is >= 1 and <= 10_000, "MaxBatchWrites must be 1 to 10000");
        Check(options.MaxBatchMilliseconds is >= 1 and <= 1000, "MaxBatchMilliseconds must be 1 to 1000");
        Check(options.MaxQueuedWrites is >= 1 and <= 1_000_000, "MaxQueuedWrites must be 1 to 1000000");
        Check(options.MaxRetries is >= 0 and <= 100, "MaxRetries must be 0 to 100");
        Check(options.BlobSafeAge >= TimeSpan.FromMinutes(1), "BlobSafeAge must be at least a minute");
        Check(options.BusySeconds is >= 0 and <= 600, "BusySeconds must be 0 to 600");
        Check(Enum.IsDefined(options.Blobs.Kind), "Blobs:Kind must be Folder or S3");
        if (options.Blobs.Kind == BlobKind.S3)
        {
            Check(options.Blobs.Bucket.Length > 0, "Blobs:Bucket is required for S3");
            Check(options.Blobs.ServiceUrl.Length == 0 || Uri.TryCreate(options.Blobs.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", "Blobs:ServiceUrl must be an http(s) URL");
            Check(options.Blobs.ServiceUrl.Length > 0 || options.Blobs.Region.Length > 0, "Blobs:ServiceUrl or Blobs:Region is required for S3");
            Check(options.Blobs.AccessKey.Length > 0 == options.Blobs.SecretKey.Length > 0, "Blobs:AccessKey and Blobs:SecretKey go together");
            Check(options.Blobs.PartSize is >= 5 << 20 and <= 1 << 30, "Blobs:PartSize must be 5 MiB to 1 GiB");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
