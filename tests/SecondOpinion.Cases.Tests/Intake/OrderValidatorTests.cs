using System.Text.Json.Nodes;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Intake;

public sealed class OrderValidatorTests
{
    private static string[] Codes(Action<JsonObject> edit) => OrderValidator.Refuse(Samples.Order(edit))?.Issues.Select(i => i.Key!).ToArray() ?? [];

    [Fact]
    public void A_complete_order_is_accepted() => Assert.Null(OrderValidator.Refuse(Samples.Order()));

    [Theory]
    [InlineData("category", "category")]
    [InlineData("reasonCode", "question-present")]
    [InlineData("subject", "subject-patient")]
    [InlineData("requester", "requester-present")]
    [InlineData("identifier", "placer-identifier")]
    [InlineData("status", "order-status")]
    [InlineData("intent", "order-intent")]
    public void Each_missing_element_has_its_own_code(string element, string code) => Assert.Equal([code], Codes(o => o.Remove(element)));

    [Fact]
    public void All_faults_are_reported_at_once_as_422()
    {
        var refusal = OrderValidator.Refuse(Samples.Order(o =>
        {
            o.Remove("reasonCode");
            o.Remove("requester");
            o["status"] = "on-hold";
        }))!;
        Assert.Equal(RefusalKind.Unprocessable, refusal.Kind);
        Assert.Equal(["order-status", "question-present", "requester-present"], refusal.Issues.Select(i => i.Key));
        Assert.All(refusal.Issues, i => Assert.StartsWith("ServiceRequest.", i.Expression, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?")]
    [InlineData("  ")]
    [InlineData("123")]
    public void A_question_without_a_letter_is_none(string text) =>
        Assert.Equal(["question-present"], Codes(o => o["reasonCode"] = new JsonArray(new JsonObject { ["text"] = text })));

    [Fact]
    public void A_coded_reason_with_a_display_is_a_question() =>
        Assert.Empty(Codes(o => o["reasonCode"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.Snomed, ["code"] = "1", ["display"] = "Periapical disease?" }) })));

    [Theory]
    [InlineData("Group/1", false)]
    [InlineData("#p", false)]
    [InlineData("http://elsewhere.example/Patient/1", false)]
    [InlineData("Patient/1/_history/2", true)]
    [InlineData("Patient/1", true)]
    public void The_subject_is_a_patient_of_this_server(string reference, bool isGood) =>
        Assert.Equal(isGood ? [] : ["subject-patient"], Codes(o => o["subject"] = new JsonObject { ["reference"] = reference }));

    [Theory]
    [InlineData("order", true)]
    [InlineData("filler-order", true)]
    [InlineData("directive", false)]
    [InlineData("option", false)]
    public void The_intent_is_an_order(string intent, bool isGood) => Assert.Equal(isGood ? [] : ["order-intent"], Codes(o => o["intent"] = intent));

    [Fact]
    public void An_accession_alone_is_no_order_number() => Assert.Equal(["placer-identifier"], Codes(o => ((JsonArray)o["identifier"]!).RemoveAt(0)));

    [Theory]
    [InlineData("https://secondopinion.example/fhir/CodeSystem/order-category", "second-opinion", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v2-0336", "S", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v2-0282", "SO", true)]
    [InlineData("http://fhir.ch/ig/ch-rad-order/CodeSystem/ch-rad-order-requested-service", "SecondOpinion", true)]
    [InlineData("http://fhir.ch/ig/ch-rad-order/CodeSystem/ch-rad-order-requested-service", "ImagingRequest", false)]
    [InlineData("http://other.example", "second-opinion", false)]
    public void The_category_tells_a_second_opinion_order(string system, string code, bool isOne) =>
        Assert.Equal(isOne, Order.Is(Samples.OrderResource(o => o["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) }))));

    [Theory]
    [InlineData("status", "draft", false)]
    [InlineData("intent", "proposal", false)]
    [InlineData("intent", "plan", false)]
    [InlineData("status", "revoked", true)]
    public void Drafts_and_proposals_are_plain_resources(string element, string value, bool isOne) =>
        Assert.Equal(isOne, Order.Is(Samples.OrderResource(o => o[element] = value)));

    [Fact]
    public void Study_UIDs_are_read_from_identifiers_and_logical_references()
    {
        var order = Samples.Order(o =>
        {
            ((JsonArray)o["identifier"]!).Add((JsonNode)new JsonObject { ["system"] = "urn:dicom:uid", ["value"] = "urn:oid:1.2.3" });
            ((JsonArray)o["supportingInfo"]!).Add((JsonNode)new JsonObject { ["identifier"] = new JsonObject { ["system"] = "urn:dicom:uid", ["value"] = "1.2.4" } });
        });
        Assert.Equal(["1.2.3", "1.2.4"], order.StudyUids);
        Assert.Equal(["DocumentReference/original1"], order.Supporting);
    }

    [Fact]
    public void A_duplicate_is_told_by_placer_number_or_open_accession()
    {
        var order = Samples.Order();
        KnownOrder Other(Identifier? placer = null, Identifier? accession = null, bool open = true, bool withdrawn = false, string id = "other") =>
            new(id, placer, accession is null ? [] : [accession], open, withdrawn);
        string? Key(KnownOrder other) => DuplicateOrder.Refuse(order, [other])?.Issues[0].Key;
        var accession = order.Accessions[0];
        Assert.Equal("duplicate-placer", Key(Other(order.Placer)));
        Assert.Equal("duplicate-placer", Key(Other(order.Placer, open: false)));
        Assert.Null(Key(Other(order.Placer, open: false, withdrawn: true)));
        Assert.Equal("duplicate-accession", Key(Other(accession: accession)));
        Assert.Null(Key(Other(accession: accession, open: false)));
        Assert.Null(Key(Other(accession: accession with { System = "urn:oid:9" })));
        Assert.Null(Key(Other(order.Placer! with { System = "urn:oid:9" })));
        Assert.Null(Key(Other(order.Placer, accession, id: order.Id)));
        Assert.Equal(RefusalKind.Conflict, DuplicateOrder.Refuse(order, [Other(order.Placer)])!.Kind);
    }

    [Theory]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "19", "Tooth 19 (FDI 36)")]
    [InlineData("urn:iso:std:iso:3950", "36", "Tooth 19 (FDI 36)")]
    [InlineData("http://snomed.info/sct", "865995000", "Tooth 3 (FDI 16)")]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "T", "Tooth T (FDI 85)")]
    [InlineData("http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "33", null)]
    public void Teeth_are_found_in_each_system(string system, string code, string? expected)
    {
        var order = Samples.OrderResource(o => o["bodySite"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) }));
        Assert.Equal(expected, Teeth.Find(order.Root["bodySite"])?.ToString());
    }
}
