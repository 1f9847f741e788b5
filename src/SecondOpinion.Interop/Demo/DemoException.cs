namespace SecondOpinion.Interop.Demo;

/// <summary>A step of the demo did not do what it should; the message says which.</summary>
internal sealed class DemoException(string message) : Exception(message);
