using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Intake;

/// <summary>Another order of the same placer, as far as duplicates are concerned.</summary>
/// <param name="IsOpen">Its work is neither finished nor given up.</param>
/// <param name="IsWithdrawn">It was revoked or entered in error: its numbers are free again.</param>
public sealed record KnownOrder(string Id, Identifier? Placer, IReadOnlyList<Identifier> Accessions, bool IsOpen, bool IsWithdrawn);

/// <summary>One order number means one order, and one accession has one open order.</summary>
public static class DuplicateOrder
{
    /// <summary>409 when the order repeats another one of its placer; null otherwise.</summary>
    public static Refusal? Refuse(Order order, IEnumerable<KnownOrder> others)
    {
        foreach (var other in others)
        {
            if (other.Id == order.Id || other.IsWithdrawn)
            {
                continue;
            }

            // A retry of an order whose review is finished must not open a second case, so a placer number stays taken.
            if (order.Placer is { } placer && other.Placer is { } taken && taken.System == placer.System && taken.Value == placer.Value)
            {
                return Refusal.Of(
                    RefusalKind.Conflict, "duplicate",
                    $"Order number {placer} is already used by ServiceRequest/{other.Id}; update that order, or revoke it first", "duplicate-placer", "ServiceRequest.identifier");
            }

            if (other.IsOpen && order.Accessions.FirstOrDefault(a => other.Accessions.Any(b => a.System == b.System && a.Value == b.Value)) is { } accession)
            {
                return Refusal.Of(
                    RefusalKind.Conflict, "duplicate",
                    $"A second opinion on accession {accession} is already open: ServiceRequest/{other.Id}; revoke it first, or wait for its result", "duplicate-accession", "ServiceRequest.identifier");
            }
        }

        return null;
    }
}
