namespace SecondOpinion.Storage.Model;

/// <summary>
/// Characters that text columns hold. SQLite does not enforce them and the servers do, so whoever fills a row cuts its text to these.
/// SQL Server allows 1,700 bytes in an index key: 850 characters over all its columns.
/// </summary>
public static class ColumnLength
{
    /// <summary>FHIR logical ids (FHIR R4 datatypes.html#id), tenants, cases, clients, leases.</summary>
    public const int Id = 64;

    /// <summary>Resource types, codes, states.</summary>
    public const int Code = 64;

    /// <summary>DICOM UIDs (PS3.5 9.1).</summary>
    public const int Uid = 64;

    /// <summary>DA, TM and DT text, ranges excluded.</summary>
    public const int DateTime = 32;

    /// <summary>DICOM SH and LO (16 and 64 characters, PS3.5 6.2), with room for files that break the rule.</summary>
    public const int Text = 128;

    /// <summary>DICOM PN: three groups of 64 characters and their delimiters (PS3.5 6.2.1), with room.</summary>
    public const int Name = 256;

    public const int Url = 512;
}
