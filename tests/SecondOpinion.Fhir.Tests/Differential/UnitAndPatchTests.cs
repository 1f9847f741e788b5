using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Validation;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Differential;

/// <summary>Units against @lhncbc/ucum-lhc, JSON patches against rfc6902, validity against the npm program fhir.</summary>
public sealed class UnitAndPatchTests
{
    [Fact]
    public void Units_are_what_ucum_lhc_says() => Pins.Compare("unit", Pins.Rows("units.tsv").Select(row => (row[0], row[1], Unit(row[0]))));

    [Fact]
    public void Json_patches_give_what_rfc6902_gives() => Pins.Compare("patch", Pins.Rows("patches.tsv").Select(row => ($"{row[0]} {row[1]}", row[2], Patch(row[0], row[1]))));

    [Fact]
    public void Instances_are_valid_when_the_fhir_program_says_so() =>
        Pins.Compare("validity", Pins.Rows("validity.tsv").Select(row => (row[0], row[1], IsValid(row[0]) ? "valid" : "invalid")));

    private static string Unit(string code)
    {
        if (UcumUnit.Find(code) is not { } unit)
        {
            return "unknown";
        }

        return unit.Canonical.Contains('[') ? "arbitrary" : $"{CanonicalText.Number(unit.ToCanonical(1), 7)} {unit.Canonical}";
    }

    private static string Patch(string example, string patch) =>
        JsonPatch.Apply(JsonNode.Parse(Examples.All[example])!, JsonNode.Parse(patch)!).TryGet(out var patched, out _)
            ? CanonicalText.Hash(CanonicalText.Json(Encoding.UTF8.GetBytes(patched?.ToJsonString() ?? "null")))
            : "refused";

    private static bool IsValid(string json) =>
        FhirResource.TryParse(Encoding.UTF8.GetBytes(json)) is { Resource: { } resource } && FhirValidator.Validate(resource).All(i => !i.IsError);
}
