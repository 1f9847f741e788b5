using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>Extensions whose definition is on board, where no profile asks for them: content and context of use.</summary>
public sealed class ExtensionTests
{
    private const string Url = "http://example.org/StructureDefinition/x";

    private static readonly SecondOpinion.Fhir.Profiles R4 = SecondOpinion.Fhir.Profiles.Default.With(R4Profiles.All.Values);

    private static readonly Lazy<IReadOnlyDictionary<string, FhirResource>> Uses = new(() => Examples.All.Keys
        .Select(n => (Name: n, Resource: Examples.Get(n)))
        .Where(e => e.Resource.Root.Descendants().Any(d => d.Type == "Extension" && R4Profiles.All.ContainsKey(d.Text("url") ?? "")))
        .ToDictionary(e => e.Name, e => e.Resource, StringComparer.Ordinal));

    [Fact]
    public void Extensions_of_the_official_examples_stand_where_their_definitions_allow_them()
    {
        Assert.Equal(64, Uses.Value.Count);
        Assert.Equal(244, Uses.Value.Values.Sum(r => r.Root.Descendants().Count(d => d.Type == "Extension" && R4Profiles.All.ContainsKey(d.Text("url") ?? ""))));
        Assert.All(Uses.Value, use =>
        {
            var issues = FhirValidator.Validate(use.Value, new ValidationOptions { Profiles = R4, Invariants = false }).Where(i => i.IsError && (i.Key!.StartsWith("profile-", StringComparison.Ordinal) || i.Key.StartsWith("extension-", StringComparison.Ordinal)));

            Assert.Equal([], issues.Select(i => i.Message));
        });
    }

    [Fact]
    public void Official_examples_meet_the_profiles_of_R4_that_they_claim()
    {
        var claims = Examples.All.Keys.Select(Examples.Get).Where(r => r.Root["meta"].All("profile").Any(p => R4Profiles.All.ContainsKey(p.Value!))).ToList();

        Assert.Equal(21, claims.Count);
        Assert.All(claims, r => Assert.Equal([], FhirValidator.Validate(r, new ValidationOptions { Profiles = R4 }).Where(i => i.IsError && i.Message.Contains("(profile ", StringComparison.Ordinal)).Select(i => i.Message)));
    }

    private static FhirResource Definition(string contexts, string elements = "", bool isModifier = false) => FhirResource.Parse(
        $$$"""
        {"resourceType":"StructureDefinition","id":"x","url":"{{{Url}}}","name":"X","status":"active","kind":"complex-type","abstract":false,{{{contexts}}}"type":"Extension",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","differential":{"element":[{"id":"Extension","path":"Extension","isModifier":{{{(isModifier ? "true" : "false")}}}}{{{elements}}}]}}
        """);

    private static string Check(FhirResource definition, string resource) => string.Join(' ', FhirValidator
        .Validate(FhirResource.Parse(resource), new ValidationOptions { Profiles = SecondOpinion.Fhir.Profiles.Default.With([definition]) })
        .Where(i => i.IsError)
        .Select(i => $"{i.Key}@{i.Expression}"));

    private const string Everywhere =
        """
        {"resourceType":"Observation","extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"a"}],
        "contained":[{"resourceType":"Patient","id":"p","name":[{"_family":{"extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"b"}]}}]}],
        "status":"final","code":{"extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"c"}],"text":"x"},
        "subject":{"extension":[{"url":"http://other","extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"d"}]}],"reference":"#p"},
        "component":[{"code":{"text":"y"},"valueQuantity":{"extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"e"}],"value":1}}]}
        """;

    /// <summary>The places of Everywhere where the context allows the extension.</summary>
    [Theory]
    [InlineData("element", "Element", "abcde")]
    [InlineData("element", "Resource", "a")]
    [InlineData("element", "DomainResource", "a")]
    [InlineData("element", "Observation", "a")]
    [InlineData("element", "Patient", "")]
    [InlineData("element", "CodeableConcept", "c")]
    [InlineData("element", "Observation.code", "c")]
    [InlineData("element", "Observation.component.code", "")]
    [InlineData("element", "HumanName.family", "b")]
    [InlineData("element", "Patient.name.family", "b")]
    [InlineData("element", "Patient.name", "")]
    [InlineData("element", "string", "b")]
    [InlineData("element", "Observation.component.value[x]", "e")]
    [InlineData("element", "Observation.component.valueQuantity", "e")]
    [InlineData("element", "Observation.component.valueString", "")]
    [InlineData("element", "Observation.value[x]", "")]
    [InlineData("element", "http://example.org/StructureDefinition/profile#Observation.component:size.value[x]", "e")]
    [InlineData("element", "Quantity", "e")]
    [InlineData("element", "Extension", "d")]
    [InlineData("extension", "http://other", "d")]
    [InlineData("extension", "http://elsewhere", "")]
    [InlineData("fhirpath", "Observation.code | Observation.subject.extension", "cd")]
    [InlineData("fhirpath", "component.where(value.value = 1).value", "e")]
    [InlineData("fhirpath", "component.where(value.value = 2).value", "")]
    [InlineData("fhirpath", "Patient.name.family", "b")]
    public void Context_of_use(string type, string expression, string allowed)
    {
        string[] places = ["Observation.extension[0]", "Observation.contained[0].name[0].family.extension[0]", "Observation.code.extension[0]", "Observation.subject.extension[0].extension[0]", "Observation.component[0].value.extension[0]"];
        var expected = places.Where((_, i) => !allowed.Contains((char)('a' + i), StringComparison.Ordinal)).Select(p => "extension-context@" + p).Order(StringComparer.Ordinal);

        Assert.Equal(expected, Check(Definition($$"""
            "context":[{"type":"{{type}}","expression":"{{expression}}"}],
            """), Everywhere).Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_context_of_several_is_enough() =>
        Assert.Equal("extension-context@Observation.subject.extension[0].extension[0]", Check(
            Definition("""
                "context":[{"type":"element","expression":"Observation"},{"type":"element","expression":"string"},{"type":"element","expression":"CodeableConcept"},{"type":"fhirpath","expression":"component.value"}],
                """),
            Everywhere));

    [Theory]
    [InlineData("status = 'final'", "")]
    [InlineData("status = 'amended'", "extension-context@Observation.extension[0]")]
    [InlineData("%extension.valueCode = 'a'", "")]
    [InlineData("%extension.value = 'b'", "extension-context@Observation.extension[0]")]
    public void Rule_of_the_context(string rule, string expected) => Assert.Equal(expected, Check(
        Definition($$"""
            "context":[{"type":"element","expression":"Observation"}],"contextInvariant":["{{rule}}"],
            """),
        """{"resourceType":"Observation","extension":[{"url":"http://example.org/StructureDefinition/x","valueCode":"a"}],"status":"final","code":{"text":"x"}}"""));

    [Theory]
    [InlineData(true, "modifierExtension", "")]
    [InlineData(false, "extension", "")]
    [InlineData(true, "extension", "extension-modifier@Observation.extension[0]")]
    [InlineData(false, "modifierExtension", "extension-modifier@Observation.modifierExtension[0]")]
    public void Modifier_stands_among_modifiers(bool isModifier, string name, string expected) => Assert.Equal(expected, Check(
        Definition("", "", isModifier),
        $$"""{"resourceType":"Observation","{{name}}":[{"url":"http://example.org/StructureDefinition/x","valueCode":"a"}],"status":"final","code":{"text":"x"} }"""));

    [Theory]
    [InlineData("\"valueCode\":\"a\"", "")]
    [InlineData("\"valueString\":\"a\"", "profile-type@Observation.extension[0].value")]
    [InlineData("\"extension\":[{\"url\":\"a\",\"valueCode\":\"a\"}]", "profile-max@Observation.extension[0] profile-min@Observation.extension[0]")]
    public void Content_is_checked_where_no_profile_asks_for_it(string content, string expected)
    {
        var definition = Definition("", """,{"id":"Extension.extension","path":"Extension.extension","max":"0"},{"id":"Extension.value[x]","path":"Extension.value[x]","min":1,"type":[{"code":"code"}]}""");

        Assert.Equal(expected, Check(definition, $$"""{"resourceType":"Observation","extension":[{"url":"http://example.org/StructureDefinition/x",{{content}} }],"status":"final","code":{"text":"x"} }"""));
    }

    [Fact]
    public void Context_that_cannot_be_read_makes_the_definition_unusable() =>
        Assert.Contains("context", Assert.Throws<FhirException>(() => SecondOpinion.Fhir.Profiles.Default.With([Definition("""
            "context":[{"type":"fhirpath","expression":"a.("}],
            """)])).Message, StringComparison.Ordinal);
}
