using System.CommandLine;
using System.Text;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Interop.Commands.Fhir;

/// <summary><c>fhir path EXPRESSION FILE</c>.</summary>
internal static class FhirPathCommand
{
    public static Command Create()
    {
        var expression = new Argument<string>("EXPRESSION");
        var file = new Argument<string>("FILE");
        var command = new Command("path", "Evaluates a FHIRPath expression; one line a value, elements with parts as JSON.") { expression, file };
        command.SetAction(result =>
        {
            try
            {
                foreach (var value in FhirPathExpression.Compile(result.GetValue(expression)!).Evaluate(FhirCommand.Read(result.GetValue(file)!).Root))
                {
                    Console.WriteLine(Line(value));
                }

                return 0;
            }
            catch (Exception e) when (e is FhirException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static string Line(FhirPathValue value) =>
        value.IsNode && !value.Node.IsPrimitive ? Encoding.UTF8.GetString(value.Node.RawValue) : (value.ToString() ?? "").ReplaceLineEndings("\\n");
}
