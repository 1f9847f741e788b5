using System.CommandLine;
using SecondOpinion.Fhir;

namespace SecondOpinion.Interop.Commands.Fhir;

/// <summary><c>fhir validate|json|xml|path|index</c>: what the server makes of a resource, for people and for checks from outside.</summary>
internal static class FhirCommand
{
    private const int MaxFileBytes = 64 << 20;

    public static Command Create() => new("fhir", "Looks into FHIR files: JSON or XML.")
    {
        FhirValidateCommand.Create(),
        Convert("json", "The resource as canonical JSON.", ".json", resource => resource.Json.ToArray()),
        Convert("xml", "The resource as XML.", ".xml", FhirXml.ToXml),
        FhirPathCommand.Create(),
        Convert("index", "The search index values of the resource, as JSON.", ".json", SearchIndexJson.ToArray),
    };

    /// <summary>The resource of a file, JSON or XML as it begins.</summary>
    /// <exception cref="FhirException">It holds none.</exception>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public static FhirResource Read(string path)
    {
        var parsed = TryRead(path);
        return parsed.Resource ?? throw new FhirException(parsed.Issues);
    }

    /// <inheritdoc cref="Read"/>
    public static FhirParseResult TryRead(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new IOException($"{path} is larger than {MaxFileBytes} bytes");
        }

        var bytes = File.ReadAllBytes(path);
        var text = bytes.AsSpan().TrimStart(" \t\r\n\uFEFF"u8);
        return text.Length > 0 && text[0] == (byte)'<' ? FhirXml.TryParse(bytes) : FhirResource.TryParse(bytes);
    }

    private static Command Convert(string name, string description, string extension, Func<FhirResource, byte[]> convert)
    {
        var files = FileArguments.Files();
        var folder = FileArguments.Out();
        var command = new Command(name, description) { files, folder };
        command.SetAction(result => FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), extension, path => new(convert(Read(path))), e => e is FhirException));
        return command;
    }
}
