using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SecondOpinion.Storage.Blobs;

/// <summary>Blobs as files of a local folder. Nobody knows a blob's name before it is whole and durable.</summary>
public sealed class FolderBlobStore : IBlobStore
{
    internal const string TemporaryName = ".tmp";
    private const int MaxKnownFolders = 1000;
    private readonly string _root;
    private readonly FolderFlusher _flusher = new();
    private readonly ConcurrentDictionary<string, bool> _durableFolders = new(StringComparer.Ordinal);

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
            if (Path.GetFileName(first) == TemporaryName)
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

    // That a folder exists says nothing about its name being durable: another writer may have made it a moment ago.
    private async Task EnsureFolderAsync(string folder)
    {
        if (_durableFolders.ContainsKey(folder))
        {
            return;
        }

        DiskFlush.CreatePrivate(folder);
        await _flusher.FlushAsync(Path.GetDirectoryName(folder)!);
        await _flusher.FlushAsync(_root);
        if (_durableFolders.Count >= MaxKnownFolders)
        {
            _durableFolders.Clear();
        }

        _durableFolders.TryAdd(folder, true);
    }

    private string PathOf(string blobId) => Path.Combine(_root, BlobNames.Key(blobId));

    private sealed class Writer : BlobWriter
    {
        private readonly FolderBlobStore _store;
        private readonly FileStream _file;
        private readonly string _path;
        private bool _isMoved;
        private bool _isCommitted;

        public Writer(FolderBlobStore store, string blobId)
        {
            _store = store;
            BlobId = blobId;
            _path = store.PathOf(blobId);
            _file = TemporaryFile.Create(store.TemporaryFolder, blobId);
        }

        public override string BlobId { get; }

        public override Stream Content => _file;

        public override async Task CommitAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            _file.Flush(flushToDisk: false);
            await _store.EnsureFolderAsync(Path.GetDirectoryName(_path)!);
            File.Move(_file.Name, _path);
            _isMoved = true;
            // The name first, then content and folder side by side: two flushes one after the other cost twice the wait. Should the machine stop between
            // them, a blob may be cut short, but no row names it yet and the sweep removes it.
            var folder = _store._flusher.FlushAsync(Path.GetDirectoryName(_path)!);
            try
            {
                _file.Flush(flushToDisk: true);
            }
            finally
            {
                await folder;
            }

            await _file.DisposeAsync();
            _isCommitted = true;
        }

        public override async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            if (!_isCommitted)
            {
                File.Delete(_isMoved ? _path : _file.Name);
            }
        }
    }
}
