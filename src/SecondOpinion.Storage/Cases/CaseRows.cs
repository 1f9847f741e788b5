namespace SecondOpinion.Storage.Cases;

/// <summary>A case: where its resources are. What happened to it is in the Task.</summary>
public sealed class CaseRow
{
    /// <summary><c>ResourceRow.Key</c> of the ServiceRequest.</summary>
    public long OrderKey { get; set; }

    /// <summary>Logical id of the ServiceRequest: the id of the case.</summary>
    public string OrderId { get; set; } = "";

    /// <summary>The orderer.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>The reading organization; empty before assignment.</summary>
    public string ReaderTenantId { get; set; } = "";

    public long TaskKey { get; set; }

    /// <summary><c>Patient/id</c>.</summary>
    public string Patient { get; set; } = "";

    /// <summary>Whether work is neither finished nor given up.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Key of the report that is, or will be, the answer.</summary>
    public long? ReportKey { get; set; }
}

/// <summary>What a case is found by: numbers of the order and of its patient, references of its supporting resources.</summary>
public sealed class CaseKeyRow
{
    public string TenantId { get; set; } = "";

    /// <summary>One of <see cref="CaseKeyKind"/>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Without its namespace, which the rules compare; a long value is its digest.</summary>
    public string Value { get; set; } = "";

    public long OrderKey { get; set; }
}

/// <summary>A study of a case, shared with its reader or to be.</summary>
public sealed class CaseStudyRow
{
    public long OrderKey { get; set; }

    public long StudyKey { get; set; }
}

/// <summary>Kinds of <see cref="CaseKeyRow"/>.</summary>
internal static class CaseKeyKind
{
    public const string Placer = "placer";
    public const string Accession = "accession";
    public const string Study = "study";
    public const string Patient = "patient";
    public const string Supporting = "supporting";
}
