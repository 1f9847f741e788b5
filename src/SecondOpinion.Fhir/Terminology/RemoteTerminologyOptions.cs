namespace SecondOpinion.Fhir;

/// <summary>A terminology server that is asked for what is not on board.</summary>
public sealed record RemoteTerminologyOptions
{
    /// <summary>Base URL of its FHIR R4 interface.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Value of the Authorization header; null sends none.</summary>
    public string? Authorization { get; init; }

    /// <summary>For one answer; default 3 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an answer is good; default an hour. A server that does not know is asked again after a tenth of it.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of answers kept; default 32 MiB.</summary>
    public int CacheBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one answer; a longer one is a failure. Default 8 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 8 << 20;

    /// <summary>How long it is left alone after a failure; default 10 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Starts of the URLs of code systems and value sets that it may be asked about; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}
