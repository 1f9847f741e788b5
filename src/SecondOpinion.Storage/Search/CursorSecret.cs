using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Search;

/// <summary>The secret that protects page links, the same for all processes on one database.</summary>
internal static class CursorSecret
{
    /// <summary><see cref="SigningKeyRow.Use"/> of the row.</summary>
    public const string Use = "page";

    private const int Length = 32;

    // Before a store has its own secret (made when it is opened) links are only checked, not secret.
    private static readonly byte[] Unset = SHA256.HashData("SecondOpinion.Interop page links"u8);

    public static async Task<byte[]> GetAsync(InteropDbContext db, CancellationToken cancellation) =>
        await db.SigningKeys.Where(k => k.Use == Use).OrderBy(k => k.KeyId).Select(k => k.PrivateKey).FirstOrDefaultAsync(cancellation) ?? Unset;

    /// <summary>Makes the secret if there is none. Two processes may both try: the row's key is fixed, so one of them finds the other's.</summary>
    public static async Task EnsureAsync(InteropDbContext db, CancellationToken cancellation)
    {
        if (await db.SigningKeys.AnyAsync(k => k.Use == Use, cancellation))
        {
            return;
        }

        db.SigningKeys.Add(new SigningKeyRow { KeyId = Use, Use = Use, PrivateKey = RandomNumberGenerator.GetBytes(Length) });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException) when (db.SigningKeys.Any(k => k.Use == Use))
        {
            db.ChangeTracker.Clear();
        }
    }
}
