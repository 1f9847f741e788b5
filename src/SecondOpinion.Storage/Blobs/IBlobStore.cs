namespace SecondOpinion.Storage.Blobs;

/// <summary>Where image files are: a local folder (<see cref="FolderBlobStore"/>) or a bucket (<see cref="S3BlobStore"/>).</summary>
public interface IBlobStore
{
    /// <summary>Begins a new blob. Nothing of it is visible before <see cref="BlobWriter.CommitAsync"/>; disposing without it leaves nothing.</summary>
    BlobWriter Create();

    /// <summary>A stream over a part of a blob; seekable. The whole blob when <paramref name="length"/> is null.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    Task<Stream> OpenReadAsync(string blobId, long offset, long? length, CancellationToken cancellation);

    /// <summary>The blob's file when it is one on this machine, for sendfile and memory maps; else null.</summary>
    string? LocalPath(string blobId);

    Task DeleteAsync(string blobId, CancellationToken cancellation);

    /// <summary>All blobs last written before a time, for the sweep of unreferenced ones.</summary>
    IAsyncEnumerable<string> ListAsync(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>A blob in the making.</summary>
public abstract class BlobWriter : IAsyncDisposable
{
    /// <summary>The name it will have.</summary>
    public abstract string BlobId { get; }

    /// <summary>Write here; readable and seekable until committed (a local temporary file).</summary>
    public abstract Stream Content { get; }

    /// <summary>Returns when the blob is durable: file and folder flushed, or stored by the bucket.</summary>
    public abstract Task CommitAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}
