using System.Text.Json.Nodes;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Life;
using Xunit;

namespace SecondOpinion.Cases.Tests.Life;

public sealed class DueTimeAndRoutingTests
{
    private static Order Radiology(string priority) => Samples.Order(o =>
    {
        o["priority"] = priority;
        o["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.Service, ["code"] = "ct-over-read" }) };
        o.Remove("bodySite");
    });

    [Theory]
    [InlineData("stat", 24)]
    [InlineData("asap", 24)]
    [InlineData("urgent", 48)]
    [InlineData("routine", 72)]
    public void Radiology_is_due_by_priority(string priority, int hours) =>
        Assert.Equal(Samples.Now.AddHours(hours), DueTime.Of(Radiology(priority), Samples.Now, new CaseOptions()));

    [Fact]
    public void Dental_is_due_in_a_day_whether_service_tooth_or_image_says_so()
    {
        var options = new CaseOptions();
        Assert.Equal(Samples.Now.AddHours(24), DueTime.Of(Samples.Order(), Samples.Now, options));
        Assert.Equal(Samples.Now.AddHours(24), DueTime.Of(Radiology("routine") with { NamesTeeth = true }, Samples.Now, options));
        Assert.Equal(Samples.Now.AddHours(24), DueTime.Of(Radiology("routine") with { Images = [new OrderImage("PX", null, "")] }, Samples.Now, options));
    }

    [Fact]
    public void Routing_follows_wish_then_route_then_default_then_the_only_reader()
    {
        var options = new CaseOptions { Routes = [new CaseRoute { ServiceCode = "dental-radiograph-review", Reader = "oral" }, new CaseRoute { Specialty = "neuro", Reader = "head" }] };
        string[] readers = ["oral", "head", "general"];
        var order = Samples.Order();
        Assert.Equal("general", Routing.Choose(order with { Performers = ["Practitioner/x", "Organization/nobody", "Organization/general"] }, "practice", readers, options));
        Assert.Equal("oral", Routing.Choose(order, "practice", readers, options));
        Assert.Equal("head", Routing.Choose(order with { ServiceCode = "mr", Specialties = ["neuro"] }, "practice", readers, options));
        Assert.Null(Routing.Choose(order with { ServiceCode = "mr" }, "practice", readers, options));
        Assert.Equal("general", Routing.Choose(order with { ServiceCode = "mr" }, "practice", readers, new CaseOptions { DefaultReader = "general" }));
        Assert.Null(Routing.Choose(order, "practice", readers, new CaseOptions { DefaultReader = "unknown" }));
        Assert.Equal("only", Routing.Choose(order, "practice", ["practice", "only"], new CaseOptions()));
        Assert.Null(Routing.Choose(order, "practice", ["practice"], new CaseOptions()));
        Assert.Null(Routing.Choose(order, "practice", [], new CaseOptions()));
    }

    [Fact]
    public void Options_are_validated()
    {
        var validator = new CaseOptionsValidator();
        Assert.True(validator.Validate(new CaseOptions()).IsValid);
        Assert.False(validator.Validate(new CaseOptions { DicomWebBase = "/dicomweb" }).IsValid);
        Assert.False(validator.Validate(new CaseOptions { UrgentTurnaround = TimeSpan.FromHours(1) }).IsValid);
        Assert.False(validator.Validate(new CaseOptions { Routes = [new CaseRoute()] }).IsValid);
    }
}
