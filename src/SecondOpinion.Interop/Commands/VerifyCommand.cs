using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Blobs;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>verify</c>: reads every image file and checks it against its index row. Exit code 1 when one is missing or changed.</summary>
internal static class VerifyCommand
{
    private const int Page = 500;

    public static Command Create()
    {
        var data = CommandLine.Data();
        var command = new Command("verify", "Checks that index and image files agree.") { data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellation) =>
        {
            await using var app = InteropApplication.BuildQuiet(result.UnmatchedTokens, result.GetValue(data));
            var store = app.Services.GetRequiredService<InteropStore>();
            var blobs = app.Services.GetRequiredService<IBlobStore>();
            await app.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellation);
            long after = 0, checkedCount = 0, bad = 0;
            while (true)
            {
                var from = after;

                // Every tenant's files: this is the operator's command, not a client's request.
                var rows = await store.ReadAsync(
                    reader => reader.Db.Instances.Where(i => i.Key > from).OrderBy(i => i.Key).Take(Page)
                        .Select(i => new { i.Key, i.SopInstanceUid, i.BlobId, i.Size, i.Digest }).ToListAsync(cancellation),
                    cancellation);
                if (rows.Count == 0)
                {
                    break;
                }

                foreach (var row in rows)
                {
                    after = row.Key;
                    checkedCount++;
                    if (await ProblemAsync(blobs, row.BlobId, row.Size, row.Digest, cancellation) is { } problem)
                    {
                        bad++;
                        Console.WriteLine($"{row.SopInstanceUid}: {problem} ({row.BlobId})");
                    }
                }
            }

            Console.WriteLine($"{checkedCount} instances, {bad} missing or changed");
            return bad == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task<string?> ProblemAsync(IBlobStore blobs, string blobId, long size, byte[] digest, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await blobs.OpenReadAsync(blobId, 0, null, cancellation);
            if (stream.Length != size)
            {
                return $"{stream.Length} bytes, not {size}";
            }

            return (await SHA256.HashDataAsync(stream, cancellation)).AsSpan().SequenceEqual(digest) ? null : "the bytes have changed";
        }
        catch (FileNotFoundException)
        {
            return "the file is missing";
        }
    }
}
