using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

public sealed class TerminologyTests
{
    private const string Base = "https://secondopinion.example/fhir/";
    private const string Fdi = "urn:iso:std:iso:3950";
    private const string Universal = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem";
    private const string Sct = "http://snomed.info/sct";
    private const string FdiSurface = "http://terminology.hl7.org/CodeSystem/FDI-surface";
    private const string AdaSurface = "http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes";

    private static Terminology Own { get; } = Terminology.Default.With([
        FhirResource.Parse("""{"resourceType":"CodeSystem","url":"http://s","name":"S","version":"2","status":"active","content":"complete","concept":[{"code":"a","display":"A","definition":"The first","concept":[{"code":"b","concept":[{"code":"c"}]}]},{"code":"d","display":"D"}]}"""),
        FhirResource.Parse("""{"resourceType":"CodeSystem","url":"http://part","status":"active","content":"fragment","concept":[{"code":"a"},{"code":"b"}]}"""),
        Set("all", """{"include":[{"system":"http://s"}]}"""),
        Set("below-a", """{"include":[{"system":"http://s","filter":[{"property":"concept","op":"descendent-of","value":"a"}]}]}"""),
        Set("without", """{"include":[{"valueSet":["http://vs/all"]}],"exclude":[{"system":"http://s","concept":[{"code":"c"}]}]}"""),
        Set("both", """{"include":[{"valueSet":["http://vs/below-a","http://vs/without"]}]}"""),
        Set("unknown", """{"include":[{"system":"http://elsewhere"}]}"""),
        Set("partial", """{"include":[{"system":"http://part"}]}"""),
        Set("circle", """{"include":[{"valueSet":["http://vs/circle"]}]}"""),
        Set("filtered", """{"include":[{"system":"http://s","filter":[{"property":"color","op":"=","value":"red"}]}]}"""),
    ]);

    private static FhirResource Set(string name, string compose) => FhirResource.Parse($$"""{"resourceType":"ValueSet","url":"http://vs/{{name}}","status":"active","compose":{{compose}}}""");

    [Theory]
    [InlineData("all", "a b c d")]
    [InlineData("below-a", "b c")]
    [InlineData("without", "a b d")]
    [InlineData("both", "b")]
    public void Expansion_lists_the_codes(string set, string codes)
    {
        var expansion = Own.Expand("http://vs/" + set).Value;

        Assert.DoesNotContain(FhirValidator.Validate(expansion), i => i.IsError);
        Assert.Equal(codes, string.Join(' ', expansion.Root["expansion"].All("contains").Select(c => c.Text("code"))));
    }

    [Theory]
    [InlineData("unknown", RefusalKind.Unprocessable)]
    [InlineData("partial", RefusalKind.Unprocessable)]
    [InlineData("circle", RefusalKind.Unprocessable)]
    [InlineData("filtered", RefusalKind.Unprocessable)]
    [InlineData("nothing", RefusalKind.NotFound)]
    public void Set_that_cannot_be_worked_out_is_not_guessed(string set, RefusalKind kind)
    {
        Assert.Equal(kind, Own.Expand("http://vs/" + set).Refusal?.Kind);
        Assert.Null(Own.MemberOf("http://vs/" + set, "http://s", "a"));
        Assert.Null(Own.ValidateCode("http://vs/" + set, "http://s", "a").Result);
    }

    [Fact]
    public void Expansion_is_filtered_and_paged()
    {
        var page = Terminology.Default.Expand("http://hl7.org/fhir/ValueSet/administrative-gender", "ale", 1, 1).Value.Root["expansion"];

        Assert.Equal("2", page.Text("total"));
        Assert.Equal("female", Assert.Single(page.All("contains").ToList()).Text("code"));
    }

    [Theory]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", "http://hl7.org/fhir/administrative-gender", "male", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", "http://x", "male", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", null, "male", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", null, "man", false)]
    [InlineData(Base + "ValueSet/agreement", Base + "CodeSystem/agreement", "revised", true)]
    [InlineData(Base + "ValueSet/agreement", Base + "CodeSystem/agreement", "disagree", false)]
    [InlineData(Base + "ValueSet/teeth", Universal, "19", true)]
    [InlineData(Base + "ValueSet/teeth", Universal, "33", false)]
    [InlineData(Base + "ValueSet/teeth", Fdi, "36", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/ucum-units", "http://unitsofmeasure.org", "mm", null)]
    [InlineData("http://x/none", null, "a", null)]
    public void Membership(string set, string? system, string code, bool? expected) => Assert.Equal(expected, Terminology.Default.MemberOf(set, system, code));

    [Fact]
    public void Code_and_display_are_checked()
    {
        Assert.Equal(new CodeCheck(true, null, "Revised"), Terminology.Default.ValidateCode(Base + "ValueSet/agreement", Base + "CodeSystem/agreement", "revised"));
        Assert.Equal(new CodeCheck(true, null, "Revised"), Terminology.Default.ValidateCode(Base + "ValueSet/agreement", null, "revised", "revised"));
        Assert.Equal("The display of revised is 'Revised', not 'Changed'", Terminology.Default.ValidateCode(Base + "ValueSet/agreement", null, "revised", "Changed").Message);
        Assert.Equal((bool?)false, Terminology.Default.ValidateCode(Base + "ValueSet/agreement", null, "other").Result);
    }

    [Fact]
    public void Lookup_tells_display_and_definition()
    {
        Assert.Equal(new CodeDetails("http://s", "S", "2", "a", "A", "The first"), Own.Lookup("http://s", "a").Value);
        Assert.Equal("Male", Terminology.Default.Lookup("http://hl7.org/fhir/administrative-gender", "male").Value.Display);
        Assert.Equal("Mandibular left first molar tooth", Terminology.Default.Lookup(Universal, "19").Value.Display, ignoreCase: true);
        Assert.Equal("Probably not present", Terminology.Default.Lookup(Sct, "410593006").Value.Display);
        Assert.Equal(RefusalKind.NotFound, Own.Lookup("http://s", "z").Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, Own.Lookup("http://none", "z").Refusal?.Kind);
    }

    [Theory]
    [InlineData("a", "a", "equivalent")]
    [InlineData("a", "c", "subsumes")]
    [InlineData("c", "a", "subsumed-by")]
    [InlineData("a", "d", "not-subsumed")]
    public void Subsumption(string left, string right, string expected) => Assert.Equal(expected, Own.Subsumes("http://s", left, right).Value);

    [Fact]
    public void Subsumption_in_a_partial_system_is_not_guessed() => Assert.Equal(RefusalKind.Unprocessable, Own.Subsumes("http://part", "a", "b").Refusal?.Kind);

    [Theory]
    [InlineData(Fdi, "36", Universal, "19")]
    [InlineData(Fdi, "75", Universal, "K")]
    [InlineData(Universal, "19", Fdi, "36")]
    [InlineData(Universal, "19", Sct, "866006002")]
    [InlineData(Sct, "866006002", Fdi, "36")]
    public void Tooth_is_translated(string system, string code, string target, string expected)
    {
        var match = Assert.Single(Terminology.Default.Translate(system, code, target));

        Assert.Equal((expected, "equivalent"), (match.Code, match.Equivalence));
    }

    [Fact]
    public void All_teeth_go_there_and_back()
    {
        var teeth = Terminology.Default.Find(Base + "ValueSet/teeth")!.Codes;

        Assert.Equal(156, teeth.Count);
        foreach (var tooth in teeth)
        {
            Assert.Equal(2, Terminology.Default.Translate(tooth.System, tooth.Code).Count);
            Assert.All(Terminology.Default.Translate(tooth.System, tooth.Code), m => Assert.Contains(Terminology.Default.Translate(m.System, m.Code), b => (b.System, b.Code) == (tooth.System, tooth.Code)));
        }

        Assert.Empty(Terminology.Default.Translate(Fdi, "99"));
    }

    /// <summary>The lip side has a letter of its own in each system, and one SNOMED CT code with the cheek side; the edge of an incisor and joined surfaces have none.</summary>
    [Theory]
    [InlineData(FdiSurface, "M", AdaSurface, "M equivalent")]
    [InlineData(FdiSurface, "V", AdaSurface, "F equivalent")]
    [InlineData(FdiSurface, "MOD", AdaSurface, "")]
    [InlineData(FdiSurface, "L", Sct, "72203008 equivalent")]
    [InlineData(FdiSurface, "B", Sct, "62579006 wider")]
    [InlineData(FdiSurface, "I", Sct, "")]
    [InlineData(AdaSurface, "F", FdiSurface, "V equivalent")]
    [InlineData(AdaSurface, "F", Sct, "62579006 wider")]
    [InlineData(AdaSurface, "I", FdiSurface, "I equivalent")]
    [InlineData(Sct, "83473006", AdaSurface, "O equivalent")]
    [InlineData(Sct, "62579006", FdiSurface, "B narrower V narrower")]
    [InlineData(Sct, "62579006", AdaSurface, "B narrower F narrower")]
    public void Surface_is_translated(string system, string code, string target, string expected) =>
        Assert.Equal(expected, string.Join(' ', Terminology.Default.Translate(system, code, target).Select(m => $"{m.Code} {m.Equivalence}")));

    [Fact]
    public void Every_tooth_surface_is_in_a_map_and_every_map_stays_in_the_set()
    {
        var surfaces = Terminology.Default.Find(Base + "ValueSet/tooth-surfaces")!;
        var maps = SecondOpinion.Fhir.Profiles.Artefacts.Where(a => a.ResourceType == "ConceptMap" && a.Id!.StartsWith("surface-", StringComparison.Ordinal)).SelectMany(a => a.Root.All("group")).ToList();

        Assert.Equal(23, surfaces.Codes.Count);
        Assert.All(surfaces.Codes, s => Assert.Equal(2, maps.Count(g => g.Text("source") == s.System && g.All("element").Any(e => e.Text("code") == s.Code))));
        Assert.All(maps, g => Assert.All(g.All("element").SelectMany(e => e.All("target")).Where(t => t["code"].Exists), t => Assert.True(surfaces.Contains(g.Text("target"), t.Text("code")!))));
    }

    [Fact]
    public void Rule_in_a_path_expression_knows_our_value_sets()
    {
        var finding = FhirResource.Parse("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueCodeableConcept":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/agreement","code":"new"}]}}""");

        Assert.True(SecondOpinion.Fhir.FhirPath.FhirPathExpression.Compile("value.memberOf('https://secondopinion.example/fhir/ValueSet/agreement')").IsTrue(finding.Root));
        Assert.False(SecondOpinion.Fhir.FhirPath.FhirPathExpression.Compile("value.memberOf('https://secondopinion.example/fhir/ValueSet/comparison')").IsTrue(finding.Root));
    }

    [Fact]
    public void Every_value_set_has_an_address() => Assert.All(Terminology.Default.ValueSets, url => Assert.NotNull(Terminology.Default.Find(url)));
}
