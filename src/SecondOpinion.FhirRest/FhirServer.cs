using Microsoft.Extensions.Logging;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;

namespace SecondOpinion.FhirRest;

/// <summary>What every interaction works with; one per process.</summary>
internal sealed partial class FhirServer(InteropStore store, AuditTrail audit, FhirRestOptions options, TimeProvider time, ILogger<FhirServer> log) : IDisposable
{
    private ValidationOptions? _validation;

    public InteropStore Store { get; } = store;

    public AuditTrail Audit { get; } = audit;

    public FhirRestOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;

    /// <summary>How searches are read: references below the base are local.</summary>
    public SearchOptions SearchOptions(string baseUrl, Terminology terminology) => new()
    {
        Terminology = terminology,
        BaseUrl = baseUrl + "/",
        Clock = Time,
        DefaultCount = Options.DefaultPageSize,
        MaxCount = Options.MaxPageSize,
    };

    /// <summary>The second source of terminology.</summary>
    public RemoteTerminology Remote { get; } = options.Terminology.Connect(time, why => LogTerminology(log, why, options.Terminology.PauseSeconds));

    /// <summary>How writes are checked: by what is on board and what the terminology server has told.</summary>
    public ValidationOptions Validation => _validation ??= Remote.IsConfigured ? new ValidationOptions { Elsewhere = q => Remote.Known(q.ValueSet, q.System, q.Code) } : ValidationOptions.Default;

    public void Dispose() => Remote.Dispose();

    /// <summary>The CapabilityStatement.</summary>
    public Metadata Metadata { get; } = new(options);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "The terminology server does not answer ({Reason}); it is not asked for {Seconds} s, and what only it knows stays open")]
    private static partial void LogTerminology(ILogger log, string reason, int seconds);
}
