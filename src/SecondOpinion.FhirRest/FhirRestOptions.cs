using System.ComponentModel.DataAnnotations;

namespace SecondOpinion.FhirRest;

/// <summary>Settings of the FHIR R4 REST interface. Every limit is named in the refusal of what exceeds it.</summary>
public sealed class FhirRestOptions
{
    /// <summary>The base URL clients use, without a slash at the end, for example <c>https://host/fhir</c>; null takes it from each request.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>Bytes of a request body. Default 64 MiB.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 64 << 20;

    /// <summary>Nesting of objects and arrays in a body. Default 100.</summary>
    [Range(10, 500)]
    public int MaxDepth { get; set; } = 100;

    /// <summary>Entries of a batch or transaction. Default 1000.</summary>
    [Range(1, 100_000)]
    public int MaxBundleEntries { get; set; } = 1000;

    /// <summary>Matches or versions on a page when the request does not say. Default 50.</summary>
    [Range(1, 1000)]
    public int DefaultPageSize { get; set; } = 50;

    /// <summary>Most matches or versions on a page; more are cut to it. Default 1000.</summary>
    [Range(1, 10_000)]
    public int MaxPageSize { get; set; } = 1000;

    /// <summary>Version of the software in the CapabilityStatement.</summary>
    [Required]
    public string SoftwareVersion { get; set; } = "0.1.0";

    /// <summary>The token endpoint that the CapabilityStatement names; null names none.</summary>
    public string? TokenUrl { get; set; }

    public SubscriptionOptions Subscriptions { get; set; } = new();

    public TerminologyOptions Terminology { get; } = new();

    /// <summary>Checks this and what it contains.</summary>
    /// <returns>What is wrong; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), results, validateAllProperties: true);
        Validator.TryValidateObject(Subscriptions, new ValidationContext(Subscriptions), results, validateAllProperties: true);
        Validator.TryValidateObject(Terminology, new ValidationContext(Terminology), results, validateAllProperties: true);
        var errors = results.Select(r => r.ErrorMessage ?? "invalid option").ToList();
        errors.AddRange(Terminology.Validate());
        if (PublicBaseUrl is not null && (!Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || PublicBaseUrl.EndsWith('/')))
        {
            errors.Add($"PublicBaseUrl must be an absolute http(s) URL without a slash at the end, not '{PublicBaseUrl}'");
        }

        return errors;
    }
}

/// <summary>Settings of R4 Subscriptions and their delivery.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Whether http endpoints on this machine may be called: for development only. Default false.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Whether endpoints in private networks may be called. Default false.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Whether endpoints may be http beyond loopback. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Seconds an endpoint may take to answer. Default 15.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds before the first retry; doubles with each further one. Default 5.</summary>
    [Range(1, 3600)]
    public int FirstRetrySeconds { get; set; } = 5;

    /// <summary>Most seconds between retries. Default 900.</summary>
    [Range(1, 86_400)]
    public int MaxRetrySeconds { get; set; } = 900;

    /// <summary>Hours after which a notification that nobody takes is dropped. Default 72.</summary>
    [Range(1, 24 * 60)]
    public int KeepTryingHours { get; set; } = 72;

    /// <summary>Failures in a row after which Subscription.status says error; delivery goes on. Default 3.</summary>
    [Range(1, 1000)]
    public int FailuresUntilError { get; set; } = 3;

    /// <summary>Milliseconds between looks at the outbox when there is nothing to do. Default 500.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 500;

    /// <summary>Endpoints called at the same time. Default 8.</summary>
    [Range(1, 256)]
    public int Parallelism { get; set; } = 8;
}
