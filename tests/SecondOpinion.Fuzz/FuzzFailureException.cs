namespace SecondOpinion.Fuzz;

/// <summary>A property that does not hold.</summary>
internal sealed class FuzzFailureException(string message) : Exception(message);
