namespace SecondOpinion.Fhir.Tree;

internal enum RowKind : byte
{
    Object,
    String,
    Number,
    True,
    False,
    Null,

    /// <summary>An array without items: kept so that validation can refuse it; never visible as a node.</summary>
    EmptyArray,
}

[Flags]
internal enum RowFlags : byte
{
    None = 0,

    /// <summary>The row is not a node: a merged sibling, a placeholder, resourceType.</summary>
    Hidden = 1,

    /// <summary>The property was written with a leading underscore: it holds id and extensions of a primitive.</summary>
    Underscore = 2,

    /// <summary>The string value contains JSON escapes.</summary>
    Escaped = 4,

    /// <summary>The property name contains JSON escapes.</summary>
    EscapedName = 8,

    /// <summary>The row begins a resource.</summary>
    Resource = 16,

    /// <summary>The same property was written before in the same object.</summary>
    Duplicate = 32,
}

/// <summary>
/// One JSON value in document order. Items of an array are consecutive rows of the same name, so the table is a preorder listing:
/// the first child of row i is i + 1 and <see cref="Next"/> is the row behind its subtree.
/// </summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal struct Row
{
    /// <summary>Offset of the value, behind the quote for strings.</summary>
    public int Start;

    /// <summary>Bytes of the value, without quotes; for objects up to and including the closing brace.</summary>
    public int Length;

    /// <summary>Offset of the property name, without quote and without a leading underscore.</summary>
    public int NameStart;

    public int Next;

    public int Parent;

    /// <summary>The row of the other half of a primitive (<c>birthDate</c> and <c>_birthDate</c>); 0 is none.</summary>
    public int Extra;

    /// <summary>Position in its array; -1 when the property is not an array.</summary>
    public int Index;

    public ushort NameLength;
    public RowKind Kind;
    public RowFlags Flags;

    public readonly bool IsHidden => (Flags & RowFlags.Hidden) != RowFlags.None;

    public readonly bool IsUnderscore => (Flags & RowFlags.Underscore) != RowFlags.None;
}
