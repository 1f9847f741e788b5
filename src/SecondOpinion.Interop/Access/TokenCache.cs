using System.Collections.Concurrent;
using System.Security.Claims;

namespace SecondOpinion.Interop.Access;

/// <summary>Principals of tokens whose signature was checked, until they expire, so that a client's next request costs a look-up and no ES384 verification.</summary>
public sealed class TokenCache(TimeProvider time)
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<string, (ClaimsPrincipal Principal, DateTimeOffset Until)> _entries = new(StringComparer.Ordinal);

    public ClaimsPrincipal? Find(string token)
    {
        if (!_entries.TryGetValue(token, out var entry))
        {
            return null;
        }

        if (entry.Until > time.GetUtcNow())
        {
            return entry.Principal;
        }

        _entries.TryRemove(token, out _);
        return null;
    }

    public void Add(string token, ClaimsPrincipal principal, DateTimeOffset until)
    {
        if (_entries.Count >= Capacity)
        {
            _entries.Clear();
        }

        _entries[token] = (principal, until);
    }
}
