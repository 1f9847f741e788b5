using System.Globalization;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#vread: one version of a resource; 410 for the version that is a deletion.</summary>
internal static class VersionRead
{
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var (type, id, version) = (call.Type, call.Id, call.Parameter("version")!);
        if (call.Access.Require(type, Permissions.Read) is { } refusal)
        {
            return refusal;
        }

        var outcome = await call.Server.Store.ReadAsync(reader => RunAsync(reader, call.Access, type, id, version, call.Cancellation), call.Cancellation);
        return outcome.TryGet(out var found, out refusal) ? Read.Answer(call, found) : refusal;
    }

    public static async Task<Outcome<StoredResource>> RunAsync(StoreReader reader, Access access, string type, string id, string version, CancellationToken cancellation = default)
    {
        if (!Types.IsId(id) || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Read.NotFound(type, id);
        }

        if (Artefacts.Stored(access.Tenant, type, id) is { } own)
        {
            return own.Version == number ? own : Read.NotFound(type, id + "/_history/" + version);
        }

        var found = await reader.Resources.FindVersionAsync(access.Tenant, type, id, number, cancellation);
        if (found is null)
        {
            return Read.NotFound(type, id + "/_history/" + version);
        }

        if (found.IsDeleted)
        {
            return Read.Gone(found);
        }

        return await access.PermitsAsync(reader, found, Permissions.Read, cancellation) ? found : Read.NotFound(type, id);
    }
}
