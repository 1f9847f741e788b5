using System.Text.Json.Nodes;
using SecondOpinion.Cases.Review;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Review;

public sealed class ReviewValidatorTests
{
    private static ReviewFacts Facts(string status = "final", Action<JsonObject>? edit = null, string? before = null) => new()
    {
        Report = Samples.Report(status).With(edit ?? (_ => { })),
        StatusBefore = before,
        Actor = new Actor("reading", "ws", "Practitioner/reader"),
        Order = "ServiceRequest/order1",
        Patient = "Patient/patient1",
        Results = [new ReviewResult("Observation/finding1", Samples.Finding("finding1")), new ReviewResult("Observation/assessment1", Samples.Assessment())],
        Studies = ["ImagingStudy/study1"],
    };

    private static string[] Codes(ReviewFacts facts) => ReviewValidator.Refuse(facts)?.Issues.Select(i => i.Key!).ToArray() ?? [];

    [Fact]
    public void A_complete_review_is_accepted()
    {
        Assert.Empty(Codes(Facts()));
        Assert.Empty(Codes(Facts("preliminary")));
        Assert.Empty(Codes(Facts("amended", before: "final")));
    }

    [Theory]
    [InlineData("conclusion", "conclusion-present")]
    [InlineData("performer", "report-performer")]
    [InlineData("resultsInterpreter", "report-signer")]
    [InlineData("imagingStudy", "images-named")]
    [InlineData("subject", "report-subject")]
    public void Each_missing_element_has_its_own_code(string element, string code) => Assert.Equal([code], Codes(Facts(edit: r => r.Remove(element))));

    [Fact]
    public void A_final_review_needs_results_that_exist_and_belong()
    {
        Assert.Equal(["results-present"], Codes(Facts() with { Results = [] }));
        Assert.Empty(Codes(Facts("preliminary") with { Results = [] }));
        Assert.Equal(["result-exists"], Codes(Facts() with { Results = [new ReviewResult("Observation/x", null)] }));
        Assert.Equal(["result-exists"], Codes(Facts() with { Results = [new ReviewResult("Condition/x", null)] }));
        Assert.Equal(["result-belongs"], Codes(Facts() with { Results = [new ReviewResult("Observation/x", Samples.Finding("x").With(o => o["subject"] = new JsonObject { ["reference"] = "Patient/other" }))] }));
        Assert.Equal(["result-belongs"], Codes(Facts() with { Results = [new ReviewResult("Observation/x", Samples.Finding("x").With(o => o.Remove("basedOn")))] }));
    }

    [Fact]
    public void Only_the_interpreter_signs()
    {
        Assert.Equal(["report-signer"], Codes(Facts() with { Actor = new Actor("reading", "ws", "Practitioner/colleague") }));
        var system = ReviewValidator.Refuse(Facts() with { Actor = new Actor("reading", "ws", null) })!;
        Assert.Equal(RefusalKind.Forbidden, system.Kind);
        Assert.Empty(Codes(Facts("preliminary") with { Actor = new Actor("reading", "ws", null) }));
        Assert.Empty(Codes(Facts() with { Actor = Actor.Server("reading") }));
    }

    [Fact]
    public void Images_of_other_cases_are_not_named() =>
        Assert.Equal(["images-named"], Codes(Facts(edit: r => r["imagingStudy"] = new JsonArray(new JsonObject { ["reference"] = "ImagingStudy/other" }))));

    [Fact]
    public void The_performer_is_the_signing_organization() =>
        Assert.Equal(["report-performer"], Codes(Facts(edit: r => r["performer"] = new JsonArray(new JsonObject { ["reference"] = "Organization/elsewhere" }))));

    [Fact]
    public void An_order_has_one_final_report()
    {
        var refusal = ReviewValidator.Refuse(Facts() with { OtherFinal = "DiagnosticReport/first" })!;
        Assert.Equal((RefusalKind.Conflict, "report-duplicate"), (refusal.Kind, refusal.Issues[0].Key));
        Assert.Empty(Codes(Facts("entered-in-error", before: "preliminary") with { OtherFinal = "DiagnosticReport/first" }));
    }

    [Theory]
    [InlineData(null, "registered", true)]
    [InlineData(null, "preliminary", true)]
    [InlineData(null, "final", true)]
    [InlineData(null, "amended", false)]
    [InlineData(null, "cancelled", false)]
    [InlineData("registered", "preliminary", true)]
    [InlineData("preliminary", "registered", false)]
    [InlineData("preliminary", "preliminary", true)]
    [InlineData("preliminary", "final", true)]
    [InlineData("preliminary", "amended", false)]
    [InlineData("preliminary", "cancelled", true)]
    [InlineData("final", "final", false)]
    [InlineData("final", "preliminary", false)]
    [InlineData("final", "amended", true)]
    [InlineData("final", "corrected", true)]
    [InlineData("final", "entered-in-error", true)]
    [InlineData("final", "cancelled", false)]
    [InlineData("amended", "corrected", true)]
    [InlineData("amended", "final", false)]
    [InlineData("cancelled", "preliminary", false)]
    [InlineData("entered-in-error", "final", false)]
    [InlineData("final", "unknown", false)]
    public void A_report_never_goes_back(string? before, string after, bool expected) => Assert.Equal(expected, ReportStatus.MayFollow(before, after));
}
