using Microsoft.Extensions.Logging;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;

namespace SecondOpinion.FhirRest;

/// <summary>What every interaction works with; one per process.</summary>
internal sealed class FhirServer(InteropStore store, AuditTrail audit, FhirRestOptions options, TimeProvider time, ILogger<FhirServer> log)
{
    public InteropStore Store { get; } = store;

    public AuditTrail Audit { get; } = audit;

    public FhirRestOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;

    /// <summary>How searches are read: references below the base are local.</summary>
    public SearchOptions SearchOptions(string baseUrl) => new()
    {
        BaseUrl = baseUrl + "/",
        Clock = Time,
        DefaultCount = Options.DefaultPageSize,
        MaxCount = Options.MaxPageSize,
    };

    /// <summary>The CapabilityStatement.</summary>
    public Metadata Metadata { get; } = new(options);
}
