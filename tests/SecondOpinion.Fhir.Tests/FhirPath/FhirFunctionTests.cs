using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>What FHIR R4 fhirpath.html adds: variables, functions, types of nodes, and the collections R4's own expressions need.</summary>
public sealed class FhirFunctionTests
{
    private static readonly FhirResource Observation = FhirResource.Parse("""
        {"resourceType":"Observation","id":"o","status":"final",
         "contained":[{"resourceType":"Patient","id":"p","gender":"male"}],
         "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"imaging"}]}],
         "code":{"coding":[{"system":"http://loinc.org","code":"1"},{"system":"http://loinc.org","code":"2"}]},
         "subject":{"reference":"#p"},
         "performer":[{"reference":"Practitioner/1"},{"reference":"https://other.example/fhir/Organization/2/_history/3"},{"type":"Device","identifier":{"value":"x"}},{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}],
         "effectiveDateTime":"2024-02-29",
         "valueQuantity":{"value":1.50,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},
         "component":[{"code":{"text":"a"},"valueString":"s"},{"code":{"text":"b"},"valueDateTime":"2024"}]}
        """);

    [Theory]
    [InlineData("performer.resolve().count() = 3")]
    [InlineData("performer.where(resolve() is Practitioner).reference = 'Practitioner/1'")]
    [InlineData("performer.where(resolve() is Organization).count() = 1")]
    [InlineData("performer.where(resolve() is Device).identifier.value = 'x'")]
    [InlineData("subject.resolve().gender = 'male'")]
    [InlineData("subject.where(resolve() is Patient).exists()")]
    [InlineData("subject.resolve().select(%resource.id) = 'o'")]
    [InlineData("performer.resolve().ofType(Practitioner).exists()")]
    [InlineData("category.memberOf('http://hl7.org/fhir/ValueSet/condition-clinical') = false")]
    [InlineData("status.memberOf('http://hl7.org/fhir/ValueSet/observation-status')")]
    [InlineData("contained.gender.memberOf('http://hl7.org/fhir/ValueSet/observation-status').not()")]
    [InlineData("status.memberOf('http://example.org/unknown').empty()")]
    [InlineData("(component.value as string) = 's'")]
    [InlineData("component.value.as(dateTime) = @2024T")]
    [InlineData("value = 0.0015 'g'")]
    [InlineData("value.value.toString() = '1.50'")]
    [InlineData("value > 1 'mg' and value < 1 'g'")]
    [InlineData("effective < @2024-03-01")]
    [InlineData("(effective < @2024-02-29T10:00:00).empty()")]
    [InlineData("Resource.id = 'o' and DomainResource.contained.exists() and Observation.id = 'o'")]
    [InlineData("Patient.id.empty()")]
    [InlineData("%context.id = 'o' and %rootResource.id = 'o'")]
    [InlineData("%vs-observation-status = 'http://hl7.org/fhir/ValueSet/observation-status'")]
    [InlineData("code.coding.code.exclude('1') = '2'")]
    [InlineData("descendants().where($this is Quantity).count() = 1")]
    [InlineData("descendants().count() = children().count() + children().descendants().count()")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/Observation')")]
    [InlineData("'12 [degF]'.length() = 9 and 100 'Cel' = 212 '[degF]'")]
    [InlineData("1 'umol/L' = 1000 'nmol/L' and 1 'mm[Hg]' > 0.13 'kPa' and 1 '{score}' = 1 '1'")]
    [InlineData("(1 '[iU]/L' = 1 'g/L').empty()")]
    public void Expression_is_true_of_the_observation(string expression) => Assert.True(FhirPathExpression.Compile(expression).IsTrue(Observation.Root));

    [Fact]
    public void A_contained_resource_knows_itself_and_its_container()
    {
        var contained = Observation.Root["contained"];

        Assert.True(FhirPathExpression.Compile("%resource.id = 'p' and %rootResource.id = 'o' and id = 'p'").IsTrue(contained));
    }

    [Fact]
    public void Resolver_of_the_caller_is_asked_for_what_is_not_contained()
    {
        var practitioner = FhirResource.Parse("""{"resourceType":"Practitioner","id":"1","active":true}""");
        var options = new FhirPathOptions { Resolve = r => r == "Practitioner/1" ? practitioner.Root : default };

        Assert.True(FhirPathExpression.Compile("performer.resolve().active and performer.resolve().count() = 1").IsTrue(Observation.Root, options));
    }

    [Fact]
    public void Trace_variables_and_clock_come_from_the_caller()
    {
        var traced = new List<string>();
        var options = new FhirPathOptions
        {
            Trace = (name, items) => traced.Add(name + items.Count),
            Variables = new Dictionary<string, FhirPathValue> { ["limit"] = FhirPathValue.Of(2) },
            Clock = new StoppedClock(),
        };

        Assert.True(FhirPathExpression.Compile("code.coding.trace('c').count() = %limit and today() = @2024-03-01 and now() = @2024-03-01T10:00:00Z and timeOfDay() = @T10:00:00").IsTrue(Observation.Root, options));
        Assert.Equal(["c2"], traced);
    }

    [Fact]
    public void Select_gives_the_nodes_themselves()
    {
        var codes = FhirPathExpression.Compile("code.coding.code").Select(Observation.Root);

        Assert.Equal(["Observation.code.coding[0].code", "Observation.code.coding[1].code"], codes.Select(c => c.Path));
    }

    [Fact]
    public void An_expression_is_compiled_once() => Assert.Same(FhirPathExpression.Compile("name.family.upper()"), FhirPathExpression.Compile("name.family.upper()"));

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 3, 1, 10, 0, 0, TimeSpan.Zero);
    }
}
