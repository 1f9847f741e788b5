using System.Text.RegularExpressions;
using SecondOpinion.Fhir;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Architecture.Tests;

/// <summary>
/// Resources are read by element name and not through a class per type, so a name that is spelt wrongly would read nothing. This holds every name that
/// <c>FhirNode</c> is asked for to the definitions.
/// </summary>
public sealed partial class ElementNameTests
{
    private static readonly HashSet<string> Names = [.. AllTypes().SelectMany(t => t.Slots).SelectMany(s => new[] { s.Name, s.JsonName }), "resourceType"];

    public static TheoryData<string> Projects => ["Cases", "Storage", "FhirRest", "Security", "Interop", "DicomWeb"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_element_name_read_from_a_resource_is_one_of_FHIR_R4(string project)
    {
        var folder = Path.Combine(Repository.Root, "src", "SecondOpinion." + project);
        var wrong = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => NamesIn(File.ReadAllText(f)).Where(n => !Names.Contains(n)).Select(n => $"{Path.GetFileName(f)}: {n}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_name_spelt_wrongly_is_found() =>
        Assert.Equal(["categry", "meta", "lastUpdatet"], NamesIn("""order.All("categry") root.At("meta", "lastUpdatet")""").Where(n => n == "meta" || !Names.Contains(n)));

    private static IEnumerable<string> NamesIn(string source) =>
        from Match call in Call().Matches(source)
        from Match name in Literal().Matches(call.Groups[1].Value)
        select name.Groups[1].Value;

    private static IEnumerable<TypeDefinition> AllTypes()
    {
        var seen = new HashSet<TypeDefinition>();
        var open = new Stack<TypeDefinition>(Definitions.ResourceTypes.Select(n => Definitions.Resource(n)!));
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            yield return type;
            foreach (var slot in type.Slots)
            {
                open.Push(slot.Type);
            }
        }
    }

    [GeneratedRegex("""\.(?:Text|All|At)\(((?:"[A-Za-z]+"(?:, )?)+)\)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Call();

    [GeneratedRegex("\"([A-Za-z]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Literal();
}
