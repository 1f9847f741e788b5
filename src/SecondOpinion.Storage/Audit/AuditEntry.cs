using SecondOpinion.Cases;

namespace SecondOpinion.Storage.Audit;

/// <summary>What was done, for the audit trail (IHE BALP 1.1).</summary>
public enum AuditAction
{
    Create,
    Read,
    Update,
    Delete,
    Query,
}

/// <param name="Interaction">Code of http://hl7.org/fhir/restful-interaction, for example <c>read</c>; for DICOMweb the transaction, for example <c>wado-rs</c>.</param>
/// <param name="Entities">References or study UIDs touched.</param>
/// <param name="Patients">References of the patients concerned.</param>
/// <param name="Query">The raw query, for searches.</param>
/// <param name="Succeeded">False: refused or failed.</param>
/// <param name="Owners">Tenants whose data was touched; each may read the event. The actor's own tenant always may.</param>
public sealed record AuditEntry(
    Actor Actor,
    AuditAction Action,
    string Interaction,
    IReadOnlyList<string> Entities,
    IReadOnlyList<string> Patients,
    string? Query,
    bool Succeeded,
    string? RequestId,
    string? NetworkAddress,
    DateTimeOffset At,
    IReadOnlyList<string>? Owners = null);
