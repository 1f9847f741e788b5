using System.Diagnostics.CodeAnalysis;

namespace SecondOpinion.Fhir;

/// <summary>Why a request is refused; the number is the HTTP status an edge answers with (FHIR R4 http.html#Status-Codes).</summary>
public enum RefusalKind
{
    Invalid = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    NotAllowed = 405,
    Conflict = 409,
    Gone = 410,
    PreconditionFailed = 412,
    TooLarge = 413,
    Unprocessable = 422,
    TooManyRequests = 429,
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

    public override string ToString() => $"{Kind}: {string.Join("; ", Issues.Select(i => i.Message))}";
}

/// <summary>Either a value or a refusal.</summary>
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "Constructors are the alternates")]
public readonly struct Outcome<T>
{
    private readonly T? _value;

    public Outcome(T value) => _value = value;

    public Outcome(Refusal refusal) => Refusal = refusal;

    /// <summary>Null when there is a value.</summary>
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsRefused => Refusal is not null;

    /// <summary>The value; reading it from a refusal is a programming error.</summary>
    /// <exception cref="InvalidOperationException">The outcome is a refusal.</exception>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException("Outcome is a refusal: " + Refusal);

    public static implicit operator Outcome<T>(T value) => new(value);

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
