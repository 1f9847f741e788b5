namespace SecondOpinion.Security;

/// <summary>Whose data a scope speaks of.</summary>
public enum ScopeContext
{
    System,
    User,
    Patient,
}

/// <summary>One resource scope of a token, version 1 (<c>user/Patient.read</c>) or version 2 (<c>system/Observation.rs?category=imaging</c>).</summary>
/// <param name="Context">Before the slash.</param>
/// <param name="ResourceType">A type, or <c>*</c>.</param>
/// <param name="Permissions">The letters; version 1 <c>read</c> is <c>rs</c>, <c>write</c> is <c>cud</c>.</param>
/// <param name="Filter">The search parameters after <c>?</c> that a resource must match; null when there are none.</param>
public sealed record SmartScope(ScopeContext Context, string ResourceType, Permissions Permissions, string? Filter)
{
    public bool Covers(string resourceType, Permissions needed) =>
        (ResourceType == "*" || ResourceType == resourceType) && (Permissions & needed) == needed;

    /// <summary>Reads one scope; false for scopes that say nothing about resources (<c>openid</c>, <c>launch</c>) and for malformed ones, which grant nothing.</summary>
    public static bool TryParse(string text, out SmartScope scope)
    {
        scope = null!;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (slash <= 0 || dot < slash + 2)
        {
            return false;
        }

        ScopeContext? context = text[..slash] switch
        {
            "system" => ScopeContext.System,
            "user" => ScopeContext.User,
            "patient" => ScopeContext.Patient,
            _ => null,
        };
        var question = text.IndexOf('?', dot);
        var letters = question < 0 ? text[(dot + 1)..] : text[(dot + 1)..question];
        var filter = question < 0 ? null : text[(question + 1)..];
        var type = text[(slash + 1)..dot];

        // A condition that got lost must not turn into no condition.
        if (context is not { } known || ParseLetters(letters) is not { } permissions || filter is "" || (type != "*" && !type.All(char.IsAsciiLetter)))
        {
            return false;
        }

        scope = new SmartScope(known, type, permissions, filter);
        return true;
    }

    // SMART App Launch 2.0: letters in the order c r u d s, each at most once; version 1 words are still accepted.
    private static Permissions? ParseLetters(string letters)
    {
        switch (letters)
        {
            case "read":
                return Permissions.Read | Permissions.Search;
            case "write":
                return Permissions.Create | Permissions.Update | Permissions.Delete;
            case "*":
                return Permissions.All;
        }

        var result = Permissions.None;
        var last = -1;
        foreach (var letter in letters)
        {
            var index = "cruds".IndexOf(letter, StringComparison.Ordinal);
            if (index <= last)
            {
                return null;
            }

            last = index;
            result |= (Permissions)(1 << index);
        }

        return result == Permissions.None ? null : result;
    }
}
