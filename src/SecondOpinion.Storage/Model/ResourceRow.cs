namespace SecondOpinion.Storage.Model;

/// <summary>The current version of a resource. (Type, Id) is unique over all tenants, so that a reference means one thing to both parties of a case.</summary>
public sealed class ResourceRow
{
    public long Key { get; set; }

    /// <summary>The tenant that owns the resource.</summary>
    public string TenantId { get; set; } = "";

    public string Type { get; set; } = "";

    public string Id { get; set; } = "";

    public int Version { get; set; }

    /// <summary>UTC ticks, whole milliseconds.</summary>
    public long LastUpdated { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>The interaction that made this version: POST, PUT, PATCH or DELETE (FHIR R4 http.html#history).</summary>
    public string Method { get; set; } = "";

    /// <summary>Canonical UTF-8 JSON with id and meta, exactly as reads send it; empty for a deletion.</summary>
    public byte[] Json { get; set; } = [];
}

/// <summary>A past version. The current one is in <see cref="ResourceRow"/> only.</summary>
public sealed class ResourceVersionRow
{
    public long ResourceKey { get; set; }

    public int Version { get; set; }

    public string TenantId { get; set; } = "";

    public string Type { get; set; } = "";

    public string Id { get; set; } = "";

    public long LastUpdated { get; set; }

    public bool IsDeleted { get; set; }

    public string Method { get; set; } = "";

    public byte[] Json { get; set; } = [];
}

/// <summary>
/// A tenant's right to another tenant's resource, given by a case: the one thing by which data crosses tenants. Written by the case engine only.
/// </summary>
public sealed class ShareRow
{
    public long ResourceKey { get; set; }

    /// <summary>Who may see the resource.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>Logical id of the ServiceRequest of the case.</summary>
    public string CaseId { get; set; } = "";

    /// <summary>Whether that tenant may also write it (a Task and its fulfiller).</summary>
    public bool CanWrite { get; set; }

    /// <summary>The first version that tenant may see: of a signed report, not the drafts before it.</summary>
    public int FromVersion { get; set; } = 1;
}

/// <summary>As <see cref="ShareRow"/>, for a DICOM study.</summary>
public sealed class StudyShareRow
{
    public long StudyKey { get; set; }

    public string TenantId { get; set; } = "";

    public string CaseId { get; set; } = "";
}
