using SecondOpinion.Cases.Intake;

namespace SecondOpinion.Cases.Life;

/// <summary>When an answer is due: 24 h for dental, 24 to 72 h for radiology by priority, counted from the assignment.</summary>
public static class DueTime
{
    public static DateTimeOffset Of(Order order, DateTimeOffset assigned, CaseOptions options) =>
        assigned + (order.IsDental
            ? options.DentalTurnaround
            : order.Priority switch
            {
                // FHIR R4 valueset-request-priority.html: routine < urgent < asap < stat.
                "stat" or "asap" => options.StatTurnaround,
                "urgent" => options.UrgentTurnaround,
                _ => options.RoutineTurnaround,
            });
}
