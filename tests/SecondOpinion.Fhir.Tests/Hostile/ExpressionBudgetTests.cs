using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Hostile;

/// <summary>Expressions whose work grows with the square of the resource, or with the length of its texts, run into the budget of steps: each of these would run for seconds or minutes.</summary>
public sealed class ExpressionBudgetTests
{
    private const int Many = 20_000;

    /// <summary>A tenth of the default, so that the tests are quick.</summary>
    private static readonly FhirPathOptions Budget = new() { MaxSteps = 200_000 };

    private static readonly FhirResource Wide = FhirResource.Parse(
        """{"resourceType":"Questionnaire","status":"draft","contained":[{"resourceType":"Patient","id":"p"}],"item":[""" + Items("#") + "]}");

    private static readonly FhirResource Long = FhirResource.Parse(
        """{"resourceType":"Patient","name":[{"text":"TEXT","_text":{"extension":[{"url":"URL","valueString":"x"}]}}],"contact":[CONTACTS]}"""
            .Replace("TEXT", new string('a', 1_000_000)).Replace("URL", new string('u', 1_000_000)).Replace("CONTACTS", string.Join(",", Enumerable.Repeat("""{"name":{"text":"\u0061"}}""", 20_000))));

    private static readonly FhirResource Twins = FhirResource.Parse(
        """{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group","item":[ONE]},{"linkId":"2","type":"group","item":[TWO]},THREE]}"""
            .Replace("ONE", Items("1")).Replace("TWO", Items("22")).Replace("THREE", Items("3")));

    [Theory]
    [InlineData("item.select(%resource.nonsense)")]
    [InlineData("item.where(%resource.nonsense.exists())")]
    [InlineData("item.select(%resource.extension('x'))")]
    [InlineData("item.where(%resource.item[0].linkId = 'x')")]
    [InlineData("item.select('#p'.resolve())")]
    [InlineData("item.where(linkId in %resource.item.linkId).count()")]
    [InlineData("item.where(%resource.item.exists(linkId = 'x'))")]
    [InlineData("item.select(%resource.item.ofType(string))")]
    [InlineData("item.select(%resource.item.count())")]
    [InlineData("item.select(linkId).sort() | item.select(%resource.children())")]
    [InlineData("item.aggregate($total | $this.linkId)")]
    [InlineData("item.tail().subsetOf(item)")]
    [InlineData("item.linkId.intersect(item.linkId.select($this & 'x'))")]
    [InlineData("item ~ item")]
    public void Work_that_grows_with_the_square_of_the_resource_is_too_costly(string expression) => TooCostly(expression, Wide);

    [Theory]
    [InlineData("contact.select(%resource.name.text.length())")]
    [InlineData("contact.select(%resource.name.text.upper())")]
    [InlineData("contact.select(%resource.name.text.contains('b'))")]
    [InlineData("contact.select(%resource.name.text.indexOf('b'))")]
    [InlineData("contact.select(%resource.name.text = name.text)")]
    [InlineData("contact.select(%resource.name.text ~ name.text)")]
    [InlineData("contact.select(%resource.name.text > name.text)")]
    [InlineData("contact.select(%resource.name.text.toInteger())")]
    [InlineData("contact.select(%resource.name.text.matches('b'))")]
    [InlineData("contact.select(%resource.name.text.encode('base64'))")]
    [InlineData("contact.where(%resource.name.text)")]
    [InlineData("contact.select((%resource.name | %resource.name.text).count())")]
    [InlineData("contact.select(%resource.name.text.extension.url.length())")]
    public void Long_text_read_again_and_again_is_too_costly(string expression) => TooCostly(expression, Long);

    [Fact]
    public void Comparing_two_elements_of_many_children_again_and_again_is_too_costly() => TooCostly("item.where(%resource.item[0] = %resource.item[1])", Twins);

    [Fact]
    public void Chain_of_functions_over_a_large_collection_is_too_costly() =>
        TooCostly("item" + string.Concat(Enumerable.Repeat(".skip(1)", 1500)), Wide);

    [Fact]
    public void Sorting_what_has_no_order_is_an_error_of_the_expression() =>
        Assert.Equal("processing", Assert.Throws<FhirException>(() => FhirPathExpression.Compile("(1 | 'a' | 2).sort()").Evaluate(Wide.Root)).Issues[0].Code);

    [Fact]
    public void Many_patterns_that_backtrack_are_too_costly_together() =>
        TooCostly("item.select('aaaaaaaaaaaaaaaaaaaa!'.matches('^(?=a)(a+)+$'))", Wide);

    private static void TooCostly(string expression, FhirResource resource)
    {
        var refused = Assert.Throws<FhirException>(() => FhirPathExpression.Compile(expression).Evaluate(resource.Root, Budget));

        Assert.Equal("too-costly", refused.Issues[0].Code);
    }

    private static string Items(string linkId) => string.Join(",", Enumerable.Range(0, Many).Select(i => """{"linkId":"ID","type":"string"}""".Replace("ID", linkId == "#" ? $"{i}" : linkId)));
}
