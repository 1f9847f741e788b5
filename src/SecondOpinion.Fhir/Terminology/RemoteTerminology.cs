using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecondOpinion.Fhir.Codes;

namespace SecondOpinion.Fhir;

/// <summary>
/// The second source of terminology: a FHIR R4 terminology service over HTTP (FHIR R4 terminology-service.html), asked only for what is not on board. It is
/// sent codes, their systems and value sets, never displays, texts or resources. It never fails the caller: what it cannot answer stays unanswered.
/// Free-threaded.
/// </summary>
public sealed class RemoteTerminology : IDisposable
{
    private const int MaxCode = 200;
    private const int MaxQuestions = 100;
    private const int Parallelism = 4;

    private readonly RemoteTerminologyOptions? _options;
    private readonly TimeProvider _time;
    private readonly HttpClient? _http;
    private readonly AnswerCache? _cache;
    private readonly Action<string>? _onFailure;
    private long _pausedUntil;

    private RemoteTerminology() => _time = TimeProvider.System;

    /// <param name="onFailure">Told why, once for every pause; the text has no secret and no code.</param>
    public RemoteTerminology(RemoteTerminologyOptions options, TimeProvider? time = null, Action<string>? onFailure = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _onFailure = onFailure;
        _cache = new AnswerCache(options.CacheBytes, _time);

        // A redirect would send the credential and the codes to somebody else.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(options.BaseUrl.ToString().TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
        if (options.Authorization is { } credential)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", credential);
        }
    }

    /// <summary>Answers nothing.</summary>
    public static RemoteTerminology None { get; } = new();

    /// <summary>Whether there is a server to ask.</summary>
    public bool IsConfigured => _options is not null;

    /// <summary>The value set with its expansion; null when the server does not know.</summary>
    public Task<FhirResource?> ExpandAsync(string valueSet, ExpandOptions options, CancellationToken cancellation = default) => MayAsk(valueSet)
        ? AskAsync("ValueSet/$expand", "ValueSet", cancellation,
            ("url", valueSet), ("filter", options.Filter), ("offset", options.Offset > 0 ? Text(options.Offset) : null), ("count", options.Count is { } count ? Text(count) : null),
            ("includeDesignations", options.IncludeDesignations ? "true" : null), ("activeOnly", options.ActiveOnly ? "true" : null), ("displayLanguage", options.DisplayLanguage))
        : Nothing;

    /// <summary>Whether a code is in a value set, or with none whether it is one of its system; null when the server does not know.</summary>
    /// <param name="display">Compared here with what the server says is right.</param>
    public async Task<CodeCheck?> ValidateCodeAsync(string? valueSet, string? system, string code, string? display = null, CancellationToken cancellation = default)
    {
        if (!IsQuestion(valueSet, system, code))
        {
            return null;
        }

        var answer = valueSet is null
            ? await AskAsync("CodeSystem/$validate-code", "Parameters", cancellation, ("url", system), ("code", code)).ConfigureAwait(false)
            : await AskAsync("ValueSet/$validate-code", "Parameters", cancellation, ("url", valueSet), ("system", system), ("code", code)).ConfigureAwait(false);
        return Read(answer, code, display);
    }

    /// <summary>As <see cref="ValidateCodeAsync"/>, from what <see cref="PrefetchAsync"/> has fetched; never waits.</summary>
    public bool? Known(string valueSet, string? system, string code) =>
        IsQuestion(valueSet, system, code) && _cache!.TryGet(Question("ValueSet/$validate-code", [("url", valueSet), ("system", system), ("code", code)]), out var answer)
            ? Read(answer, code, null)?.Result
            : null;

    /// <summary>Asks several questions at once, so that <see cref="Known"/> has the answers; at most 100, and no longer than two timeouts.</summary>
    public async Task PrefetchAsync(IEnumerable<CodeQuestion> questions, CancellationToken cancellation = default)
    {
        if (_options is null)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout * 2);
        try
        {
            await Parallel.ForEachAsync(
                questions.Distinct().Take(MaxQuestions),
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = limit.Token },
                async (q, stop) => await ValidateCodeAsync(q.ValueSet, q.System, q.Code, null, stop).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Time is up: what has not come stays open.
        }
    }

    /// <summary>The Parameters of $lookup; null when the server does not know.</summary>
    public Task<FhirResource?> LookupAsync(string system, string code, string? version, string? language, CancellationToken cancellation = default) => IsQuestion(null, system, code)
        ? AskAsync("CodeSystem/$lookup", "Parameters", cancellation, ("system", system), ("code", code), ("version", version), ("displayLanguage", language))
        : Nothing;

    /// <summary>The Parameters of $subsumes; null when the server does not know.</summary>
    public Task<FhirResource?> SubsumesAsync(string system, string codeA, string codeB, string? version, CancellationToken cancellation = default) => IsQuestion(null, system, codeA) && IsQuestion(null, system, codeB)
        ? AskAsync("CodeSystem/$subsumes", "Parameters", cancellation, ("system", system), ("codeA", codeA), ("codeB", codeB), ("version", version))
        : Nothing;

    /// <summary>The Parameters of $translate; null when the server does not know.</summary>
    /// <param name="map">URL of the concept map; null for any.</param>
    public Task<FhirResource?> TranslateAsync(string? map, string system, string code, TranslateOptions options, CancellationToken cancellation = default) => IsQuestion(null, system, code)
        ? AskAsync("ConceptMap/$translate", "Parameters", cancellation,
            ("url", map), ("system", system), ("code", code), ("source", options.SourceSet), ("target", options.TargetSet), ("targetsystem", options.TargetSystem), ("reverse", options.Reverse ? "true" : null))
        : Nothing;

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http?.Dispose();

    private static Task<FhirResource?> Nothing => Task.FromResult<FhirResource?>(null);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A code is short and one word, or a few; anything else may be text about a person that stands in the wrong place.
    private bool IsQuestion(string? valueSet, string? system, string code) =>
        system is not null && code.Length is > 0 and <= MaxCode && !code.Any(char.IsControl) && Uri.IsWellFormedUriString(system, UriKind.Absolute)
        && MayAsk(system) && (valueSet is null || Uri.IsWellFormedUriString(valueSet.Split('|')[0], UriKind.Absolute));

    private bool MayAsk(string url) => _options is { } options && (options.Only.Count == 0 || options.Only.Any(o => url.StartsWith(o, StringComparison.Ordinal)));

    private static CodeCheck? Read(FhirResource? answer, string code, string? display)
    {
        string? result = null, message = null, right = null;
        foreach (var parameter in answer?.Root.All("parameter") ?? default)
        {
            switch (parameter.Text("name"))
            {
                case "result":
                    result = parameter["value"].Value;
                    break;
                case "message":
                    message = parameter["value"].Value;
                    break;
                case "display":
                    right = parameter["value"].Value;
                    break;
            }
        }

        return result switch
        {
            "true" when display is not null && right is not null && !string.Equals(display, right, StringComparison.OrdinalIgnoreCase) => new CodeCheck(false, $"The display of {code} is '{right}', not '{display}'", right),
            "true" => new CodeCheck(true, null, right),
            "false" => new CodeCheck(false, message ?? $"{code} is not a code of it", right),
            _ => null,
        };
    }

    private static string Question(string path, ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var builder = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                builder.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return builder.ToString();
    }

    private Task<FhirResource?> AskAsync(string path, string expected, CancellationToken cancellation, params ReadOnlySpan<(string, string?)> parameters) =>
        AskAsync(Question(path, parameters), expected, cancellation);

    private async Task<FhirResource?> AskAsync(string question, string expected, CancellationToken cancellation)
    {
        if (_cache!.TryGet(question, out var known))
        {
            return known;
        }

        if (_time.GetTimestamp() < Interlocked.Read(ref _pausedUntil))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options!.Timeout);
        try
        {
            using var response = await _http!.GetAsync(new Uri(question, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);

            // The server understood and does not know; that is no failure (terminology-service.html: 404 and 422 with an OperationOutcome).
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
            {
                _cache.Put(question, null, _options.CacheTime / 10);
                return null;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Failed($"status {(int)response.StatusCode}");
            }

            var answer = await ReadAsync(response, limit.Token).ConfigureAwait(false);
            if (answer?.ResourceType != expected)
            {
                return Failed(answer is null ? $"an answer that is no FHIR JSON or has more than {_options.MaxAnswerBytes} bytes" : $"a {answer.ResourceType} where a {expected} was expected");
            }

            _cache.Put(question, answer, _options.CacheTime);
            return answer;
        }
        catch (HttpRequestException e)
        {
            return Failed("no connection: " + e.HttpRequestError);
        }
        catch (IOException)
        {
            return Failed("the connection broke");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed($"no answer in {_options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    private async Task<FhirResource?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var max = _options!.MaxAnswerBytes;
        if (response.Content.Headers.ContentLength > max)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > max)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return FhirResource.TryParse(body.ToArray(), new FhirParseOptions { MaxLength = max }).Resource;
    }

    /// <summary>Leaves the server alone for a while; nobody waits for it in vain again and again.</summary>
    private FhirResource? Failed(string why)
    {
        var until = _time.GetTimestamp() + (long)(_options!.Pause.TotalSeconds * _time.TimestampFrequency);
        var before = Interlocked.Exchange(ref _pausedUntil, until);
        if (before <= _time.GetTimestamp())
        {
            _onFailure?.Invoke(why);
        }

        return null;
    }
}

/// <summary>Whether a code is in a value set, to be asked of a terminology server.</summary>
public sealed record CodeQuestion(string ValueSet, string? System, string Code);
