using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace SecondOpinion.Storage.Blobs;

/// <summary>Blobs as objects of a bucket that speaks the S3 API. A blob is written to a local temporary file first: it must be read again to be indexed.</summary>
public sealed class S3BlobStore : IBlobStore, IDisposable
{
    private readonly BlobOptions _options;
    private readonly AmazonS3Client _client;
    private readonly string _temporaryFolder;

    /// <param name="temporaryFolder">Local; made when missing.</param>
    public S3BlobStore(BlobOptions options, string temporaryFolder)
    {
        _options = options;
        _temporaryFolder = Path.GetFullPath(temporaryFolder);
        DiskFlush.CreateFolder(_temporaryFolder);
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            // The store checks what it got; SHA-256 is known to every implementation.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_SUPPORTED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl.Length > 0)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = options.AccessKey.Length > 0 ? new AmazonS3Client(options.AccessKey, options.SecretKey, config) : new AmazonS3Client(config);
    }

    public BlobWriter Create() => new Writer(this, BlobNames.New());

    public async Task<Stream> OpenReadAsync(string blobId, long offset, long? length, CancellationToken cancellation)
    {
        var key = KeyOf(blobId);
        try
        {
            var size = (await _client.GetObjectMetadataAsync(_options.Bucket, key, cancellation)).ContentLength;
            var start = Math.Clamp(offset, 0, size);
            return new S3Stream(_client, _options.Bucket, key, start, Math.Clamp(length ?? long.MaxValue, 0, size - start));
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            throw new FileNotFoundException("The blob does not exist", exception);
        }
    }

    public string? LocalPath(string blobId) => null;

    public async Task DeleteAsync(string blobId, CancellationToken cancellation) => await _client.DeleteObjectAsync(_options.Bucket, KeyOf(blobId), cancellation);

    public async IAsyncEnumerable<string> ListAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellation);
            foreach (var item in page.S3Objects ?? [])
            {
                var name = item.Key[(item.Key.LastIndexOf('/') + 1)..];
                if (BlobNames.IsValid(name) && item.Key == _options.Prefix + BlobNames.Key(name) && item.LastModified?.ToUniversalTime() < before.UtcDateTime)
                {
                    yield return name;
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public void Dispose() => _client.Dispose();

    private string KeyOf(string blobId) => _options.Prefix + BlobNames.Key(blobId);

    private async Task PutAsync(FileStream file, string key, CancellationToken cancellation)
    {
        await file.FlushAsync(cancellation);
        file.Position = 0;
        if (file.Length <= _options.PartSize)
        {
            await _client.PutObjectAsync(
                new PutObjectRequest { BucketName = _options.Bucket, Key = key, InputStream = file, AutoCloseStream = false, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 },
                cancellation);
            return;
        }

        var upload = await _client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = _options.Bucket, Key = key, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 }, cancellation);
        try
        {
            await PutPartsAsync(file, key, upload.UploadId, cancellation);
        }
        catch
        {
            // Parts of a broken upload are paid for until they are removed. Not cancelled: the request that failed may have been.
            await _client.AbortMultipartUploadAsync(_options.Bucket, key, upload.UploadId, CancellationToken.None);
            throw;
        }
    }

    private async Task PutPartsAsync(FileStream file, string key, string uploadId, CancellationToken cancellation)
    {
        var complete = new CompleteMultipartUploadRequest { BucketName = _options.Bucket, Key = key, UploadId = uploadId, PartETags = [] };
        for (var number = 1; file.Position < file.Length; number++)
        {
            var start = file.Position;
            var size = Math.Min(_options.PartSize, file.Length - start);
            var part = await _client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = _options.Bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartNumber = number,
                    PartSize = size,
                    InputStream = file,
                    ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
                },
                cancellation);
            complete.PartETags.Add(new PartETag { PartNumber = number, ETag = part.ETag, ChecksumSHA256 = part.ChecksumSHA256 });
            file.Position = start + size;
        }

        await _client.CompleteMultipartUploadAsync(complete, cancellation);
    }

    private sealed class Writer(S3BlobStore store, string blobId) : BlobWriter
    {
        private readonly FileStream _file = TemporaryFile.Create(store._temporaryFolder, blobId);

        public override string BlobId => blobId;

        public override Stream Content => _file;

        public override async Task CommitAsync(CancellationToken cancellation) => await store.PutAsync(_file, store.KeyOf(blobId), cancellation);

        public override async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            File.Delete(_file.Name);
        }
    }
}
