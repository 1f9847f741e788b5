using System.Diagnostics.CodeAnalysis;

namespace SecondOpinion.Fhir;

/// <summary>Why a request is refused; the number is the HTTP status an edge answers with (FHIR R4 http.html#Status-Codes).</summary>
public enum RefusalKind
{
    /// <summary>The request cannot be understood.</summary>
    Invalid = 400,

    /// <summary>Nobody is known to ask.</summary>
    Unauthorized = 401,

    /// <summary>Who asks may not.</summary>
    Forbidden = 403,

    /// <summary>There is no such thing, or none that may be known of.</summary>
    NotFound = 404,

    /// <summary>The interaction is not supported there.</summary>
    NotAllowed = 405,

    /// <summary>Something else stands against it.</summary>
    Conflict = 409,

    /// <summary>The resource is deleted.</summary>
    Gone = 410,

    /// <summary>A condition of the request does not hold, or matches too much.</summary>
    PreconditionFailed = 412,

    /// <summary>More bytes or work than allowed.</summary>
    TooLarge = 413,

    /// <summary>Understood, but breaks a rule.</summary>
    Unprocessable = 422,

    /// <summary>Ask again later.</summary>
    TooManyRequests = 429,

    /// <summary>The server cannot answer now.</summary>
    Unavailable = 503,
}

/// <summary>An expected refusal, as a value.</summary>
/// <param name="Kind">Decides the status at the edge.</param>
/// <param name="Issues">What is wrong, at least one issue.</param>
public sealed record Refusal(RefusalKind Kind, IReadOnlyList<FhirIssue> Issues)
{
    /// <summary>A refusal with one error.</summary>
    public static Refusal Of(RefusalKind kind, string issueCode, string message, string? key = null, string? expression = null) =>
        new(kind, [new FhirIssue(IssueSeverity.Error, issueCode, message, expression, Key: key)]);

    /// <summary>Kind and issues, for people.</summary>
    public override string ToString() => $"{Kind}: {string.Join("; ", Issues.Select(i => i.Message))}";
}

/// <summary>Either a value or a refusal.</summary>
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "Constructors are the alternates")]
public readonly struct Outcome<T>
{
    private readonly T? _value;

    /// <summary>An outcome that is a value.</summary>
    public Outcome(T value) => _value = value;

    /// <summary>An outcome that is a refusal.</summary>
    public Outcome(Refusal refusal) => Refusal = refusal;

    /// <summary>Null when there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Whether there is a refusal instead of a value.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsRefused => Refusal is not null;

    /// <summary>The value; reading it from a refusal is a programming error.</summary>
    /// <exception cref="InvalidOperationException">The outcome is a refusal.</exception>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException("Outcome is a refusal: " + Refusal);

    /// <summary>A success with that value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value);

    /// <summary>A failure with that refusal.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(refusal);

    /// <summary>The value, or false and the refusal.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [MaybeNullWhen(true)] out Refusal refusal)
    {
        value = _value;
        refusal = Refusal;
        return refusal is null;
    }

    /// <summary>Applies a function to the value and passes a refusal on.</summary>
    public Outcome<TResult> Map<TResult>(Func<T, TResult> map) => Refusal is null ? new(map(_value!)) : new(Refusal);
}
