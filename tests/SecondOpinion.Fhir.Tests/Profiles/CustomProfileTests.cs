using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>Slicing, differentials and the other means of profiling, each on a profile of its own.</summary>
public sealed class CustomProfileTests
{
    private const string Url = "http://example.org/StructureDefinition/test";

    private static FhirResource Profile(string type, string elements, string url = Url, string? based = null) => FhirResource.Parse(
        $$$"""
        {"resourceType":"StructureDefinition","id":"test","url":"{{{url}}}","name":"Test","status":"active","kind":"resource","abstract":false,"type":"{{{type}}}",
        "baseDefinition":"{{{based ?? "http://hl7.org/fhir/StructureDefinition/" + type}}}","derivation":"constraint","differential":{"element":[{"id":"{{{type}}}","path":"{{{type}}}"},{{{elements}}}]}}
        """);

    private static string Check(SecondOpinion.Fhir.Profiles profiles, string resource) => string.Join(' ', FhirValidator
        .Validate(FhirResource.Parse(resource), new ValidationOptions { Profiles = profiles, AlsoProfiles = [Url] })
        .Select(i => $"{i.Key}@{i.Expression}"));

    private static string Check(string type, string elements, string resource) => Check(SecondOpinion.Fhir.Profiles.Default.With([Profile(type, elements)]), resource);

    private static string Telecom(string rules, string type = "value", string path = "system", bool ordered = false) =>
        $$$"""
        {"id":"Patient.telecom","path":"Patient.telecom","slicing":{"discriminator":[{"type":"{{{type}}}","path":"{{{path}}}"}],"rules":"{{{rules}}}","ordered":{{{(ordered ? "true" : "false")}}}}},
        {"id":"Patient.telecom:phone","path":"Patient.telecom","sliceName":"phone","min":1,"max":"1"},
        {"id":"Patient.telecom:phone.system","path":"Patient.telecom.system","min":1,"fixedCode":"phone"},
        {"id":"Patient.telecom:email","path":"Patient.telecom","sliceName":"email","max":"1"},
        {"id":"Patient.telecom:email.system","path":"Patient.telecom.system","min":1,"fixedCode":"email"},
        {"id":"Patient.telecom:email.use","path":"Patient.telecom.use","min":1}
        """;

    private const string Phone = """{"system":"phone","value":"1"}""";
    private const string Mail = """{"system":"email","value":"a@b","use":"work"}""";
    private const string Fax = """{"system":"fax","value":"2"}""";

    [Theory]
    [InlineData("open", false, Phone, "")]
    [InlineData("open", false, Phone + "," + Mail + "," + Fax, "")]
    [InlineData("open", false, Fax + "," + Mail + "," + Phone, "")]
    [InlineData("open", false, Mail, "profile-min@Patient")]
    [InlineData("open", false, Phone + "," + Phone, "profile-max@Patient")]
    [InlineData("open", false, Phone + """,{"system":"email","value":"a@b"}""", "profile-min@Patient.telecom[1]")]
    [InlineData("closed", false, Phone + "," + Mail, "")]
    [InlineData("closed", false, Phone + "," + Fax, "profile-slice@Patient.telecom[1]")]
    [InlineData("closed", false, Phone + """,{"use":"home"}""", "profile-slice@Patient.telecom[1]")]
    [InlineData("openAtEnd", false, Phone + "," + Mail + "," + Fax, "")]
    [InlineData("openAtEnd", false, Phone + "," + Fax + "," + Mail, "profile-slice-order@Patient.telecom[2]")]
    [InlineData("open", true, Phone + "," + Fax + "," + Mail, "")]
    [InlineData("open", true, Mail + "," + Phone, "profile-slice-order@Patient.telecom[1]")]
    public void Slices_by_value(string rules, bool ordered, string items, string expected) =>
        Assert.Equal(expected, Check("Patient", Telecom(rules, ordered: ordered), $$"""{"resourceType":"Patient","telecom":[{{items}}]}"""));

    [Theory]
    [InlineData("""{"coding":[{"system":"http://s","code":"a"},{"system":"http://s","code":"x"}]},{"text":"b"}""", "profile-slice@Patient.communication[1]")]
    [InlineData("""{"coding":[{"system":"http://s","code":"x"}]}""", "profile-slice@Patient.communication[0] profile-min@Patient")]
    [InlineData("""{"coding":[{"system":"http://s","code":"a","display":"A"}],"text":"A"}""", "")]
    public void Slices_by_pattern_at_a_path(string concepts, string expected)
    {
        const string Elements = """
            {"id":"Patient.communication","path":"Patient.communication","slicing":{"discriminator":[{"type":"pattern","path":"language"}],"rules":"closed"}},
            {"id":"Patient.communication:a","path":"Patient.communication","sliceName":"a","min":1},
            {"id":"Patient.communication:a.language","path":"Patient.communication.language","patternCodeableConcept":{"coding":[{"system":"http://s","code":"a"}]}}
            """;
        var items = string.Join(',', concepts.Replace("]},{", "]}\n{", StringComparison.Ordinal).Split('\n').Select(c => $$"""{"language":{{c}}}"""));

        Assert.Equal(expected, Check("Patient", Elements, $$"""{"resourceType":"Patient","communication":[{{items}}]}"""));
    }

    [Theory]
    [InlineData("\"valueQuantity\":{\"value\":1,\"unit\":\"mm\"}", "")]
    [InlineData("\"valueQuantity\":{\"value\":1}", "profile-min@Observation.value")]
    [InlineData("\"valueString\":\"x\"", "")]
    [InlineData("\"valueString\":\"too long\"", "profile-length@Observation.value")]
    [InlineData("\"valueBoolean\":true", "profile-slice@Observation.value")]
    public void Slices_by_type(string value, string expected)
    {
        const string Elements = """
            {"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"}},
            {"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},
            {"id":"Observation.value[x]:valueQuantity.unit","path":"Observation.value[x].unit","min":1},
            {"id":"Observation.value[x]:valueString","path":"Observation.value[x]","sliceName":"valueString","type":[{"code":"string"}],"maxLength":5}
            """;

        Assert.Equal(expected, Check("Observation", Elements, $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{value}}}"""));
    }

    [Theory]
    [InlineData("\"valueQuantity\":{\"value\":1}", "profile-min@Observation.value")]
    [InlineData("\"valueString\":\"x\"", "")]
    public void Short_form_of_a_type_slice(string value, string expected) => Assert.Equal(expected, Check(
        "Observation",
        """{"id":"Observation.valueQuantity","path":"Observation.valueQuantity"},{"id":"Observation.valueQuantity.unit","path":"Observation.valueQuantity.unit","min":1}""",
        $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{value}}}"""));

    [Theory]
    [InlineData("""{"family":"x","period":{"start":"2020"}},{"family":"y"}""", "")]
    [InlineData("""{"family":"x"}""", "profile-min@Patient")]
    [InlineData("""{"family":"x","period":{"start":"2020"}},{"family":"y"},{"family":"z"}""", "profile-max@Patient")]
    public void Slices_by_existence(string names, string expected) => Assert.Equal(expected, Check(
        "Patient",
        """
        {"id":"Patient.name","path":"Patient.name","slicing":{"discriminator":[{"type":"exists","path":"period"}],"rules":"closed"}},
        {"id":"Patient.name:old","path":"Patient.name","sliceName":"old","min":1},
        {"id":"Patient.name:old.period","path":"Patient.name.period","min":1},
        {"id":"Patient.name:now","path":"Patient.name","sliceName":"now","max":"1"},
        {"id":"Patient.name:now.period","path":"Patient.name.period","max":"0"}
        """,
        $$"""{"resourceType":"Patient","name":[{{names}}]}"""));

    [Theory]
    [InlineData("#o", "")]
    [InlineData("#p", "profile-min@Observation")]
    [InlineData("Practitioner/1", "profile-min@Observation")]
    [InlineData("Organization/1", "")]
    public void Slices_by_the_type_of_a_target(string reference, string expected) => Assert.Equal(expected, Check(
        "Observation",
        """
        {"id":"Observation.performer","path":"Observation.performer","slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}},
        {"id":"Observation.performer:org","path":"Observation.performer","sliceName":"org","min":1,"type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Organization"]}]}
        """,
        $$"""{"resourceType":"Observation","contained":[{"resourceType":"Organization","id":"o","name":"x"},{"resourceType":"Practitioner","id":"p"}],"status":"final","code":{"text":"x"},"performer":[{"reference":"{{reference}}"}],"focus":[{"reference":"#o"},{"reference":"#p"}]}"""));

    [Theory]
    [InlineData("Organization/1", "")]
    [InlineData("#named", "")]
    [InlineData("#unnamed", "profile-target@Patient.managingOrganization")]
    public void Contained_target_must_meet_its_profile(string reference, string expected)
    {
        var target = Profile("Organization", """{"id":"Organization.name","path":"Organization.name","min":1}""", "http://example.org/StructureDefinition/named");
        var patient = Profile("Patient", """{"id":"Patient.managingOrganization","path":"Patient.managingOrganization","type":[{"code":"Reference","targetProfile":["http://example.org/StructureDefinition/named"]}]}""");

        Assert.Equal(expected, Check(SecondOpinion.Fhir.Profiles.Default.With([target, patient]), $$"""
            {"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"named","name":"x"},{"resourceType":"Organization","id":"unnamed","identifier":[{"value":"1"}]}],
            "managingOrganization":{"reference":"{{reference}}"},"generalPractitioner":[{"reference":"#named"},{"reference":"#unnamed"}]}
            """));
    }

    [Theory]
    [InlineData("""[{"url":"http://example.org/StructureDefinition/ext","valueCode":"a"}]""", "")]
    [InlineData("""[{"url":"http://example.org/StructureDefinition/ext","valueCode":"b"}]""", "profile-fixed@Patient.extension[0].value")]
    [InlineData("""[{"url":"http://example.org/StructureDefinition/ext","valueString":"a"}]""", "profile-type@Patient.extension[0].value")]
    [InlineData("""[{"url":"http://other","valueString":"a"}]""", "profile-min@Patient")]
    public void Extension_is_checked_by_its_definition(string extension, string expected)
    {
        var definition = Profile(
            "Extension",
            """{"id":"Extension.url","path":"Extension.url","fixedUri":"http://example.org/StructureDefinition/ext"},{"id":"Extension.value[x]","path":"Extension.value[x]","min":1,"type":[{"code":"code"}],"fixedCode":"a"}""",
            "http://example.org/StructureDefinition/ext");
        var patient = Profile("Patient", """
            {"id":"Patient.extension","path":"Patient.extension","slicing":{"discriminator":[{"type":"value","path":"url"}],"rules":"open"}},
            {"id":"Patient.extension:ext","path":"Patient.extension","sliceName":"ext","min":1,"type":[{"code":"Extension","profile":["http://example.org/StructureDefinition/ext"]}]}
            """);

        Assert.Equal(expected, Check(SecondOpinion.Fhir.Profiles.Default.With([definition, patient]), $$"""{"resourceType":"Patient","extension":{{extension}}}"""));
    }

    [Theory]
    [InlineData("\"birthDate\":\"1970-01-01\",\"active\":true,\"gender\":\"male\"", "")]
    [InlineData("\"active\":true,\"gender\":\"male\"", "profile-min@Patient")]
    [InlineData("\"birthDate\":\"1970-01-01\",\"active\":false,\"gender\":\"male\"", "profile-fixed@Patient.active")]
    [InlineData("\"birthDate\":\"1970-01-01\",\"gender\":\"male\",\"photo\":[{\"title\":\"x\"}]", "profile-max@Patient")]
    [InlineData("\"birthDate\":\"1970-01-01\",\"gender\":\"other\"", "test-1@Patient")]
    [InlineData("\"birthDate\":\"1970-01-01\"", "test-1@Patient")]
    public void Differential_on_a_profile_keeps_the_rules_of_both(string content, string expected)
    {
        var below = Profile("Patient", """{"id":"Patient.birthDate","path":"Patient.birthDate","min":1},{"id":"Patient.photo","path":"Patient.photo","max":"0"}""", "http://example.org/StructureDefinition/below");
        var above = Profile("Patient", """{"id":"Patient.active","path":"Patient.active","fixedBoolean":true}""", based: "http://example.org/StructureDefinition/below").With(p =>
            p["differential"]!["element"]![0]!["constraint"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"key":"test-1","severity":"error","human":"gender is told","expression":"gender = 'male' or gender = 'female'"}]"""));

        Assert.Equal(expected, Check(SecondOpinion.Fhir.Profiles.Default.With([below, above]), $$"""{"resourceType":"Patient",{{content}}}"""));
    }

    /// <summary>A limit of an element: between is allowed, beyond is not, and what has no order with the limit is left open.</summary>
    [Theory]
    [InlineData("birthDate", "minValueDate", "\"1970-01-01\"", "\"1970-01-01\"", "")]
    [InlineData("birthDate", "minValueDate", "\"1970-01-01\"", "\"1969-12-31\"", "profile-range@Patient.birthDate")]
    [InlineData("birthDate", "minValueDate", "\"1970-06-01\"", "\"1970\"", "")]
    [InlineData("birthDate", "minValueDate", "\"1970-06-01\"", "\"1969\"", "profile-range@Patient.birthDate")]
    [InlineData("birthDate", "maxValueDate", "\"1970-01-01\"", "\"1970-01-02\"", "profile-range@Patient.birthDate")]
    [InlineData("birthDate", "maxValueQuantity", "{\"value\":1,\"unit\":\"a\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"a\"}", "\"1970-01-02\"", "")]
    [InlineData("deceasedDateTime", "minValueDateTime", "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T11:30:00+02:00\"", "profile-range@Patient.deceased")]
    [InlineData("deceasedDateTime", "minValueDateTime", "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T12:30:00+02:00\"", "")]
    [InlineData("deceasedDateTime", "maxValueInstant", "\"2020-01-01T10:00:00Z\"", "\"2020-01-01T10:00:00.001Z\"", "profile-range@Patient.deceased")]
    [InlineData("multipleBirthInteger", "minValueInteger", "2", "1", "profile-range@Patient.multipleBirth")]
    [InlineData("multipleBirthInteger", "maxValueInteger", "2", "2", "")]
    [InlineData("multipleBirthInteger", "maxValueDecimal", "2.5", "3", "profile-range@Patient.multipleBirth")]
    public void Limits_of_dates_and_numbers(string name, string limit, string most, string value, string expected)
    {
        var element = name.StartsWith("deceased", StringComparison.Ordinal) ? "Patient.deceased[x]" : name.StartsWith("multiple", StringComparison.Ordinal) ? "Patient.multipleBirth[x]" : "Patient." + name;

        Assert.Equal(expected, Check("Patient", $$"""{"id":"{{element}}","path":"{{element}}","{{limit}}":{{most}} }""", $$"""{"resourceType":"Patient","{{name}}":{{value}} }"""));
    }

    [Theory]
    [InlineData("\"valueTime\":\"09:00:00\"", "minValueTime", "\"09:00:01\"", "profile-range@Observation.value")]
    [InlineData("\"valueTime\":\"09:00:02\"", "minValueTime", "\"09:00:01\"", "")]
    [InlineData("\"valueQuantity\":{\"value\":9,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm\"}", "minValueQuantity", "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}", "profile-range@Observation.value")]
    [InlineData("\"valueQuantity\":{\"value\":11,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm\"}", "minValueQuantity", "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}", "")]
    [InlineData("\"valueQuantity\":{\"value\":11,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm\"}", "maxValueQuantity", "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}", "profile-range@Observation.value")]
    [InlineData("\"valueQuantity\":{\"value\":1000,\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}", "maxValueQuantity", "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}", "")]
    public void Limits_of_times_and_quantities(string value, string limit, string most, string expected) => Assert.Equal(expected, Check(
        "Observation",
        $$"""{"id":"Observation.value[x]","path":"Observation.value[x]","{{limit}}":{{most}} }""",
        $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{value}} }"""));

    [Theory]
    [InlineData("{\"coding\":[{\"system\":\"http://s\",\"code\":\"a\"}]}", "")]
    [InlineData("{\"coding\":[{\"system\":\"http://s\",\"code\":\"b\"}]}", "profile-binding@Patient.maritalStatus")]
    [InlineData("{\"coding\":[{\"system\":\"http://s\",\"code\":\"c\"}]}", "profile-binding@Patient.maritalStatus")]
    [InlineData("{\"text\":\"c\"}", "")]
    public void Code_of_an_extensible_binding_stays_within_the_maximum_value_set(string concept, string expected)
    {
        const string Elements = """
            {"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet","valueCanonical":"http://most|1.0"}],"strength":"extensible","valueSet":"http://vs"}}
            """;
        static FhirResource Set(string url, string codes) => FhirResource.Parse($$"""{"resourceType":"ValueSet","url":"{{url}}","status":"active","compose":{"include":[{"system":"http://s","concept":[{{codes}}]}]} }""");
        var profiles = SecondOpinion.Fhir.Profiles.Default.With([Profile("Patient", Elements), Set("http://vs", """{"code":"a"}"""), Set("http://most", """{"code":"a"},{"code":"b"}""")]);
        var issues = FhirValidator.Validate(FhirResource.Parse($$"""{"resourceType":"Patient","maritalStatus":{{concept}} }"""), new ValidationOptions { Profiles = profiles, AlsoProfiles = [Url] })
            .Where(i => i.Key == "profile-binding").ToList();

        Assert.Equal(expected, string.Join(' ', issues.Select(i => $"{i.Key}@{i.Expression}")));
        Assert.Equal(concept.Contains("\"c\"}]", StringComparison.Ordinal), issues.Any(i => i.IsError && i.Message.Contains("maximum", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("b", "")]
    [InlineData("c", "profile-binding@Patient.maritalStatus")]
    public void Binding_uses_value_sets_given_with_the_profile(string code, string expected)
    {
        var system = FhirResource.Parse("""{"resourceType":"CodeSystem","url":"http://s","status":"active","content":"complete","concept":[{"code":"a","concept":[{"code":"b"}]},{"code":"c"}]}""");
        var set = FhirResource.Parse("""{"resourceType":"ValueSet","url":"http://vs","status":"active","compose":{"include":[{"system":"http://s","filter":[{"property":"concept","op":"is-a","value":"a"}]}]}}""");
        var profile = Profile("Patient", """{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://vs|1.0"}}""");

        var keys = Check(SecondOpinion.Fhir.Profiles.Default.With([system, set, profile]), $$$"""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://s","code":"{{{code}}}"}]}}""");

        Assert.Equal(expected, string.Join(' ', keys.Split(' ').Where(k => !k.StartsWith("binding-", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""{"id":"Patient.telecom","path":"Patient.telecom","slicing":{"discriminator":[{"type":"value","path":"where(x)"}],"rules":"open"}},{"id":"Patient.telecom:a","path":"Patient.telecom","sliceName":"a"}""", "discriminator")]
    [InlineData("""{"id":"Patient.telecom","path":"Patient.telecom"},{"id":"Patient.telecom:a","path":"Patient.telecom","sliceName":"a"}""", "no discriminator")]
    [InlineData("""{"id":"Patient.name","path":"Patient.name","constraint":[{"key":"x-1","severity":"error","human":"x","expression":"name.("}]}""", "x-1")]
    public void Profile_that_cannot_be_used_says_why(string elements, string words)
    {
        var exception = Assert.Throws<FhirException>(() => SecondOpinion.Fhir.Profiles.Default.With([Profile("Patient", elements)]));

        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_on_an_unknown_base_and_a_circle_of_bases_are_refused()
    {
        var lost = Profile("Patient", """{"id":"Patient.name","path":"Patient.name","min":1}""", based: "http://example.org/lost");
        var circle = Profile("Patient", """{"id":"Patient.name","path":"Patient.name","min":1}""", based: Url);

        Assert.Contains("http://example.org/lost", Assert.Throws<FhirException>(() => SecondOpinion.Fhir.Profiles.Default.With([lost])).Message, StringComparison.Ordinal);
        Assert.Contains("more than", Assert.Throws<FhirException>(() => SecondOpinion.Fhir.Profiles.Default.With([circle])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_that_ask_for_each_other_end()
    {
        var patient = Profile("Patient", """{"id":"Patient.managingOrganization","path":"Patient.managingOrganization","type":[{"code":"Reference","targetProfile":["http://example.org/StructureDefinition/org"]}]}""");
        var organization = Profile("Organization", """{"id":"Organization.extension","path":"Organization.extension","max":"0"},{"id":"Organization.partOf","path":"Organization.partOf","type":[{"code":"Reference","targetProfile":["http://example.org/StructureDefinition/org"]}]}""", "http://example.org/StructureDefinition/org");

        Assert.Equal("", Check(SecondOpinion.Fhir.Profiles.Default.With([patient, organization]), """
            {"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"a","name":"a","partOf":{"reference":"#b"}},{"resourceType":"Organization","id":"b","name":"b","partOf":{"reference":"#a"}}],
            "managingOrganization":{"reference":"#a"}}
            """));
    }

    [Fact]
    public void Rule_that_asks_for_its_own_profile_ends()
    {
        var profile = Profile("Patient", """{"id":"Patient.name","path":"Patient.name","min":1,"constraint":[{"key":"x-1","severity":"error","human":"x","expression":"%resource.conformsTo('http://example.org/StructureDefinition/test')"}]}""");

        Assert.Contains("too-costly", Check(SecondOpinion.Fhir.Profiles.Default.With([profile]), """{"resourceType":"Patient","name":[{"text":"x"}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_made_many_times_is_checked_once()
    {
        var claims = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"{Url}|{i}\""));
        var profiles = SecondOpinion.Fhir.Profiles.Default.With([Profile("Patient", """{"id":"Patient.name","path":"Patient.name","min":1}""")]);
        var issues = FhirValidator.Validate(FhirResource.Parse($$$"""{"resourceType":"Patient","meta":{"profile":[{{{claims}}}]}}"""), new ValidationOptions { Profiles = profiles });

        Assert.Equal("profile-min", Assert.Single(issues).Key);
    }

    [Fact]
    public void Expression_can_ask_for_a_profile()
    {
        var profiles = SecondOpinion.Fhir.Profiles.Default.With([Profile("Patient", """{"id":"Patient.name","path":"Patient.name","min":1}""")]);
        var options = new SecondOpinion.Fhir.FhirPath.FhirPathOptions { ConformsTo = profiles.Conforms };
        var expression = SecondOpinion.Fhir.FhirPath.FhirPathExpression.Compile($"conformsTo('{Url}')");

        Assert.True(expression.IsTrue(FhirResource.Parse("""{"resourceType":"Patient","name":[{"text":"x"}]}""").Root, options));
        Assert.False(expression.IsTrue(FhirResource.Parse("""{"resourceType":"Patient"}""").Root, options));
    }

    [Theory]
    [InlineData("8480-6", "8462-4", "mm[Hg]", "")]
    [InlineData("8480-6", "8480-6", "mm[Hg]", "profile-max@Observation profile-min@Observation")]
    [InlineData("8480-6", "8462-4", "kPa", "profile-fixed@Observation.component[0].value.code profile-fixed@Observation.component[1].value.code")]
    [InlineData("1-1", "8462-4", "mm[Hg]", "profile-min@Observation")]
    public void Slice_told_by_a_slice_within_it(string first, string second, string unit, string expected)
    {
        static string Slice(string name, string code) => $$$"""
            {"id":"Observation.component:{{{name}}}","path":"Observation.component","sliceName":"{{{name}}}","min":1,"max":"1"},
            {"id":"Observation.component:{{{name}}}.code.coding","path":"Observation.component.code.coding","slicing":{"discriminator":[{"type":"value","path":"code"},{"type":"value","path":"system"}],"rules":"open"}},
            {"id":"Observation.component:{{{name}}}.code.coding:own","path":"Observation.component.code.coding","sliceName":"own","min":1,"max":"1"},
            {"id":"Observation.component:{{{name}}}.code.coding:own.system","path":"Observation.component.code.coding.system","min":1,"fixedUri":"http://loinc.org"},
            {"id":"Observation.component:{{{name}}}.code.coding:own.code","path":"Observation.component.code.coding.code","min":1,"fixedCode":"{{{code}}}"},
            {"id":"Observation.component:{{{name}}}.valueQuantity.code","path":"Observation.component.valueQuantity.code","min":1,"fixedCode":"mm[Hg]"}
            """;
        static string Component(string code, string unit) => $$$"""{"code":{"coding":[{"system":"http://snomed.info/sct","code":"1"},{"system":"http://loinc.org","code":"{{{code}}}"}]},"valueQuantity":{"value":1,"code":"{{{unit}}}","system":"http://unitsofmeasure.org"}}""";

        // As the blood pressure profile of R4 is written, without the elements that say nothing.
        Assert.Equal(expected, Check(
            "Observation",
            """{"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code.coding.code"},{"type":"value","path":"code.coding.system"}],"rules":"open"}},"""
            + Slice("systolic", "8480-6") + ","
            + Slice("diastolic", "8462-4"),
            $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"component":[{{Component(first, unit)}},{{Component(second, unit)}}]}"""));
    }

    [Theory]
    [InlineData("\"birthDate\":\"1970\"", "")]
    [InlineData("\"gender\":\"male\"", "profile-min@Patient")]
    public void Name_of_an_element_that_is_not_sliced_is_only_a_name(string content, string expected) =>
        Assert.Equal(expected, Check("Patient", """{"id":"Patient.birthDate:Born","path":"Patient.birthDate","sliceName":"Born","min":1}""", $$"""{"resourceType":"Patient",{{content}}}"""));
}
