using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Blobs;

namespace SecondOpinion.Storage.Recovery;

/// <summary>What is wrong with the file of an instance.</summary>
public enum BlobProblem
{
    Missing,
    WrongSize,
    WrongDigest,
}

/// <param name="SopInstanceUid">Of the instance whose file is not as its row says.</param>
public sealed record BlobFinding(string TenantId, string SopInstanceUid, string BlobId, BlobProblem Problem);

/// <summary>Compares index and blobs: every instance has its file, of the size and digest that were acknowledged.</summary>
public sealed class StorageCheck(InteropStore store, IBlobStore blobs)
{
    private const int PageSize = 500;

    /// <param name="withDigests">Reads every file; without, only sizes are compared.</param>
    /// <param name="found">Called for each problem.</param>
    /// <param name="progress">Called with the count of instances checked so far.</param>
    /// <returns>How many instances were checked.</returns>
    public async Task<long> RunAsync(bool withDigests, Action<BlobFinding> found, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        long checkedCount = 0;
        long last = 0;
        while (true)
        {
            var after = last;
            var page = await store.ReadAsync(
                r => r.Db.Instances.Where(i => i.Key > after).OrderBy(i => i.Key).Take(PageSize)
                    .Select(i => new { i.Key, i.TenantId, i.SopInstanceUid, i.BlobId, i.Size, i.Digest }).ToListAsync(),
                cancellation);
            if (page.Count == 0)
            {
                return checkedCount;
            }

            foreach (var instance in page)
            {
                if (await ProblemAsync(instance.BlobId, instance.Size, withDigests ? instance.Digest : null, cancellation) is { } problem)
                {
                    found(new BlobFinding(instance.TenantId, instance.SopInstanceUid, instance.BlobId, problem));
                }
            }

            checkedCount += page.Count;
            last = page[^1].Key;
            progress?.Invoke(checkedCount);
        }
    }

    private async Task<BlobProblem?> ProblemAsync(string blobId, long size, byte[]? digest, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await blobs.OpenReadAsync(blobId, 0, null, cancellation);
            if (stream.Length != size)
            {
                return BlobProblem.WrongSize;
            }

            return digest is null || (await SHA256.HashDataAsync(stream, cancellation)).AsSpan().SequenceEqual(digest) ? null : BlobProblem.WrongDigest;
        }
        catch (FileNotFoundException)
        {
            return BlobProblem.Missing;
        }
    }
}
