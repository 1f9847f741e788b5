using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>Whatever the expression, the answer is a value or a FhirException, and it comes soon.</summary>
public sealed class HostileExpressionTests
{
    private static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient","name":[{"family":"A","given":["B","C"]}],"birthDate":"1974-12-25"}""");

    [Theory]
    [InlineData("(1|2|3|4|5|6|7|8|9).repeat($this + 1)")]
    [InlineData("Patient.repeat($this)|1.repeat($this+1)")]
    [InlineData("'a'.repeat($this & 'a').count()")]
    [InlineData("('aaaaaaaaaaaaaaaa'.toChars()).select('aaaaaaaaaaaaaaaa'.toChars()).select('aaaaaaaaaaaaaaaa'.toChars()).select('aaaaaaaaaaaaaaaa'.toChars()).select('aaaaaaaaaaaaaaaa'.toChars()).count()")]
    public void Expression_without_end_is_too_costly(string expression) => Assert.Equal("too-costly", Refused(expression));

    [Fact]
    public void Text_that_doubles_again_and_again_is_too_costly()
    {
        var expression = "'aaaaaaaaaaaaaaaa'" + string.Concat(Enumerable.Repeat(".replace('a', 'aaaaaaaaaaaaaaaa')", 12));

        Assert.Equal("too-costly", Refused(expression));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("iif(true,", ")")]
    [InlineData("1+", "")]
    public void Nesting_is_bounded(string open, string close)
    {
        var expression = string.Concat(Enumerable.Repeat(open, 3000)) + "1" + string.Concat(Enumerable.Repeat(close, 3000));

        try
        {
            FhirPathExpression.Compile(expression).Evaluate(Patient.Root);
        }
        catch (FhirException e)
        {
            Assert.Equal("too-costly", e.Issues[0].Code);
        }
    }

    [Theory]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')", false)]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(x+x+)+y')", false)]
    public void Pattern_that_would_backtrack_for_ever_is_answered(string expression, bool expected) =>
        Assert.Equal(expected, FhirPathExpression.Compile(expression).IsTrue(Patient.Root));

    [Theory]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(?=a)(a+)+$')")]
    [InlineData("'a'.matches('((((a{100}){100}){100}){100}){100}')")]
    public void Pattern_that_costs_too_much_is_refused(string expression) => Assert.Equal("too-costly", Refused(expression));

    [Theory]
    [InlineData("'a'.matches('(')")]
    [InlineData("nonsense(")]
    [InlineData("nonsense()")]
    [InlineData("1 2")]
    [InlineData("name.where()")]
    [InlineData("name is")]
    [InlineData("name as Nonsense")]
    [InlineData("'\\u12'")]
    [InlineData("%")]
    [InlineData("@")]
    [InlineData("@2024-13-01")]
    [InlineData("99999999999")]
    [InlineData("99999999999999999999999999999999999999.9")]
    [InlineData("`")]
    [InlineData("$nothing")]
    [InlineData("name[")]
    [InlineData("name.")]
    [InlineData("")]
    public void Text_that_is_no_fhirpath_is_invalid(string expression) => Assert.Equal("invalid", Refused(expression));

    [Theory]
    [InlineData("2147483647 + 1")]
    [InlineData("79228162514264337593543950335.0 + 1")]
    [InlineData("79228162514264337593543950335.0 * 10")]
    [InlineData("1000.exp()")]
    [InlineData("10.power(1000)")]
    [InlineData("10.power(-400) / 0")]
    [InlineData("(0).ln()")]
    [InlineData("@9999-12-31 + 1 year")]
    [InlineData("@0001-01-01 - 99999999 years")]
    [InlineData("birthDate + 99999999999.0 weeks")]
    [InlineData("(-2147483647 - 1).abs()")]
    [InlineData("-(-2147483647 - 1)")]
    [InlineData("2147483648.0.floor()")]
    [InlineData("79228162514264337593543950335.0.highBoundary(2)")]
    [InlineData("1 '[zz]' * 1 'm'")]
    [InlineData("name.given[5]")]
    [InlineData("name.given[-1]")]
    [InlineData("'%%%'.decode('base64')")]
    public void Result_out_of_range_is_empty(string expression) => Assert.Empty(FhirPathExpression.Compile(expression).Evaluate(Patient.Root));

    [Fact]
    public void Sets_of_many_elements_are_no_quadratic_work()
    {
        var items = string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""{"linkId":"{{i}}","type":"string"}"""));
        var questionnaire = FhirResource.Parse($$"""{"resourceType":"Questionnaire","status":"draft","item":[{{items}}]}""");

        Assert.True(FhirPathExpression.Compile("repeat(item).count() = 20000 and (item | item).count() = 20000 and item.isDistinct() and item.linkId.isDistinct()").IsTrue(questionnaire.Root));
    }

    [Fact]
    public void Comparing_large_elements_again_and_again_is_too_costly()
    {
        var padding = new string('x', 60_000);
        var contacts = string.Join(",", Enumerable.Range(0, 400).Select(i => """{"name":{"text":"#"}}""".Replace("#", padding + i.ToString("0000"))));
        var patient = FhirResource.Parse($$"""{"resourceType":"Patient","contact":[{{contacts}}]}""");

        Assert.Equal("too-costly", Assert.Throws<FhirException>(() => FhirPathExpression.Compile("contact.isDistinct()").Evaluate(patient.Root)).Issues[0].Code);
    }

    [Fact]
    public void Expression_longer_than_the_limit_is_refused() => Assert.Equal("too-costly", Refused(new string(' ', 30_000) + "1"));

    [Fact]
    public void Every_prefix_and_every_mutation_of_an_expression_gives_a_value_or_an_exception_of_the_library()
    {
        const string Source = "name.where(given.exists() and use != 'old').select(family & ', ' & given[0].substring(0, 1)) | (1 'mg' + @2024-02-29T10:00:00Z.lowBoundary(8).toString().toQuantity())";
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var text = i < Source.Length ? Source[..i] : Mutate(Source, random);
            try
            {
                FhirPathExpression.Compile(text).Evaluate(Patient.Root);
            }
            catch (FhirException)
            {
                // The one exception allowed.
            }
        }
    }

    private const string Characters = "()[]{}.,'`@$%|&=!<>~+-*/\\ TZ0a";

    private static string Mutate(string source, Random random)
    {
        var text = source.ToCharArray();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            text[random.Next(text.Length)] = Characters[random.Next(Characters.Length)];
        }

        var start = random.Next(text.Length / 2);
        return new string(text, start, random.Next(text.Length - start));
    }

    private static string? Refused(string expression) =>
        Assert.Throws<FhirException>(() => FhirPathExpression.Compile(expression).Evaluate(Patient.Root)).Issues[0].Code;
}
