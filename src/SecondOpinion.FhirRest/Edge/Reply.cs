using SecondOpinion.Fhir;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>What an interaction answers, before it is put into the form the client asked for.</summary>
internal sealed record Reply
{
    public required int Status { get; init; }

    /// <summary>Canonical JSON of the resource in the body; empty for none.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The body as XML when it is at hand; else it is made of <see cref="Json"/>.</summary>
    public ReadOnlyMemory<byte> Xml { get; init; }

    /// <summary>The version that the headers speak of: ETag and Last-Modified.</summary>
    public StoredResource? Version { get; init; }

    /// <summary>Whether Location names <see cref="Version"/>.</summary>
    public bool HasLocation { get; init; }

    /// <summary>Whether <c>_summary</c> and <c>_elements</c> apply to the body.</summary>
    public bool CanBeShaped { get; init; }

    public Refusal? Refusal { get; init; }

    /// <summary>Methods for the Allow header of a 405.</summary>
    public string? Allow { get; init; }

    public static Reply Of(StoredResource stored, int status = 200) => new() { Status = status, Json = stored.Json, Version = stored, CanBeShaped = true };

    public static Reply Body(ReadOnlyMemory<byte> json, int status = 200) => new() { Status = status, Json = json };

    public static Reply Empty(int status, StoredResource? version = null) => new() { Status = status, Version = version };

    public static Reply Refused(Refusal refusal) => new() { Status = (int)refusal.Kind, Json = OperationOutcome.ToJson(refusal.Issues), Refusal = refusal };

    public static implicit operator Reply(Refusal refusal) => Refused(refusal);
}
