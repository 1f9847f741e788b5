namespace SecondOpinion.Storage.Search;

/// <summary>Stable numbers of search parameters in the index: a hash, so that no table of names is kept; a test shows that no two of R4 meet.</summary>
internal static class ParameterId
{
    /// <summary>Suffix of the tokens of <c>Reference.identifier</c>.</summary>
    public const string Identifier = ":identifier";

    /// <summary>Suffix of the texts of a token's display, text or type.</summary>
    public const string Text = ":text";

    /// <summary>Suffix of identifiers by type: the code is <c>type|value</c>, the system that of the type.</summary>
    public const string OfType = ":of-type";

    /// <summary>Parameters that all resources have (<c>_tag</c>) have one number for all types.</summary>
    public static int Of(string? resourceType, string code, string suffix = "")
    {
        var hash = 2166136261u;
        Add(ref hash, code.StartsWith('_') ? "Resource" : resourceType ?? "Resource");
        Add(ref hash, ".");
        Add(ref hash, code);
        Add(ref hash, suffix);
        return unchecked((int)hash);
    }

    // FNV-1a
    private static void Add(ref uint hash, string text)
    {
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }
    }
}
