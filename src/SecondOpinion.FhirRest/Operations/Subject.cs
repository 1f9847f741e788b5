using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>What an operation is about: a definition by its canonical URL, in the request, or stored and named by the address.</summary>
/// <param name="Url">With <c>|version</c> when one is asked for; null when the definition is at hand.</param>
/// <param name="Resource">The definition; null when it is to be found by URL.</param>
internal sealed record Subject(string? Url, FhirResource? Resource)
{
    /// <summary>400 when the request names none; null subject members when <paramref name="isOptional"/> and none is named.</summary>
    public static async Task<Outcome<Subject>> ReadAsync(FhirCall call, OperationInput input, string type, string inline, string version, bool isOptional = false)
    {
        if (call.Parameter("id") is { } id)
        {
            if (Artefacts.Find(type, id) is { } own)
            {
                return new Subject(own.Root.Text("url"), null);
            }

            var outcome = await call.ReadAsync(reader => Read.RunAsync(reader, call.Access, type, id, call.Cancellation));
            if (!outcome.TryGet(out var stored, out var refusal))
            {
                return refusal;
            }

            call.Note(stored);
            return new Subject(null, stored.Parse());
        }

        if (input.Node(inline) is { Exists: true } node)
        {
            return node.ResourceType == type
                ? new Subject(null, node.ToResource())
                : Refusal.Of(RefusalKind.Invalid, "value", $"'{inline}' must be a {type}", "operation-parameter");
        }

        if (input.Value("url") is { } url)
        {
            return new Subject(input.Value(version) is { } v && !url.Contains('|', StringComparison.Ordinal) ? url + "|" + v : url, null);
        }

        return isOptional ? new Subject(null, null) : OperationInput.Missing($"'url' or '{inline}'");
    }

    /// <summary>The value set; null when it is not known, open when its codes are not.</summary>
    public ValueSetDefinition? Find(Terminology terminology) => Resource is { } resource ? terminology.Read(resource) : terminology.Find(Url!);

    public Refusal NotFound => Refusal.Of(RefusalKind.NotFound, "not-found", $"{Types.Clip(Url ?? "The definition")} is not known", "definition-unknown");
}
