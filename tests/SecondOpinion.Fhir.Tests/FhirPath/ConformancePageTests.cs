using SecondOpinion.Fhir.Tests.Differential;
using SecondOpinion.Fhir.Tests.Patch;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>docs/conformance-fhir.md says what the tests say.</summary>
public sealed class ConformancePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "conformance-fhir.md"));

    [Fact]
    public void Page_lists_the_known_failures_of_the_official_suite_and_no_others()
    {
        var rows = Table("| row | reason |").Select(r => r[0]);

        Assert.Equal(OfficialSuiteTests.KnownFailures.Keys.Order(), rows.Order());
    }

    [Fact]
    public void Page_counts_the_rows_of_the_official_suites()
    {
        Requires.Shared("conformance/patch/json-patch-tests.json");
        var known = OfficialSuiteTests.KnownFailures.Count;
        var expected = new[]
        {
            Row("FHIRPath (`tests-fhir-r4.xml`)", OfficialSuiteTests.Keys.Count, known),
            Row("JSON Patch", JsonPatchTests.Cases.Count, 0),
            Row("FHIRPath Patch", FhirPathPatchTests.Cases.Count, 0),
            Row("XML Patch", XmlPatchTests.Cases.Count, 0),
        };

        Assert.Equal(expected, Table("| suite | rows |").Select(r => string.Join(" | ", r)));

        static string Row(string suite, int rows, int failures) => $"{suite} | {rows} | {rows - failures} | {failures}";
    }

    [Fact]
    public void Page_counts_the_answers_of_other_programs()
    {
        var expected = new[]
        {
            Row("expressions, one by one", "fhirpath 5.2.0", "expressions.tsv", "expression"),
            Row("operators between operands of all kinds", "fhirpath 5.2.0", "operators.tsv", "operator"),
            Row("what search parameters select, by example", "fhirpath 5.2.0", "selections.tsv", "selection", r => r[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
            Row("invariants, by element", "fhirpath 5.2.0", "invariants.tsv", "invariant"),
            Row("XML of the examples", "fhir 4.12.0", "xml.tsv", "xml"),
            Row("validity of small instances", "fhir 4.12.0", "validity.tsv", "validity"),
            Row("units in base units", "@lhncbc/ucum-lhc 5.0.4", "units.tsv", "unit"),
            Row("JSON patches", "rfc6902 5.4.0", "patches.tsv", "patch"),
        };

        Assert.Equal(expected, Table("| asked | program |").Select(r => string.Join(" | ", r)));

        static string Row(string asked, string program, string table, string kind, Func<string[], int>? count = null) => FormattableString.Invariant(
            $"{asked} | {program} | {Pins.Rows(table).Sum(count ?? (_ => 1)):N0} | {Pins.Listed.Count(r => r[0] == kind):N0}");
    }

    [Fact]
    public void Page_counts_what_medplum_answers()
    {
        var rows = DifferentialTests.Medplum().ToList();
        var refused = rows.Count(r => !r.IsSame && r.Theirs == "error");
        var outvoted = rows.Count(r => !r.IsSame && r.Theirs != "error" && r.Ours == r.Fhirpath);
        var same = rows.Count(r => r.IsSame);
        Assert.Contains(
            $"of the same {rows.Count} expressions it answers {same} alike and refuses {refused}; in {outvoted} fhirpath agrees with this library, and {rows.Count - same - refused - outvoted} are among the listed ones.",
            Page.ReplaceLineEndings(" "));
    }

    /// <summary>The cells of the table that begins with this line.</summary>
    private static IEnumerable<string[]> Table(string head)
    {
        var lines = Page[Page.IndexOf(head, StringComparison.Ordinal)..].Split('\n');
        return lines.Skip(2).TakeWhile(l => l.StartsWith('|')).Select(l => l.Trim('|').Split('|').Select(c => c.Trim()).ToArray());
    }

    [Fact]
    public void Page_counts_rules_and_parameters()
    {
        Assert.Contains($"All {Definitions.Invariants.Count()} rules", Page);
        Assert.Contains(FormattableString.Invariant($"({Definitions.SearchParameters.Count(r => r.Expression.Length > 0):N0} definitions)"), Page);
        Assert.Contains($"{Examples.All.Count} example instances", Page);
    }
}
