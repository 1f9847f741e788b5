using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Life;

public sealed class TransitionsTests
{
    /// <summary>The table of the design, written a second time by hand: from, event, who, to.</summary>
    private static readonly string[] Allowed =
    [
        "AwaitingImages ImagesArrived Server Ready", "AwaitingImages Revoke Placer Cancelled",
        "Ready Assign Server Assigned", "Ready Revoke Placer Cancelled",
        "Assigned Claim Fulfiller InProgress", "Assigned Decline Fulfiller Rejected", "Assigned AskInformation Fulfiller AwaitingInformation",
        "Assigned SavePreliminary Fulfiller Preliminary", "Assigned Finish Fulfiller Completed", "Assigned Revoke Placer Cancelled",
        "InProgress AskInformation Fulfiller AwaitingInformation", "InProgress SavePreliminary Fulfiller Preliminary", "InProgress Finish Fulfiller Completed",
        "InProgress Fail Fulfiller Failed", "InProgress AskAbort Placer InProgress", "InProgress GrantAbort Fulfiller Failed",
        "AwaitingInformation Answer Placer InProgress", "AwaitingInformation Resume Fulfiller InProgress", "AwaitingInformation Decline Fulfiller Rejected",
        "AwaitingInformation Fail Fulfiller Failed", "AwaitingInformation SavePreliminary Fulfiller Preliminary", "AwaitingInformation Finish Fulfiller Completed",
        "AwaitingInformation AskAbort Placer AwaitingInformation", "AwaitingInformation GrantAbort Fulfiller Failed",
        "Preliminary SavePreliminary Fulfiller Preliminary", "Preliminary AskInformation Fulfiller AwaitingInformation", "Preliminary Finish Fulfiller Completed",
        "Preliminary Fail Fulfiller Failed", "Preliminary AskAbort Placer Preliminary", "Preliminary GrantAbort Fulfiller Failed",
        "Completed Amend Fulfiller Completed",
    ];

    public static TheoryData<CaseState, CaseEvent> Pairs
    {
        get
        {
            var data = new TheoryData<CaseState, CaseEvent>();
            foreach (var state in Enum.GetValues<CaseState>())
            {
                foreach (var happening in Enum.GetValues<CaseEvent>())
                {
                    data.Add(state, happening);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Each_event_in_each_state_is_allowed_to_one_role_or_refused(CaseState state, CaseEvent happening)
    {
        var row = Allowed.Select(r => r.Split(' ')).FirstOrDefault(r => r[0] == state.ToString() && r[1] == happening.ToString());
        foreach (var who in Enum.GetValues<CaseRole>())
        {
            var outcome = Transitions.Apply(state, happening, who);
            if (row is null)
            {
                Assert.Equal((RefusalKind.Conflict, "case-transition"), (outcome.Refusal!.Kind, outcome.Refusal.Issues[0].Key));
            }
            else if (row[2] == who.ToString())
            {
                Assert.Equal(row[3], outcome.Value.ToString());
            }
            else
            {
                Assert.Equal((RefusalKind.Forbidden, "case-role"), (outcome.Refusal!.Kind, outcome.Refusal.Issues[0].Key));
            }
        }
    }

    [Fact]
    public void A_late_revocation_says_how_to_ask_instead() =>
        Assert.Contains("code abort", Transitions.Apply(CaseState.InProgress, CaseEvent.Revoke, CaseRole.Placer).Refusal!.Issues[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Each_state_is_one_pair_of_codes_and_is_read_back()
    {
        var task = TaskWriter.Create(Samples.Order(), Samples.Now, []);
        foreach (var state in Enum.GetValues<CaseState>())
        {
            var moved = task.With(t => TaskWriter.SetState(t, state));
            Assert.Equal(state, CaseStates.Of(moved));
            Assert.Equal(CaseCodes.TaskProfile, moved.Root["meta"].Text("profile"));
            Assert.DoesNotContain(FhirValidator.Validate(moved), i => i.IsError);
        }
    }

    [Fact]
    public void A_note_is_written_once_per_rule_and_kept_up_to_date()
    {
        var task = TaskWriter.Create(Samples.Order(), Samples.Now, []).ToJsonObject();
        Assert.True(TaskWriter.AddNote(task, "image-age", "13 months", Samples.Now));
        Assert.False(TaskWriter.AddNote(task, "image-age", "13 months", Samples.Now));
        Assert.True(TaskWriter.AddNote(task, "image-age", "14 months", Samples.Now));
        Assert.Single(task["note"]!.AsArray());
        Assert.DoesNotContain(FhirValidator.Validate(FhirResource.From(task)), i => i.IsError);
    }
}
