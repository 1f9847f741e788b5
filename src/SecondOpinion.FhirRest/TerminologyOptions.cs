using System.ComponentModel.DataAnnotations;
using System.Text;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest;

/// <summary>The terminology server that is asked for what is not on board.</summary>
public sealed class TerminologyOptions
{
    /// <summary>Base URL of its FHIR R4 interface: https, or http on this machine; null asks nobody.</summary>
    public string? Url { get; set; }

    /// <summary>Bearer token; null sends none.</summary>
    public string? Token { get; set; }

    /// <summary>User name of basic authentication, with <see cref="Password"/>.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Seconds an answer may take. Default 3.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 3;

    /// <summary>Megabytes of answers kept. Default 32.</summary>
    [Range(1, 4096)]
    public int CacheMegabytes { get; set; } = 32;

    /// <summary>Minutes an answer is good. Default 60.</summary>
    [Range(1, 60 * 24 * 30)]
    public int CacheMinutes { get; set; } = 60;

    /// <summary>Megabytes of one answer; a larger one is a failure. Default 8.</summary>
    [Range(1, 256)]
    public int MaxAnswerMegabytes { get; set; } = 8;

    /// <summary>Seconds without questions after a failure. Default 10.</summary>
    [Range(1, 3600)]
    public int PauseSeconds { get; set; } = 10;

    /// <summary>Starts of the URLs of code systems and value sets that it is asked about; empty: all.</summary>
    public IList<string> Only { get; } = [];

    internal IEnumerable<string> Validate()
    {
        if (Url is not null && (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))))
        {
            yield return "Terminology:Url must be an https URL, or http on this machine, without user, password and query";
        }

        if ((Token, User, Password) is not ((null, null, null) or ({ Length: > 0 }, null, null) or (null, { Length: > 0 }, { Length: > 0 })))
        {
            yield return "Terminology takes either Token, or User with Password";
        }

        if (Url is null && (Token ?? User) is not null)
        {
            yield return "Terminology has a credential and no Url";
        }

        if ((Token + User + Password).Any(char.IsControl))
        {
            yield return "The credential of Terminology has control characters";
        }
    }

    internal RemoteTerminology Connect(TimeProvider time, Action<string> onFailure) => Url is not { } url
        ? RemoteTerminology.None
        : new RemoteTerminology(
            new RemoteTerminologyOptions
            {
                BaseUrl = new Uri(url),
                Authorization = Token is { } token ? "Bearer " + token : User is { } user ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + Password)) : null,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                CacheTime = TimeSpan.FromMinutes(CacheMinutes),
                CacheBytes = (int)Math.Min((long)CacheMegabytes << 20, int.MaxValue),
                MaxAnswerBytes = MaxAnswerMegabytes << 20,
                Pause = TimeSpan.FromSeconds(PauseSeconds),
                Only = [.. Only],
            },
            time,
            onFailure);
}
