using System.Text;
using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir;

/// <summary>
/// A short narrative made of a resource's own elements (FHIR R4 narrative.html), for the resources of a case: so that a viewer that knows nothing of
/// profiles shows a person what is in them. Everything is escaped; nothing from outside becomes markup.
/// </summary>
public static class Narrative
{
    private const int MaxValues = 50;
    private const int MaxText = 2000;

    /// <summary>Rows in the order shown: label and element path.</summary>
    private static readonly Dictionary<string, (string Title, (string Label, string[] Path)[] Rows)> Layouts = new(StringComparer.Ordinal)
    {
        ["ServiceRequest"] = ("Order", [
            ("Service", ["code"]), ("Status", ["status"]), ("Priority", ["priority"]), ("Number", ["identifier"]), ("Patient", ["subject"]), ("Requester", ["requester"]),
            ("Question", ["reasonCode"]), ("Site", ["bodySite"]), ("Notes", ["note"]), ("Ordered", ["authoredOn"])]),
        ["Task"] = ("Task", [
            ("Work", ["description"]), ("Status", ["status"]), ("State", ["businessStatus"]), ("Reason", ["statusReason"]), ("Priority", ["priority"]), ("Patient", ["for"]), ("Owner", ["owner"]),
            ("Due", ["restriction", "period", "end"]), ("Notes", ["note"])]),
        ["DiagnosticReport"] = ("Report", [
            ("Report", ["code"]), ("Status", ["status"]), ("Patient", ["subject"]), ("Conclusion", ["conclusion"]), ("Codes", ["conclusionCode"]), ("Read by", ["resultsInterpreter"]),
            ("Organization", ["performer"]), ("Date", ["effective"]), ("Issued", ["issued"])]),
        ["Observation"] = ("Observation", [
            ("Observation", ["code"]), ("Status", ["status"]), ("Patient", ["subject"]), ("Value", ["value"]), ("Site", ["bodySite"]), ("Details", ["component"]), ("Notes", ["note"]), ("Date", ["effective"])]),
        ["ImagingStudy"] = ("Imaging study", [
            ("Study", ["description"]), ("Status", ["status"]), ("Patient", ["subject"]), ("Started", ["started"]), ("Modalities", ["modality"]), ("Series", ["numberOfSeries"]), ("Images", ["numberOfInstances"])]),
        ["DocumentReference"] = ("Document", [
            ("Document", ["type"]), ("Kind", ["category"]), ("Status", ["status"]), ("Patient", ["subject"]), ("Date", ["date"]), ("Description", ["description"]), ("Content", ["content", "attachment", "title"])]),
        ["Communication"] = ("Message", [
            ("Status", ["status"]), ("Patient", ["subject"]), ("From", ["sender"]), ("To", ["recipient"]), ("Sent", ["sent"]), ("Text", ["payload", "content"])]),
        ["Patient"] = ("Patient", [("Name", ["name"]), ("Born", ["birthDate"]), ("Gender", ["gender"]), ("Number", ["identifier"])]),
    };

    /// <summary>The <c>div</c> of a generated narrative; null for types that are no part of a case.</summary>
    public static string? Div(FhirResource resource)
    {
        if (!Layouts.TryGetValue(resource.ResourceType, out var layout))
        {
            return null;
        }

        var html = new StringBuilder("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>", 1024).Append(layout.Title).Append("</b></p>");
        var any = false;
        foreach (var (label, path) in layout.Rows)
        {
            var texts = new List<string>();
            Collect(resource.Root, path, 0, texts);
            if (texts.Count > 0)
            {
                html.Append(any ? "<tr><td>" : "<table><tbody><tr><td>").Append(label).Append("</td><td>");
                any = true;
                for (var i = 0; i < texts.Count; i++)
                {
                    html.Append(i > 0 ? "<br/>" : "");
                    Escape(html, texts[i]);
                }

                html.Append("</td></tr>");
            }
        }

        return html.Append(any ? "</tbody></table></div>" : "</div>").ToString();
    }

    /// <summary>The resource with a generated narrative; the same when it has one already, or is of a type that is no part of a case.</summary>
    public static FhirResource Add(FhirResource resource) =>
        resource.Root["text"].Exists || Div(resource) is not { } div
            ? resource
            : resource.With(json =>
            {
                // FHIR R4 resource.html: text stands before the elements of the type itself.
                var rest = json.Where(p => p.Key is not ("resourceType" or "id" or "meta" or "implicitRules" or "_implicitRules" or "language" or "_language")).ToList();
                foreach (var (name, _) in rest)
                {
                    json.Remove(name);
                }

                json["text"] = new JsonObject { ["status"] = "generated", ["div"] = div };
                foreach (var (name, value) in rest)
                {
                    json[name] = value;
                }
            });

    private static void Collect(FhirNode node, string[] path, int step, List<string> texts)
    {
        foreach (var child in node.All(path[step]))
        {
            if (texts.Count >= MaxValues)
            {
                return;
            }

            if (step + 1 < path.Length)
            {
                Collect(child, path, step + 1, texts);
            }
            else if (Text(child) is { } text && !string.IsNullOrWhiteSpace(text))
            {
                texts.Add(text.Length <= MaxText ? text : text[..MaxText] + "...");
            }
        }
    }

    private static string? Text(FhirNode node) => node.Type switch
    {
        _ when node.IsPrimitive => node.Value,
        "CodeableConcept" => node.Text("text") ?? Joined(node.All("coding").Select(Text)),
        "Coding" => node.Text("display") ?? node.Text("code"),
        "Reference" => node.Text("display") ?? node.Text("reference") ?? node["identifier"].Text("value"),
        "Identifier" => node.Text("value"),
        "Annotation" => node.Text("text"),
        "HumanName" => node.Text("text") ?? Joined(node.All("prefix").Concat(node.All("given")).Append(node["family"]).Concat(node.All("suffix")).Select(n => n.Value), " "),
        "Quantity" => Joined([node.Text("comparator") + node.Text("value"), node.Text("unit") ?? node.Text("code")], " "),
        "Range" => $"{Text(node["low"])} to {Text(node["high"])}",
        "Period" => $"{node.Text("start")} to {node.Text("end")}",
        "Attachment" => node.Text("title") ?? node.Text("contentType"),
        "BackboneElement" when node["code"].Exists => $"{Text(node["code"])}: {(node["value"].Exists ? Text(node["value"]) : Text(node["dataAbsentReason"]))}",
        _ => null,
    };

    private static string? Joined(IEnumerable<string?> texts, string separator = ", ") => string.Join(separator, texts.Where(t => !string.IsNullOrEmpty(t))) is { Length: > 0 } text ? text : null;

    /// <summary>Text as XHTML content; characters that XML cannot carry are left out.</summary>
    private static void Escape(StringBuilder html, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            _ = c switch
            {
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '&' => html.Append("&amp;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                '\n' => html.Append("<br/>"),
                _ when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) => html.Append(c).Append(text[++i]),
                _ when char.IsSurrogate(c) || (char.IsControl(c) && c != '\t') || c is '\uFFFE' or '\uFFFF' => html,
                _ => html.Append(c),
            };
        }
    }
}
