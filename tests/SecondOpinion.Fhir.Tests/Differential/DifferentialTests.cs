using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Differential;

/// <summary>This library against the npm programs fhirpath and fhir, over the example instances of R4.</summary>
public sealed class DifferentialTests
{
    [Fact]
    public void Expressions_give_what_fhirpath_gives() =>
        Pins.Compare("expression", Pins.Rows("expressions.tsv").Select(row => ($"{row[0]} {row[1]}", row[2], Answer(Examples.Get(row[0]), row[1]))));

    /// <summary>
    /// @medplum/core has neither units nor date arithmetic. An answer of ours that is not its own stands where it refuses, where fhirpath agrees with ours, or where the
    /// list of disagreements says why.
    /// </summary>
    [Fact]
    public void Expressions_differ_from_medplum_only_with_a_reason()
    {
        var listed = Pins.Listed.Where(r => r[0] == "expression").Select(r => r[1]).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Medplum(), r => !r.IsSame && r.Theirs != "error" && r.Ours != r.Fhirpath && !listed.Contains(r.What));
    }

    /// <summary>Every expression with the three answers.</summary>
    internal static IEnumerable<(string What, string Ours, string Theirs, string Fhirpath, bool IsSame)> Medplum()
    {
        var fhirpath = Pins.Rows("expressions.tsv").ToDictionary(r => $"{r[0]} {r[1]}", r => r[2], StringComparer.Ordinal);
        foreach (var row in Pins.Rows("medplum.tsv"))
        {
            var ours = Answer(Examples.Get(row[0]), row[1]);
            // There a date is a text.
            yield return ($"{row[0]} {row[1]}", ours, row[2], fhirpath[$"{row[0]} {row[1]}"], ours == row[2] || Regex.Replace(ours, "@([-0-9T:.Z+]+)", "'$1'") == row[2]);
        }
    }

    [Fact]
    public void Operators_give_what_fhirpath_gives() => Pins.Compare("operator", Pins.Rows("operators.tsv").Select(row =>
        (row[0], row[1], Regex.Replace(Answer(Examples.Get("Patient-example"), row[0]), "\\{.{60,}", "elements"))));

    [Fact]
    public void Search_parameters_select_what_fhirpath_selects() => Pins.Compare("selection", Pins.Rows("selections.tsv").SelectMany(SelectionAnswers));

    [Fact]
    public void Invariants_hold_where_fhirpath_says_they_hold()
    {
        var resources = Examples.All.Keys.Select(name => (name, Examples.Get(name))).ToList();
        Pins.Compare("invariant", Pins.Rows("invariants.tsv").SelectMany(row => InvariantAnswers(row, resources)));
    }

    [Fact]
    public void Xml_is_what_the_fhir_program_writes() =>
        Pins.Compare("xml", Pins.Rows("xml.tsv").Select(row => (row[0], row[1], CanonicalText.Hash(XmlEvents(FhirXml.ToXml(Examples.Get(row[0])))))));

    [Fact]
    public void Every_disagreement_has_a_reason() => Assert.All(Pins.Listed, r => Assert.True(r.Length == 4 && r[3].Length > 10, string.Join(' ', r)));

    private static IEnumerable<(string What, string Theirs, string Ours)> SelectionAnswers(string[] row)
    {
        var theirs = Cells(row[1]);
        var ours = Selections(Examples.Get(row[0]));
        return theirs.Keys.Union(ours.Keys).Order(StringComparer.Ordinal)
            .Select(code => ($"{row[0]} {code}", theirs.GetValueOrDefault(code, "nothing"), ours.GetValueOrDefault(code, "nothing")));
    }

    /// <summary>A row for the rule, and one for each example in which it is not true throughout.</summary>
    private static IEnumerable<(string What, string Theirs, string Ours)> InvariantAnswers(string[] row, IReadOnlyList<(string Name, FhirResource Resource)> resources)
    {
        var exceptions = Cells(row[5]);
        var type = row[1].Split('.')[0];
        var isOneType = Definitions.Resource(type) is { IsAbstract: false };
        var (total, truths) = (0, 0);
        foreach (var (name, resource) in resources.Where(r => !isOneType || type == r.Resource.ResourceType))
        {
            var found = Truths(resource, row[2]);
            total += found == "error" ? 0 : found.Length;
            truths += found.Count(c => c == 'T');
            if (exceptions.TryGetValue(name, out var theirs) || found.Any(c => c != 'T'))
            {
                yield return ($"{row[0]} {row[1]} {name}", theirs ?? "true", found);
            }
        }

        yield return ($"{row[0]} {row[1]}", $"{row[4]} of {row[3]}", $"{truths} of {total}");
    }

    private static Dictionary<string, string> Cells(string row) =>
        row.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(c => c[..c.LastIndexOf('=')], c => c[(c.LastIndexOf('=') + 1)..]);

    private static string Answer(FhirResource resource, string expression)
    {
        try
        {
            var items = FhirPathExpression.Compile(expression).Evaluate(resource.Root);
            return items.Count == 0 ? "{}" : string.Join(" | ", items.Select(CanonicalText.Show));
        }
        catch (FhirException)
        {
            return "error";
        }
    }

    private static string Truths(FhirResource resource, string expression)
    {
        try
        {
            return string.Concat(FhirPathExpression.Compile(expression).Evaluate(resource.Root).Select(i => i.ToString()).Order(StringComparer.Ordinal));
        }
        catch (FhirException)
        {
            return "error";
        }
    }

    private static Dictionary<string, string> Selections(FhirResource resource)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in SearchParameters.For(resource.ResourceType))
        {
            if (parameter.Type != SearchParameterType.Composite)
            {
                Add(parameter.Code, FhirPathExpression.Compile(parameter.Expression).Evaluate(resource.Root));
                continue;
            }

            var elements = FhirPathExpression.Compile(parameter.Expression).Select(resource.Root);
            foreach (var component in parameter.Components)
            {
                Add(component.Code, [.. elements.SelectMany(e => FhirPathExpression.Compile(component.Expression).Evaluate(e))]);
            }
        }

        return found;

        void Add(string code, IReadOnlyList<FhirPathValue> items)
        {
            if (items.Count > 0)
            {
                found[code] = CanonicalText.Hash(string.Join('\n', items.Select(i => i.IsNode ? CanonicalText.Json(i.Node) : CanonicalText.Show(i)).Distinct().Order(StringComparer.Ordinal)));
            }
        }
    }

    /// <summary>Elements with their attributes in order, and texts with white space collapsed.</summary>
    private static string XmlEvents(byte[] xml)
    {
        var lines = new List<string>();
        var text = new StringBuilder();
        using var reader = XmlReader.Create(new MemoryStream(xml));
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Flush();
                    var isEmpty = reader.IsEmptyElement;
                    var name = reader.Name;
                    var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
                    while (reader.MoveToNextAttribute())
                    {
                        if (reader.Name != "xmlns" && reader.Prefix != "xmlns")
                        {
                            attributes[reader.Name] = Value(reader.Value);
                        }
                    }

                    lines.Add("<" + name + string.Concat(attributes.Select(a => $" {a.Key}={a.Value}")));
                    if (isEmpty)
                    {
                        lines.Add(">");
                    }

                    break;
                case XmlNodeType.EndElement:
                    Flush();
                    lines.Add(">");
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text.Append(reader.Value);
                    break;
            }
        }

        return string.Join('\n', lines);

        void Flush()
        {
            if (Collapse(text.ToString()) is { Length: > 0 } collapsed)
            {
                lines.Add("\"" + collapsed);
            }

            text.Clear();
        }
    }

    private static string Value(string value) =>
        Regex.IsMatch(value, "^-?[0-9]+\\.[0-9]+$") ? value.TrimEnd('0').TrimEnd('.') : Collapse(value);

    private static string Collapse(string text) => Regex.Replace(text, "[ \t\r\n]+", " ").Trim(' ');
}
