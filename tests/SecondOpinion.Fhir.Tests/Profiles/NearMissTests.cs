using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>
/// Small edits of valid examples that break one rule each (Data/near-misses.tsv: rule, name, example, edits, key, expression). Each is refused for its reason, and no
/// longer once the rule is taken out of its profile, so that nothing else can be the reason.
/// </summary>
public sealed class NearMissTests
{
    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "tests/SecondOpinion.Fhir.Tests/Data/near-misses.tsv")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t'))];

    public static TheoryData<string, string> Names => [.. Rows.Select(r => new TheoryDataRow<string, string>(r[0], r[1]))];

    public static TheoryData<string> Rules => [.. ProfileRules.All];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_has_three_near_misses(string rule) => Assert.True(Rows.Count(r => r[0] == rule) >= 3, $"{rule} has {Rows.Count(r => r[0] == rule)}");

    [Fact]
    public void Near_misses_are_of_rules_that_are_and_differ()
    {
        Assert.Empty(Rows.Select(r => r[0]).Except(ProfileRules.All));
        Assert.Equal(Rows.Length, Rows.Select(r => r[0] + r[1]).Distinct().Count());
        Assert.Equal(Rows.Length, Rows.Select(r => r[0] + r[2] + r[3]).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Near_miss_is_refused_for_its_reason(string rule, string name)
    {
        var row = Rows.Single(r => r[0] == rule && r[1] == name);
        var sample = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "profiles/generated", row[2] + ".json")))!.AsObject();
        Assert.Empty(OfProfiles(FhirResource.From(sample), ProfileRules.Known));
        foreach (var (path, value) in JsonNode.Parse(row[3])!.AsObject())
        {
            Edit(sample, path.Split('/'), value?.DeepClone());
        }

        var miss = FhirResource.From(sample);
        var issues = OfProfiles(miss, ProfileRules.Known);
        Assert.NotEmpty(issues);
        Assert.All(issues, i => Assert.Equal((row[4], row[5]), (i.Key, i.Expression)));
        Assert.NotEmpty(issues.Select(i => i.Message).Except(OfProfiles(miss, ProfileRules.Without(rule)).Select(i => i.Message)));
    }

    private static List<FhirIssue> OfProfiles(FhirResource resource, SecondOpinion.Fhir.Profiles profiles) =>
        [.. FhirValidator.Validate(resource, new ValidationOptions { Profiles = profiles }).Where(i => i.Message.Contains("(profile ", StringComparison.Ordinal))];

    /// <summary>Sets, removes (null) or appends (<c>+</c>, an array of items).</summary>
    private static void Edit(JsonNode at, ReadOnlySpan<string> path, JsonNode? value)
    {
        foreach (var step in path[..^1])
        {
            at = (at is JsonArray array ? array[int.Parse(step)] : at[step])!;
        }

        switch (at)
        {
            case JsonArray array when path[^1] == "+":
                foreach (var item in value!.AsArray())
                {
                    array.Add(item!.DeepClone());
                }

                break;
            case JsonArray array when value is null:
                array.RemoveAt(int.Parse(path[^1]));
                break;
            case JsonArray array:
                array[int.Parse(path[^1])] = value;
                break;
            case JsonObject o when value is null:
                Assert.True(o.Remove(path[^1]));
                break;
            default:
                at[path[^1]] = value;
                break;
        }
    }
}
