using SecondOpinion.Cases.Intake;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Intake;

public sealed class OrderAdviceTests
{
    private static readonly OrderImage Panoramic = new("PX", new DateOnly(2026, 11, 1), "");
    private static readonly OrderImage Intraoral = new("IO", new DateOnly(2026, 11, 1), "");
    private static readonly OrderImage Bitewing = new("IO", new DateOnly(2026, 11, 1), "Bitewing left");
    private static readonly OrderImage Periapical = new("IO", new DateOnly(2026, 11, 1), "Periapical 36");
    private static readonly OrderImage ConeBeam = new("CT", new DateOnly(2026, 11, 1), "CBCT");

    private static bool Says(Order order, string code) => OrderAdvice.Of(order).Any(i => i.Key == code);

    [Fact]
    public void The_sample_order_needs_no_advice() => Assert.Empty(OrderAdvice.Of(Samples.Order()));

    [Fact]
    public void Advice_never_refuses()
    {
        var issues = OrderAdvice.Of(Samples.Asks("Is the implant position right? Is the pulp vital?", "Fever and facial swelling since yesterday") with { Images = [Panoramic], UnusableFormats = ["image/heic"] });
        Assert.Equal(["emergency-symptoms", "images-suit-implant", "physical-test", "image-format"], issues.Select(i => i.Key));
        Assert.DoesNotContain(issues, i => i.IsError);
    }

    [Theory]
    [InlineData("Facial swelling since yesterday", true)]
    [InlineData("Patient has difficulty swallowing.", true)]
    [InlineData("Pain. Fever 39 degrees", true)]
    [InlineData("No pain, but fever", true)]
    [InlineData("No pain, no swelling. Cold test normal.", false)]
    [InlineData("No fever, facial swelling or difficulty swallowing", false)]
    [InlineData("Denies fever", false)]
    [InlineData("No fever. Facial swelling present", true)]
    [InlineData("No pain, patient has facial swelling", true)]
    [InlineData("Fever? No", true)]
    [InlineData("Tender to bite", false)]
    [InlineData("", false)]
    public void Emergency_symptoms_are_read_clause_by_clause(string note, bool expected) =>
        Assert.Equal(expected, Says(Samples.Asks("Is this an infection?", note), "emergency-symptoms"));

    [Fact]
    public void A_coded_emergency_symptom_counts() => Assert.True(Says(Samples.Order() with { ReasonCodes = ["267036007"] }, "emergency-symptoms"));

    [Theory]
    [InlineData("2025-11-20", "", false)]
    [InlineData("2025-11-19", "", true)]
    [InlineData("2026-05-20", "The symptoms have changed", false)]
    [InlineData("2026-05-19", "The symptoms have changed", true)]
    [InlineData("2026-05-19", "No new symptoms", false)]
    public void The_newest_image_may_be_a_year_old_or_six_months_when_symptoms_changed(string taken, string note, bool expected) =>
        Assert.Equal(expected, Says(Samples.Asks("Is this an infection?", note) with { Images = [Intraoral with { Date = new DateOnly(2020, 1, 1) }, Intraoral with { Date = DateOnly.ParseExact(taken, "yyyy-MM-dd") }] }, "image-age"));

    [Fact]
    public void Undated_images_have_no_age() => Assert.False(Says(Samples.Order() with { Images = [Intraoral with { Date = null }] }, "image-age"));

    public static TheoryData<string, string, string, bool> Suits => new()
    {
        { "images-suit-implant", "Is there enough bone for an implant at 36?", "panoramic", true },
        { "images-suit-implant", "Is there enough bone for an implant at 36?", "cbct", false },
        { "images-suit-implant", "Is there enough bone for an implant at 36?", "none", false },
        { "images-suit-implant", "Is there bone loss around the old implant?", "panoramic", false },
        { "images-suit-caries", "Is there interproximal caries?", "panoramic", true },
        { "images-suit-caries", "Decay between the teeth 4 and 5?", "periapical", true },
        { "images-suit-caries", "Is there interproximal caries?", "bitewing", false },
        { "images-suit-caries", "Is there interproximal caries?", "intraoral", false },
        { "images-suit-caries", "Is there occlusal caries?", "panoramic", false },
        { "images-suit-periapical", "Is the dark area at the root tip an infection?", "panoramic", true },
        { "images-suit-periapical", "Is the dark area at the root tip an infection?", "bitewing", true },
        { "images-suit-periapical", "Is the dark area at the root tip an infection?", "periapical", false },
        { "images-suit-periapical", "Is the dark area at the root tip an infection?", "cbct", false },
        { "images-suit-periapical", "Is the third molar impacted?", "panoramic", false },
    };

    [Theory]
    [MemberData(nameof(Suits))]
    public void Images_have_to_suit_the_question(string code, string question, string images, bool expected)
    {
        OrderImage[] sent = images switch { "panoramic" => [Panoramic], "cbct" => [ConeBeam], "bitewing" => [Bitewing], "periapical" => [Periapical], "intraoral" => [Intraoral], _ => [] };
        Assert.Equal(expected, Says(Samples.Asks(question) with { Images = sent }, code));
    }

    [Theory]
    [InlineData("Is the pulp of 36 vital?", true)]
    [InlineData("Is this a cracked tooth?", true)]
    [InlineData("What is the pocket depth?", true)]
    [InlineData("Is there bone loss?", false)]
    public void Questions_that_need_a_physical_test_are_flagged(string question, bool expected)
    {
        var issue = OrderAdvice.Of(Samples.Asks(question)).FirstOrDefault(i => i.Key == "physical-test");
        Assert.Equal(expected, issue is not null);
        Assert.True(issue is null or { Severity: IssueSeverity.Information });
    }

    [Fact]
    public void A_test_told_in_the_notes_is_not_asked_for() => Assert.False(Says(Samples.Asks("Is this an infection?", "Cold test normal, percussion negative"), "physical-test"));
}
