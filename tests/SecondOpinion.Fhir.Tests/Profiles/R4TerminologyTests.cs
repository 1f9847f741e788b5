using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>The code systems, value sets and concept maps of R4 on board.</summary>
public sealed class R4TerminologyTests
{
    private const string V3 = "http://terminology.hl7.org/CodeSystem/v3-";

    private static IEnumerable<string[]> Expansions()
    {
        using var reader = new StreamReader(typeof(R4TerminologyTests).Assembly.GetManifestResourceStream("r4-expansions.tsv")!);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t'))];
    }

    private static string Hash(IEnumerable<CodedValue> codes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', codes.Select(c => c.System + "|" + c.Code).Distinct().Order(StringComparer.Ordinal)))))[..16];

    // The publisher of R4 left deprecated codes out; by codesystem-concept-properties.html they are discouraged, not gone.
    private static bool IsCurrent(CodedValue code) =>
        !(Terminology.Default.Lookup(code.System, code.Code) is { IsRefused: false } found && found.Value.Properties.Any(p => p is { Code: "status", Value: "deprecated" }));

    // Where R4's expansions themselves differ from its code systems.
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["http://hl7.org/fhir/ValueSet/detectedissue-category"] = "concepts with a second parent (property child of v3-ActCode) are left out",
        ["http://hl7.org/fhir/ValueSet/referencerange-meaning"] = "abstract concepts are listed, they have the property abstract and not notSelectable",
        ["http://terminology.hl7.org/ValueSet/v3-ActCode"] = "STORE, a retired code with a date of deprecation, is left out",
        ["http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType"] = "concepts with a second parent (property child of v3-ActCode) are left out",
    };

    [Fact]
    public void Value_sets_that_can_be_worked_out_have_the_codes_of_R4s_own_expansions()
    {
        var (same, open, wrong) = (0, 0, new List<string>());
        foreach (var row in Expansions().Where(r => r[2].Length == 0 && !Known.ContainsKey(r[0])))
        {
            switch (Terminology.Default.Find(row[0]))
            {
                case null or { IsOpen: true }:
                    open++;
                    break;
                case var set when Hash(set.Codes.Where(IsCurrent)) == row[3]:
                    same++;
                    break;
                case var set:
                    wrong.Add($"{row[0]}: {set.Codes.Count(IsCurrent)} codes, not {row[1]}");
                    break;
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal((453, 4), (same, open));
    }

    [Fact]
    public void Compositions_and_the_lists_for_bindings_have_the_same_codes()
    {
        foreach (var set in Terminology.Default.ValueSets.Select(u => Terminology.Default.Find(u)!).Where(s => s is { IsOpen: false, Source: not null } && !Known.ContainsKey(s.Url)))
        {
            if (ValueSetDefinition.Find(set.Url) is { IsOpen: false } listed)
            {
                Assert.True(Hash(listed.Codes) == Hash(set.Codes) || Hash(listed.Codes) == Hash(set.Codes.Where(IsCurrent)), set.Url + " " + string.Join(" ", set.Codes.Select(c => c.Code).Except(listed.Codes.Select(c => c.Code))) + " | " + string.Join(" ", listed.Codes.Select(c => c.Code).Except(set.Codes.Select(c => c.Code))));
            }
        }
    }

    [Theory]
    [InlineData(V3 + "RoleCode", "FAMMEMB", "NMTH", "subsumes")]
    [InlineData(V3 + "RoleCode", "NMTH", "FAMMEMB", "subsumed-by")]
    [InlineData(V3 + "RoleCode", "NMTH", "NFTH", "not-subsumed")]
    [InlineData(V3 + "RoleCode", "SONADOPT", "CHLDADOPT", "subsumed-by")]
    [InlineData(V3 + "ActCode", "_ActAccountCode", "ACCTRECEIVABLE", "subsumes")]
    [InlineData("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "recurrence", "subsumes")]
    [InlineData("http://hl7.org/fhir/administrative-gender", "male", "female", "not-subsumed")]
    public void Subsumption_follows_R4s_hierarchies(string system, string left, string right, string expected) =>
        Assert.Equal(expected, Terminology.Default.Subsumes(system, left, right).Value);

    [Theory]
    [InlineData("http://hl7.org/fhir/administrative-gender", "man", false)]
    [InlineData("http://hl7.org/fhir/administrative-gender", "male", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/FDI-surface", "MOD", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/FDI-surface", "L", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/FDI-surface", "F", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes", "F", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes", "X", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "51", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "99", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/service-type", "zzz", null)]
    [InlineData("http://snomed.info/sct", "123", null)]
    [InlineData("http://nowhere", "a", null)]
    public void Unknown_code_is_said_only_of_systems_that_are_on_board_whole(string system, string code, bool? expected) =>
        Assert.Equal(expected, Terminology.Default.ValidateCodeOf(system, code).Result);

    [Fact]
    public void Teeth_of_the_ADA_are_called_what_they_are()
    {
        foreach (var tooth in Terminology.Default.Find("https://secondopinion.example/fhir/ValueSet/teeth")!.Codes.Where(c => c.System.EndsWith("ADAUniversalToothDesignationSystem", StringComparison.Ordinal)))
        {
            var name = Terminology.Default.Lookup(tooth.System, tooth.Code).Value.Display!;
            Assert.All(tooth.Display!.Split(' '), word => Assert.Contains(word, name, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Abstract_codes_are_in_the_expansion_and_not_for_use()
    {
        const string Set = "http://hl7.org/fhir/ValueSet/account-type";
        var contains = Terminology.Default.Expand(Set).Value.Root["expansion"].All("contains").ToList();

        Assert.Equal("true", Assert.Single(contains, c => c.Text("code") == "_ActAccountCode").Text("abstract"));
        Assert.DoesNotContain(Terminology.Default.Expand(Set, new ExpandOptions { ExcludeNotForUI = true }).Value.Root["expansion"].All("contains"), c => c.Text("code") == "_ActAccountCode");
        Assert.Equal((bool?)false, Terminology.Default.ValidateCode(Set, V3 + "ActCode", "_ActAccountCode").Result);
        Assert.Equal((bool?)true, Terminology.Default.ValidateCode(Set, V3 + "ActCode", "_ActAccountCode", allowAbstract: true).Result);
        Assert.Equal((bool?)true, Terminology.Default.ValidateCode(Set, V3 + "ActCode", "CASH").Result);
    }

    [Fact]
    public void Codes_have_texts_in_other_languages()
    {
        const string System = "http://terminology.hl7.org/CodeSystem/v2-0131";
        var item = Terminology.Default.Expand("http://terminology.hl7.org/ValueSet/v2-0131", new ExpandOptions { DisplayLanguage = "de-CH", IncludeDesignations = true }).Value.Root["expansion"].All("contains").First(c => c.Text("code") == "E");

        Assert.Equal("Arbeitgeber", item.Text("display"));
        Assert.Contains(item.All("designation"), d => (d.Text("language"), d.Text("value")) == ("nl", "Werkgever"));
        Assert.Contains(Terminology.Default.Lookup(System, "E").Value.Designations, d => d.Value == "Werkgever");
        Assert.Equal((bool?)true, Terminology.Default.ValidateCodeOf(System, "E", "Arbeitgeber").Result);
        Assert.Equal((bool?)false, Terminology.Default.ValidateCodeOf(System, "E", "Arbeitnehmer").Result);
    }

    [Fact]
    public void Lookup_tells_status_parents_and_children()
    {
        var properties = Terminology.Default.Lookup(V3 + "RoleCode", "SONADOPT").Value.Properties;

        Assert.Equal(["CHLDADOPT", "SONC"], properties.Where(p => p.Code == "parent").Select(p => p.Value).Order());
        Assert.Contains(Terminology.Default.Lookup("http://terminology.hl7.org/CodeSystem/v2-0131", "BP").Value.Properties, p => p == new CodeProperty("status", "code", "deprecated"));
        Assert.Contains(Terminology.Default.Lookup(V3 + "RoleCode", "SONC").Value.Properties, p => p == new CodeProperty("child", "code", "SONADOPT"));
    }

    [Theory]
    [InlineData("http://hl7.org/fhir/address-use", "work", "http://terminology.hl7.org/CodeSystem/v3-AddressUse", "WP", "equal")]
    [InlineData("http://hl7.org/fhir/administrative-gender", "male", "http://terminology.hl7.org/CodeSystem/v2-0001", "M", "equal")]
    public void Concept_maps_of_R4_are_followed(string system, string code, string target, string expected, string equivalence)
    {
        var match = Assert.Single(Terminology.Default.Translate(system, code, target));

        Assert.Equal((expected, equivalence), (match.Code, match.Equivalence));
        Assert.Contains(Terminology.Default.Translate(new TranslateOptions { Reverse = true, TargetSystem = system }, target, expected, Terminology.Default.Maps), m => m.Code == code);
    }

    [Fact]
    public void Large_value_set_is_listed_in_pages_only()
    {
        var concepts = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $"{{\"code\":\"c{i}\"}}"));
        var large = Terminology.Default.With([FhirResource.Parse("{\"resourceType\":\"ValueSet\",\"url\":\"http://large\",\"status\":\"active\",\"compose\":{\"include\":[{\"system\":\"http://s\",\"concept\":[" + concepts + "]}]}}")]);

        var refusal = large.Expand("http://large").Refusal!;
        Assert.Equal((RefusalKind.Unprocessable, "too-costly"), (refusal.Kind, refusal.Issues[0].Code));
        var page = large.Expand("http://large", new ExpandOptions { Offset = 10_000, Count = 10 }).Value.Root["expansion"];
        Assert.Equal(("10001", "c10000"), (page.Text("total"), page.All("contains").Single().Text("code")));
    }

    [Fact]
    public void Expansion_is_a_valid_resource()
    {
        foreach (var url in new[] { "http://hl7.org/fhir/ValueSet/account-type", "http://terminology.hl7.org/ValueSet/v2-0131", "http://hl7.org/fhir/ValueSet/surface" })
        {
            var expansion = Terminology.Default.Expand(url, new ExpandOptions { IncludeDesignations = true, IncludeDefinition = true, Count = 5, Filter = "e", ActiveOnly = true, ExcludeSystems = ["http://x"] }).Value;
            Assert.DoesNotContain(FhirValidator.Validate(expansion), i => i.IsError);
            Assert.True(expansion.Root["compose"].Exists);
        }
    }
}
