using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>Tells the audit trail what a request touched; a refused one leaves an event that says so.</summary>
internal static class AuditGlue
{
    public static async ValueTask RecordAsync(FhirCall call, Reply reply)
    {
        if (call.Route.IsPublic || call.Access is null)
        {
            return;
        }

        if (reply.Refusal is not null)
        {
            call.Notes.Clear();
            call.Notes.Add(new AuditNote(call.Route.Interaction, [], null, Succeeded: false));
        }

        foreach (var note in call.Notes)
        {
            await call.Server.Audit.RecordAsync(Entry(call, note), call.Cancellation);
        }
    }

    private static AuditEntry Entry(FhirCall call, AuditNote note)
    {
        var action = Action(note.Interaction);
        var isQuery = action == AuditAction.Query;
        List<string>? owners = null;
        var patients = new List<string>(1);
        foreach (var touched in note.Touched)
        {
            if (touched.TenantId != call.Tenant && owners?.Contains(touched.TenantId) != true)
            {
                (owners ??= []).Add(touched.TenantId);
            }

            if (PatientOf(touched) is { } patient && !patients.Contains(patient))
            {
                patients.Add(patient);
            }
        }

        var refused = note.Succeeded ? null : Asked(call);
        return new AuditEntry(
            call.Access.Actor,
            action,
            AuditCode(note.Interaction),
            refused is not null ? [refused] : isQuery ? [] : [.. note.Touched.Select(t => t.Reference)],
            patients,
            isQuery ? note.Query ?? call.Http.Request.Path.Value + call.Http.Request.QueryString.Value : null,
            note.Succeeded,
            call.RequestId,
            call.Http.Connection.RemoteIpAddress?.ToString(),
            call.Server.Time.GetUtcNow(),
            owners);
    }

    /// <summary>What a refused request asked for, when it named one resource.</summary>
    private static string? Asked(FhirCall call) =>
        call.Parameter("type") is { } type && call.Parameter("id") is { } id && Types.IsSupported(type) && Types.IsId(id) ? type + "/" + id : null;

    private static string? PatientOf(StoredResource touched) =>
        touched.Type == "Patient" ? touched.Reference : touched.Json.IsEmpty ? null : PatientReference.Find(touched.Json.Span);

    private static AuditAction Action(string interaction) => interaction switch
    {
        "create" => AuditAction.Create,
        "update" or "patch" => AuditAction.Update,
        "delete" => AuditAction.Delete,
        "read" or "vread" or "history-instance" or ['$', ..] => AuditAction.Read,
        _ => AuditAction.Query,
    };

    private static string AuditCode(string interaction) => interaction switch
    {
        "search-compartment" => "search-type",
        ['$', ..] => "operation",
        _ => interaction,
    };
}
