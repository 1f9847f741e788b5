using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>elementDefinition, slice, checkModifiers, subsumes (FHIR R4 fhirpath.html#functions), and what FHIRPath 3.0 adds.</summary>
public sealed class ProfileFunctionTests
{
    private static readonly FhirResource Observation = FhirResource.Parse("""
        {"resourceType":"Observation","id":"o","status":"final","modifierExtension":[{"url":"http://example.org/m","valueBoolean":true}],
         "category":[{"coding":[{"system":"http://example.org/tree","code":"branch"}]}],
         "code":{"coding":[{"system":"http://example.org/tree","code":"leaf"},{"system":"http://other.example/c","code":"x"}]},
         "component":[{"code":{"coding":[{"system":"http://example.org/part","code":"a"}]},"valueString":"s"},
                      {"code":{"coding":[{"system":"http://example.org/part","code":"b"}]},"valueInteger":2}]}
        """);

    private static readonly FhirResource Tree = FhirResource.Parse("""
        {"resourceType":"CodeSystem","url":"http://example.org/tree","status":"active","content":"complete","hierarchyMeaning":"is-a",
         "concept":[{"code":"branch","concept":[{"code":"leaf"}]},{"code":"stone"}]}
        """);

    private static readonly FhirResource Profile = FhirResource.Parse("""
        {"resourceType":"StructureDefinition","url":"http://example.org/sliced","name":"Sliced","status":"active","kind":"resource","abstract":false,"type":"Observation",
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint",
         "differential":{"element":[
           {"id":"Observation","path":"Observation"},
           {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"code"}],"rules":"open"}},
           {"id":"Observation.component:first","path":"Observation.component","sliceName":"first"},
           {"id":"Observation.component:first.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/part","code":"a"}]}}]}}
        """);

    private static readonly Fhir.Profiles Known = Fhir.Profiles.Default.With([Profile, Tree]);

    private static readonly FhirPathOptions Options = new() { Slice = Known.InSlice, Subsumes = (s, a, b) => Known.Terminology.Subsumes(s, a, b) is { Refusal: null } o ? o.Value : null };

    [Theory]
    [InlineData("status.elementDefinition().path = 'Observation.status' and status.elementDefinition().min = 1 and status.elementDefinition().isModifier")]
    [InlineData("status.elementDefinition().binding.strength = 'required' and status.elementDefinition().binding.valueSet = 'http://hl7.org/fhir/ValueSet/observation-status'")]
    [InlineData("value.elementDefinition().empty() and 1.elementDefinition().empty()")]
    [InlineData("component.value.elementDefinition().type.code.count() > 10 and component.value.elementDefinition().first().max = '1'")]
    [InlineData("component.elementDefinition().count() = 2 and component.elementDefinition().first().max = '*'")]
    [InlineData("code.coding.elementDefinition().first().path = 'CodeableConcept.coding'")]
    [InlineData("elementDefinition().path = 'Observation' and elementDefinition() is ElementDefinition")]
    [InlineData("component.slice('http://example.org/sliced', 'first').value = 's'")]
    [InlineData("component.slice('http://example.org/sliced', 'first').count() = 1")]
    [InlineData("category.slice('http://example.org/sliced', 'first').empty() and {}.slice('http://example.org/none', 'first').empty()")]
    [InlineData("checkModifiers('http://example.org/m').status = 'final' and component.checkModifiers().count() = 2")]
    [InlineData("category.subsumes(%context.code) and code.subsumedBy(%context.category)")]
    [InlineData("code.subsumes(%context.category) = false and category.subsumedBy(%context.code) = false")]
    [InlineData("code.coding.first().subsumes(%context.code.coding.first()) and code.coding.last().subsumes(%context.code.coding.first()) = false")]
    [InlineData("component.code.coding.first().subsumes(%context.component[1].code).empty()")]
    [InlineData("{}.subsumes(code).empty() and code.subsumes({}).empty()")]
    public void Expression_is_true_of_the_observation(string expression) => Assert.True(FhirPathExpression.Compile(expression).IsTrue(Observation.Root, Options));

    [Theory]
    [InlineData("component.slice('http://example.org/none', 'first')")]
    [InlineData("component.slice('http://example.org/sliced', 'third')")]
    [InlineData("checkModifiers()")]
    [InlineData("checkModifiers('http://example.org/other')")]
    [InlineData("status.subsumes(code)")]
    [InlineData("(1 | 'a').sum()")]
    [InlineData("(1 | 'a').max()")]
    [InlineData("@2024.hourOf()")]
    [InlineData("@T10.yearOf()")]
    [InlineData("'2024'.yearOf()")]
    [InlineData("status.repeatAll($this)")]
    [InlineData("defineVariable('a').defineVariable('a')")]
    [InlineData("defineVariable('resource')")]
    [InlineData("defineVariable({})")]
    [InlineData("status.select(defineVariable('a', 1)) | %a")]
    [InlineData("(defineVariable('a', 1).status | status) and %a = 1")]
    public void Expression_is_refused(string expression) => Assert.Throws<FhirException>(() => FhirPathExpression.Compile(expression).Evaluate(Observation.Root, Options));

    [Theory]
    [InlineData("category.coding.defineVariable('c').select(%c.code) = 'branch'")]
    [InlineData("component.where(defineVariable('v', value).select(%v is string)).count() = 1")]
    [InlineData("component.select(defineVariable('v', code.coding.code).select(%v & '!')) = ('a!' | 'b!')")]
    [InlineData("(1 'g' | 500 'mg').sum() = 1.5 'g' and (1 'g' | 500 'mg').min() = 500 'mg' and (1 'g' | 500 'mg').avg() = 750 'mg'")]
    [InlineData("(1 | 2.5).sum() = 3.5 and (1 | 2L).sum() is Long and (@2024 | @2025).max() = @2025 and (@2024 | @2024-05).max().empty()")]
    [InlineData("(2147483647 | 1).sum().empty() and ('a' | 'b').max() = 'b' and {}.avg().empty()")]
    [InlineData("@2024-05-06T07:08:09.123+02:30.select(yearOf() = 2024 and monthOf() = 5 and dayOf() = 6 and hourOf() = 7 and minuteOf() = 8 and secondOf() = 9 and millisecondOf() = 123 and timezoneOffsetOf() = 2.5)")]
    [InlineData("@2024-05-06T07:08:09.select(dateOf() = @2024-05-06 and timeOf() = @T07:08:09 and millisecondOf().empty() and timezoneOffsetOf().empty())")]
    [InlineData("@2024-05.select(yearOf() = 2024 and monthOf() = 5 and dayOf().empty() and dateOf() = @2024-05) and @T10:30.hourOf() = 10 and @T10:30.secondOf().empty() and {}.yearOf().empty()")]
    [InlineData("category.repeatAll(children()).count() = category.descendants().count() and component.repeatAll(code | coding).where($this is CodeableConcept).count() = 2")]
    [InlineData("2L * 3 = 6 and (2L * 3) is Long and (7L div 2) is Long and (1L / 2) = 0.5 and -3L < 0 and (3L).abs() is Long")]
    [InlineData("5L.toInteger() is Integer and 3000000000L.toInteger().empty() and 3000000000L.toDecimal() = 3000000000.0 and '7'.toLong() = 7L")]
    [InlineData("1 year + 1 month = 13 months and 1 year > 11 months and 1 year != 11 months and (1 year = 365 days).empty()")]
    [InlineData("2.5.round() = 3 and (-2.5).round() = -2 and (-2.51).round() = -3 and (-2.45).round(1) = -2.4 and 2.45.round(1) = 2.5")]
    [InlineData("(20 'Cel' + 1 'Cel') = 21 'Cel' and (20 'Cel' + 1 'K').empty() and (2 'Cel' * 2 'm').empty()")]
    public void Additions_of_later_editions_hold(string expression) => Assert.True(FhirPathExpression.Compile(expression).IsTrue(Observation.Root, Options));

    [Fact]
    public void Variables_are_counted()
    {
        var many = string.Concat(Enumerable.Range(0, 65).Select(i => $".defineVariable('v{i}')"));

        Assert.Equal("too-costly", Assert.Throws<FhirException>(() => FhirPathExpression.Compile("status" + many).Evaluate(Observation.Root)).Issues[0].Code);
        Assert.Equal("too-costly", Assert.Throws<FhirException>(() => FhirPathExpression.Compile("descendants().repeat($this.defineVariable('v') | descendants().defineVariable('w'))").Evaluate(Observation.Root, new FhirPathOptions { MaxSteps = 1000 })).Issues[0].Code);
    }

    [Theory]
    [InlineData("9223372036854775808L")]
    [InlineData("1Lx")]
    [InlineData("coalesce()")]
    [InlineData("defineVariable()")]
    public void What_is_no_expression_is_not_compiled(string expression) => Assert.Throws<FhirException>(() => FhirPathExpression.Compile(expression));
}
