using SecondOpinion.Cases.Intake;

namespace SecondOpinion.Cases.Life;

/// <summary>Chooses the reading organization of an order.</summary>
public static class Routing
{
    /// <summary>
    /// The order's own wish (performer) wins; then the first route whose service and specialty fit; then the default; then the only reader there is.
    /// Null when none is left: the order waits.
    /// </summary>
    /// <param name="readers">Tenants that may read.</param>
    public static string? Choose(Order order, string ordererTenant, IReadOnlyCollection<string> readers, CaseOptions options)
    {
        foreach (var performer in order.Performers)
        {
            var (type, id) = ReferenceText.Split(performer);
            if (type == "Organization" && readers.Contains(id))
            {
                return id;
            }
        }

        foreach (var route in options.Routes)
        {
            if ((route.ServiceCode is null || route.ServiceCode == order.ServiceCode)
                && (route.Specialty is null || order.Specialties.Contains(route.Specialty))
                && readers.Contains(route.Reader))
            {
                return route.Reader;
            }
        }

        if (options.DefaultReader is { Length: > 0 } standard && readers.Contains(standard))
        {
            return standard;
        }

        var others = readers.Where(r => r != ordererTenant).ToList();
        return others.Count == 1 ? others[0] : null;
    }
}
