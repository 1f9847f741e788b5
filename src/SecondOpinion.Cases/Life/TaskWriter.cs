using System.Globalization;
using System.Text.Json.Nodes;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Life;

/// <summary>Writes the Task of a case: the one place that knows how a state looks in JSON.</summary>
public static class TaskWriter
{
    /// <summary>The new Task of an order (COW coordination-task): requested, awaiting images.</summary>
    public static FhirResource Create(Order order, DateTimeOffset now, IEnumerable<FhirIssue> advice)
    {
        var root = order.Resource.Root;
        var task = new JsonObject
        {
            ["resourceType"] = "Task",
            ["meta"] = new JsonObject { ["profile"] = new JsonArray(CaseCodes.TaskProfile) },
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.Base + "/NamingSystem/case", ["value"] = order.Id }),
            ["basedOn"] = new JsonArray(Reference(order.Reference)),
            ["status"] = "requested",
            ["intent"] = "order",
            ["priority"] = order.Priority,
            ["code"] = new JsonObject { ["coding"] = new JsonArray(Coding(CaseCodes.TaskCode, CaseCodes.Fulfill, "Fulfill the focal request")) },
            ["description"] = root["code"].Display() ?? "Second opinion",
            ["focus"] = Reference(order.Reference),
            ["for"] = Reference(order.Patient!),
            ["authoredOn"] = Instant(now),
            ["lastModified"] = Instant(now),
        };
        if (Copy(root, "requester") is { } requester)
        {
            task["requester"] = requester;
        }

        SetState(task, CaseState.AwaitingImages);
        foreach (var issue in advice)
        {
            AddNote(task, issue.Key!, issue.Message, now);
        }

        return FhirResource.From(task);
    }

    public static void SetState(JsonObject task, CaseState state)
    {
        task["status"] = state.Status();
        if (state.BusinessStatus() is { } business)
        {
            task["businessStatus"] = new JsonObject { ["coding"] = new JsonArray(Coding(CaseCodes.BusinessStatus, business, CaseStates.Display(business))) };
        }
        else
        {
            task.Remove("businessStatus");
        }
    }

    /// <summary>Adds a note once per rule; what a rule said before is replaced. False when it already said so.</summary>
    public static bool AddNote(JsonObject task, string rule, string text, DateTimeOffset now)
    {
        var notes = task["note"] as JsonArray;
        if (notes is null)
        {
            task["note"] = notes = [];
        }

        foreach (var existing in notes.OfType<JsonObject>().ToList())
        {
            if (existing["extension"] is JsonArray { Count: > 0 } extensions && extensions[0] is JsonObject extension
                && (string?)extension["url"] == CaseCodes.NoteRule && (string?)extension["valueCode"] == rule)
            {
                if ((string?)existing["text"] == text)
                {
                    return false;
                }

                notes.Remove(existing);
            }
        }

        notes.Add((JsonNode)new JsonObject
        {
            ["extension"] = new JsonArray(new JsonObject { ["url"] = CaseCodes.NoteRule, ["valueCode"] = rule }),
            ["time"] = Instant(now),
            ["text"] = text,
        });
        return true;
    }

    public static void Assign(JsonObject task, string readerTenant, DateTimeOffset due, DateTimeOffset now)
    {
        SetState(task, CaseState.Assigned);
        task["owner"] = Reference("Organization/" + readerTenant);
        task["restriction"] = new JsonObject { ["period"] = new JsonObject { ["start"] = Instant(now), ["end"] = Instant(due) } };
    }

    /// <summary>Names the report as the output, once.</summary>
    public static void SetOutput(JsonObject task, string reportReference)
    {
        var outputs = task["output"] as JsonArray ?? [];
        if (!outputs.OfType<JsonObject>().Any(o => (string?)o["valueReference"]?["reference"] == reportReference))
        {
            outputs.Add((JsonNode)new JsonObject
            {
                ["type"] = new JsonObject { ["coding"] = new JsonArray(Coding(CaseCodes.Base + "/CodeSystem/task-output", "report", "Report")) },
                ["valueReference"] = Reference(reportReference),
            });
        }

        task["output"] = outputs;
    }

    public static void StartExecution(JsonObject task, DateTimeOffset now)
    {
        var period = task["executionPeriod"] as JsonObject ?? [];
        period["start"] ??= Instant(now);
        task["executionPeriod"] = period;
    }

    public static void EndExecution(JsonObject task, DateTimeOffset now)
    {
        StartExecution(task, now);
        task["executionPeriod"]!["end"] = Instant(now);
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static JsonObject Reference(string reference) => new() { ["reference"] = reference };

    internal static JsonObject Coding(string system, string code, string display) => new() { ["system"] = system, ["code"] = code, ["display"] = display };

    private static JsonNode? Copy(FhirNode root, string element) => root[element].Exists ? JsonNode.Parse(root[element].RawValue) : null;
}
