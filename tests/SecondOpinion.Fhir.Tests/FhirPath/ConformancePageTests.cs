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
        var section = Page[Page.IndexOf("### Official suite")..Page.IndexOf("## Search parameters")];
        var rows = section.Split('\n').Where(l => l.StartsWith("| ") && !l.StartsWith("| row")).Select(l => l.Split('|')[1].Trim());

        Assert.Equal(OfficialSuiteTests.KnownFailures.Keys.Order(), rows.Order());
        Assert.Contains($"{OfficialSuite.Tests.Count} rows", section);
        Assert.Contains($"Known failures: {OfficialSuiteTests.KnownFailures.Count}.", section);
    }

    [Fact]
    public void Page_counts_rules_and_parameters()
    {
        Assert.Contains($"All {Definitions.Invariants.Count()} rules", Page);
        Assert.Contains(FormattableString.Invariant($"({Definitions.SearchParameters.Count(r => r.Expression.Length > 0):N0} definitions)"), Page);
        Assert.Contains($"{Examples.All.Count} example instances", Page);
    }
}
