using System.Runtime.CompilerServices;

namespace SecondOpinion.Storage.Blobs;

/// <summary>Blobs as files of a local folder. A blob appears by a rename, so it is whole or not there.</summary>
public sealed class FolderBlobStore : IBlobStore
{
    internal const string TemporaryName = ".tmp";
    private readonly string _root;

    /// <param name="root">Made when missing. Temporary files are in <c>.tmp</c> below it: a rename must not cross volumes.</param>
    public FolderBlobStore(string root)
    {
        _root = Path.GetFullPath(root);
        TemporaryFolder = Path.Combine(_root, TemporaryName);
        DiskFlush.CreateFolder(TemporaryFolder);
    }

    internal string TemporaryFolder { get; }

    public BlobWriter Create() => new Writer(this, BlobNames.New());

    public Task<Stream> OpenReadAsync(string blobId, long offset, long? length, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(blobId);
        FileStream file;
        try
        {
            // Unbuffered: readers ask for large pieces.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.None);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new FileNotFoundException("The blob does not exist", path, exception);
        }

        if (offset == 0 && length is null)
        {
            return Task.FromResult<Stream>(file);
        }

        return Task.FromResult<Stream>(new PartStream(file, offset, length));
    }

    public string? LocalPath(string blobId)
    {
        var path = PathOf(blobId);
        return File.Exists(path) ? path : null;
    }

    public Task DeleteAsync(string blobId, CancellationToken cancellation)
    {
        var path = PathOf(blobId);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var first in Directory.EnumerateDirectories(_root))
        {
            if (Path.GetFileName(first) is not { Length: 2 })
            {
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(first, "*", SearchOption.AllDirectories))
            {
                cancellation.ThrowIfCancellationRequested();
                var name = Path.GetFileName(file);
                if (BlobNames.IsValid(name) && File.GetLastWriteTimeUtc(file) < before.UtcDateTime)
                {
                    yield return name;
                }
            }

            // A folder at a time: a sweep of millions of files lets requests through.
            await Task.Yield();
        }
    }

    private string PathOf(string blobId) => Path.Combine(_root, BlobNames.Key(blobId));

    private sealed class Writer : BlobWriter
    {
        private readonly FolderBlobStore _store;
        private readonly FileStream _file;
        private bool _isCommitted;

        public Writer(FolderBlobStore store, string blobId)
        {
            _store = store;
            BlobId = blobId;
            _file = TemporaryFile.Create(store.TemporaryFolder, blobId);
        }

        public override string BlobId { get; }

        public override Stream Content => _file;

        public override Task CommitAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            var path = _store.PathOf(BlobId);
            var folder = Path.GetDirectoryName(path)!;
            DiskFlush.CreateFolder(folder);
            File.Move(_file.Name, path);
            _isCommitted = true;
            DiskFlush.Folder(folder);
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            if (!_isCommitted)
            {
                File.Delete(_file.Name);
            }
        }
    }
}
