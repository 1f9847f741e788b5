using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Json;

/// <summary>What reading refuses is validated too, so that one answer names everything to mend.</summary>
public sealed class AllIssuesTests
{
    private static List<(string? Key, string? Expression)> IssuesOf(string json)
    {
        var parsed = FhirResource.TryParse(Encoding.UTF8.GetBytes(json));
        Assert.Null(parsed.Resource);
        return [.. parsed.Issues.Select(i => (i.Key, i.Expression))];
    }

    [Fact]
    public void A_property_written_twice_hides_nothing_else_that_is_wrong() =>
        Assert.Equal(
            [("duplicate-property", "Patient.gender"), ("binding-required", "Patient.gender"), ("json-type", "Patient.active"), ("unknown-element", "Patient.foo")],
            IssuesOf("""{"resourceType":"Patient","gender":"male","gender":"femal","active":"yes","foo":1}"""));

    [Fact]
    public void An_unknown_type_of_a_contained_resource_is_named_once() =>
        Assert.Equal(
            [("resource-type", "Patient.contained[0]"), ("json-type", "Patient.name[0].family")],
            IssuesOf("""{"resourceType":"Patient","contained":[{"resourceType":"Nope","x":1}],"name":[{"family":3}]}"""));

    [Fact]
    public void Issues_of_both_kinds_stay_within_the_limit()
    {
        var json = "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"male\"" + string.Concat(Enumerable.Range(0, 5000).Select(i => $",\"x{i}\":1")) + "}";
        Assert.InRange(IssuesOf(json).Count, 50, FhirParseOptions.Default.MaxIssues + 2);
    }
}
