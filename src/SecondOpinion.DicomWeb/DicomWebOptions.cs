using Microsoft.Extensions.Options;

namespace SecondOpinion.DicomWeb;

/// <summary>Limits and choices of the DICOMweb services. Section <c>DicomWeb</c> of the configuration.</summary>
public sealed class DicomWebOptions
{
    public const string Section = "DicomWeb";

    /// <summary>Base of all URLs in answers, for example <c>https://images.example.org/dicomweb</c>. Empty: that of the request, as the host sees it.</summary>
    public string PublicBaseUrl { get; set; } = "";

    /// <summary>Name of this service in Warning headers (PS3.18 8.4.3).</summary>
    public string ServiceName { get; set; } = "SecondOpinion";

    /// <summary>Bytes of one stored instance; 4 GiB.</summary>
    public long MaxPartBytes { get; set; } = 4L << 30;

    /// <summary>Bytes of a store request; 64 GiB.</summary>
    public long MaxRequestBytes { get; set; } = 64L << 30;

    /// <summary>Instances of a store request; further ones fail with A700. 20,000.</summary>
    public int MaxInstancesPerRequest { get; set; } = 20_000;

    /// <summary>Files of one store request that are checked and flushed at once; 4.</summary>
    public int ConcurrentStaging { get; set; } = 4;

    /// <summary>Studies, series or work items of an answer, also when no limit is asked for; 1,000.</summary>
    public int MaxResults { get; set; } = 1000;

    /// <summary>Instances of an answer; 10,000.</summary>
    public int MaxInstanceResults { get; set; } = 10_000;

    /// <summary>Results that may be skipped; 1,000,000.</summary>
    public int MaxOffset { get; set; } = 1_000_000;

    /// <summary>An empty search result is 204, as editions before 2025 had it, instead of 200 with an empty array.</summary>
    public bool EmptyResultIsNoContent { get; set; }

    /// <summary>
    /// Compressed frames are sent as application/octet-stream when a client asks for that with <c>transfer-syntax=*</c>. Common viewers ask so and read the part's
    /// transfer syntax; PS3.18 8.7.3.3 has only uncompressed frames under that type. False: they are decompressed.
    /// </summary>
    public bool CompressedOctetStream { get; set; } = true;

    /// <summary>Bytes of an instance that is converted to another transfer syntax in memory; larger ones are sent as stored or not at all. 256 MiB.</summary>
    public long MaxTranscodeBytes { get; set; } = 256L << 20;

    /// <summary>Pixels of a rendered image and of the frame it is made from; 100 million.</summary>
    public long MaxRenderPixels { get; set; } = 100_000_000;

    /// <summary>Images that are decoded or rendered at once; 0: as many as there are processors.</summary>
    public int ConcurrentRenders { get; set; }

    /// <summary>Frames that one request may name; 10,000.</summary>
    public int MaxFramesPerRequest { get; set; } = 10_000;

    /// <summary>What is wrong with the options; empty when they are good.</summary>
    public static IReadOnlyList<string> Check(DicomWebOptions options)
    {
        var wrong = new List<string>();
        void Require(bool isGood, string message)
        {
            if (!isGood)
            {
                wrong.Add(Section + ":" + message);
            }
        }

        Require(options.PublicBaseUrl.Length == 0 || (Uri.TryCreate(options.PublicBaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"), "PublicBaseUrl must be an http(s) URL");
        Require(options.ServiceName.Length > 0 && options.ServiceName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'), "ServiceName must be letters, digits, dots and dashes");
        Require(options.MaxPartBytes >= 1024, "MaxPartBytes must be at least 1024");
        Require(options.MaxRequestBytes >= 1024, "MaxRequestBytes must be at least 1024");
        Require(options.MaxInstancesPerRequest is >= 1 and <= 1_000_000, "MaxInstancesPerRequest must be 1 to 1000000");
        Require(options.ConcurrentStaging is >= 1 and <= 64, "ConcurrentStaging must be 1 to 64");
        Require(options.MaxResults is >= 1 and <= 100_000, "MaxResults must be 1 to 100000");
        Require(options.MaxInstanceResults is >= 1 and <= 1_000_000, "MaxInstanceResults must be 1 to 1000000");
        Require(options.MaxOffset is >= 0 and <= 100_000_000, "MaxOffset must be 0 to 100000000");
        Require(options.MaxTranscodeBytes is >= 0 and <= 2_000_000_000, "MaxTranscodeBytes must be 0 to 2000000000");
        Require(options.MaxRenderPixels is >= 1 and <= 1_000_000_000, "MaxRenderPixels must be 1 to 1000000000");
        Require(options.ConcurrentRenders is >= 0 and <= 256, "ConcurrentRenders must be 0 to 256");
        Require(options.MaxFramesPerRequest is >= 1 and <= 1_000_000, "MaxFramesPerRequest must be 1 to 1000000");
        return wrong;
    }
}

/// <summary>Refuses bad options when the program starts.</summary>
internal sealed class DicomWebOptionsValidator : IValidateOptions<DicomWebOptions>
{
    public ValidateOptionsResult Validate(string? name, DicomWebOptions options) =>
        DicomWebOptions.Check(options) is { Count: > 0 } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
}
