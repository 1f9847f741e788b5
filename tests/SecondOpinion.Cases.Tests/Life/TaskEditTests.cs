using System.Text.Json.Nodes;
using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Life;

public sealed class TaskEditTests
{
    private static readonly Actor Reader = new("reading", "ws", "Practitioner/reader");

    private static FhirResource Task(CaseState state, string owner = "Organization/reading") => TaskWriter.Create(Samples.Order(), Samples.Now, []).With(t =>
    {
        TaskWriter.Assign(t, "reading", Samples.Now.AddHours(24), Samples.Now);
        t["owner"] = new JsonObject { ["reference"] = owner };
        TaskWriter.SetState(t, state);
    });

    private static Outcome<TaskIntent> Read(FhirResource before, Action<JsonObject> edit, CaseRole who = CaseRole.Fulfiller, Actor? actor = null) =>
        TaskEdit.Read(before, before.With(edit), who, actor ?? Reader);

    private static Action<JsonObject> Set(string status, string? reason = "because") => t =>
    {
        t["status"] = status;
        if (reason is not null)
        {
            t["statusReason"] = new JsonObject { ["text"] = reason };
        }
    };

    [Theory]
    [InlineData(CaseState.Assigned, "accepted", CaseEvent.Claim)]
    [InlineData(CaseState.Assigned, "in-progress", CaseEvent.Claim)]
    [InlineData(CaseState.Assigned, "rejected", CaseEvent.Decline)]
    [InlineData(CaseState.Assigned, "on-hold", CaseEvent.AskInformation)]
    [InlineData(CaseState.InProgress, "on-hold", CaseEvent.AskInformation)]
    [InlineData(CaseState.InProgress, "failed", CaseEvent.Fail)]
    [InlineData(CaseState.InProgress, "in-progress", null)]
    [InlineData(CaseState.AwaitingInformation, "in-progress", CaseEvent.Resume)]
    [InlineData(CaseState.AwaitingInformation, "on-hold", null)]
    [InlineData(CaseState.Preliminary, "in-progress", null)]
    public void The_fulfillers_status_says_what_happens(CaseState state, string status, CaseEvent? expected) =>
        Assert.Equal(new TaskIntent(expected), Read(Task(state), Set(status)).Value);

    [Theory]
    [InlineData(CaseState.Assigned, "requested")]
    [InlineData(CaseState.Assigned, "draft")]
    [InlineData(CaseState.Assigned, "cancelled")]
    [InlineData(CaseState.InProgress, "received")]
    [InlineData(CaseState.Completed, "received")]
    public void Other_statuses_are_refused(CaseState state, string status) => Assert.Equal("case-transition", Read(Task(state), Set(status)).Refusal!.Issues[0].Key);

    [Fact]
    public void Completed_waits_for_a_report() => Assert.Equal(new TaskIntent(null, true), Read(Task(CaseState.InProgress), Set("completed", null)).Value);

    [Theory]
    [InlineData("rejected")]
    [InlineData("on-hold")]
    public void Saying_no_needs_a_reason(string status) => Assert.Equal("task-reason", Read(Task(CaseState.Assigned), Set(status, null)).Refusal!.Issues[0].Key);

    [Fact]
    public void Received_awaiting_information_asks_as_COW_does() => Assert.Equal(CaseEvent.AskInformation, Read(Task(CaseState.Assigned), t =>
    {
        t["statusReason"] = new JsonObject { ["text"] = "Which tooth?" };
        t["businessStatus"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.BusinessStatus, ["code"] = "awaiting-information" }) };
    }).Value.Event);

    [Fact]
    public void The_business_status_is_not_the_fulfillers() => Assert.Equal("business-status", Read(Task(CaseState.Assigned), t =>
        t["businessStatus"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.BusinessStatus, ["code"] = "preliminary-outcome" }) }).Refusal!.Issues[0].Key);

    [Theory]
    [InlineData("focus")]
    [InlineData("for")]
    [InlineData("code")]
    [InlineData("intent")]
    [InlineData("priority")]
    [InlineData("authoredOn")]
    [InlineData("restriction")]
    [InlineData("basedOn")]
    public void What_the_server_keeps_nobody_changes(string element)
    {
        foreach (var who in new[] { CaseRole.Placer, CaseRole.Fulfiller })
        {
            Assert.Equal("task-kept-element", TaskEdit.Read(Task(CaseState.Assigned), Task(CaseState.Assigned).With(t => t.Remove(element)), who, Reader).Refusal?.Issues[0].Key ?? "task-kept-element");
            Assert.True(TaskEdit.Read(Task(CaseState.Assigned), Task(CaseState.Assigned).With(t => t.Remove(element)), who, Reader).IsRefused, element);
        }
    }

    [Theory]
    [InlineData("Practitioner/colleague", "Practitioner/colleague", "task-claimed")]
    [InlineData("Practitioner/reader", "Practitioner/colleague", null)]
    [InlineData("Practitioner/colleague", null, null)]
    [InlineData("Organization/elsewhere", "Practitioner/reader", "task-owner")]
    [InlineData("Patient/1", "Practitioner/reader", "task-owner")]
    public void Claimed_work_is_handed_over_only_by_its_reader_or_the_organizations_system(string newOwner, string? user, string? key)
    {
        var edit = Read(Task(CaseState.InProgress, user == newOwner ? "Practitioner/reader" : "Practitioner/colleague"), t => t["owner"] = new JsonObject { ["reference"] = newOwner }, actor: new Actor("reading", "ws", user));
        Assert.Equal(key, edit.Refusal?.Issues[0].Key);
    }

    [Theory]
    [InlineData(CaseState.Assigned, "cancelled", CaseEvent.Revoke)]
    [InlineData(CaseState.AwaitingInformation, "in-progress", CaseEvent.Answer)]
    public void The_placer_cancels_and_answers(CaseState state, string status, CaseEvent expected) =>
        Assert.Equal(expected, Read(Task(state), t => t["status"] = status, CaseRole.Placer).Value.Event);

    [Theory]
    [InlineData("completed")]
    [InlineData("in-progress")]
    [InlineData("rejected")]
    public void The_placer_sets_no_other_status(string status) =>
        Assert.Equal(RefusalKind.Forbidden, Read(Task(CaseState.Assigned), t => t["status"] = status, CaseRole.Placer).Refusal!.Kind);

    [Theory]
    [InlineData("owner")]
    [InlineData("output")]
    [InlineData("statusReason")]
    public void The_fulfillers_elements_are_not_the_placers(string element) => Assert.Equal(RefusalKind.Forbidden, Read(Task(CaseState.Assigned), t =>
        t[element] = element == "output" ? new JsonArray() : new JsonObject { ["reference"] = "Organization/x", ["text"] = "x" }.Let(o => o.Remove(element == "owner" ? "text" : "reference")), CaseRole.Placer).Refusal!.Kind);

    [Fact]
    public void The_placer_may_add_a_note() => Assert.Null(Read(Task(CaseState.Assigned), t => t["note"] = new JsonArray(new JsonObject { ["text"] = "Call me" }), CaseRole.Placer).Value.Event);
}

internal static class JsonObjectExtensions
{
    public static JsonObject Let(this JsonObject json, Action<JsonObject> edit)
    {
        edit(json);
        return json;
    }
}
