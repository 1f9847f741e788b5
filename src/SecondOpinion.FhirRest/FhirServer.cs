using Microsoft.Extensions.Logging;
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

    /// <summary>Methods and patterns of all routes, for the CapabilityStatement.</summary>
    public Metadata Metadata { get; } = new(options);
}
