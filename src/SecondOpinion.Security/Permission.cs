namespace SecondOpinion.Security;

/// <summary>The letters of a SMART v2 scope (SMART App Launch 2 scopes-and-launch-context).</summary>
[Flags]
public enum Permissions
{
    None = 0,

    /// <summary><c>c</c>: create.</summary>
    Create = 1,

    /// <summary><c>r</c>: read, vread, history of an instance.</summary>
    Read = 2,

    /// <summary><c>u</c>: update and patch.</summary>
    Update = 4,

    /// <summary><c>d</c>: delete.</summary>
    Delete = 8,

    /// <summary><c>s</c>: search, history of a type or of the system.</summary>
    Search = 16,

    All = Create | Read | Update | Delete | Search,
}
