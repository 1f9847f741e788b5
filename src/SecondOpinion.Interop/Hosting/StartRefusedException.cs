namespace SecondOpinion.Interop.Hosting;

/// <summary>The program does not start as it is configured; the message says what to change.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
