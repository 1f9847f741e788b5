using System.Globalization;
using System.Net;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>A content tree for people: text and HTML.</summary>
internal static class SrRendering
{
    internal static string Text(SrDocument document)
    {
        var text = new StringBuilder();
        AddText(text, document.Content, 0);
        foreach (var line in Footer(document))
        {
            text.Append('\n').Append(line);
        }

        return text.ToString();
    }

    internal static string Html(SrDocument document)
    {
        var title = Encode(document.Content.Name?.Meaning ?? "Report");
        var html = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n<h1>{title}</h1>\n");
        AddHtml(html, document.Content.Children, 2);
        foreach (var line in Footer(document))
        {
            html.Append("<p>").Append(Encode(line)).Append("</p>\n");
        }

        return html.Append("</body></html>\n").ToString();
    }

    private static IEnumerable<string> Footer(SrDocument document)
    {
        yield return document.IsComplete ? "Complete." : "Partial.";
        foreach (var observer in document.VerifyingObservers)
        {
            yield return $"Verified by {Name(observer.Name)}, {observer.Organization}, {When(observer.At)}.";
        }
    }

    private static void AddText(StringBuilder text, SrContentItem item, int depth)
    {
        text.Append(' ', depth * 2).Append(Line(item).ReplaceLineEndings("\n" + new string(' ', (depth * 2) + 2))).Append('\n');
        foreach (var child in item.Children)
        {
            AddText(text, child, depth + 1);
        }
    }

    private static void AddHtml(StringBuilder html, IReadOnlyList<SrContentItem> items, int level)
    {
        const int lastHeading = 6;
        var isList = false;
        foreach (var item in items)
        {
            // Containers are sections, everything else is a list between them.
            if (item.Type == SrValueType.Container)
            {
                Close(html, ref isList);
                var heading = Math.Min(level, lastHeading).ToString(CultureInfo.InvariantCulture);
                html.Append("<h").Append(heading).Append('>').Append(Encode(item.Name?.Meaning ?? "")).Append("</h").Append(heading).Append(">\n");
                AddHtml(html, item.Children, level + 1);
                continue;
            }

            if (!isList)
            {
                html.Append("<ul>\n");
                isList = true;
            }

            html.Append("<li>").Append(Encode(Line(item)).ReplaceLineEndings("<br>"));
            if (item.Children.Count > 0)
            {
                html.Append('\n');
                AddHtml(html, item.Children, level + 1);
            }

            html.Append("</li>\n");
        }

        Close(html, ref isList);
    }

    private static void Close(StringBuilder html, ref bool isList)
    {
        if (isList)
        {
            html.Append("</ul>\n");
            isList = false;
        }
    }

    private static string Line(SrContentItem item)
    {
        if (item.Target.Count > 0)
        {
            return $"see item {string.Join('.', item.Target)}";
        }

        var value = Value(item);
        return item.Name is not { Meaning.Length: > 0 } name ? value : value.Length == 0 ? name.Meaning : $"{name.Meaning}: {value}";
    }

    private static string Value(SrContentItem item) => item.Type switch
    {
        SrValueType.Container => "",
        SrValueType.Num => item.Text is null ? item.Qualifier?.Meaning ?? "" : item.Code is { Value: not "1" } unit ? $"{item.Text} {unit.Value}" : item.Text,
        SrValueType.Code => item.Code?.Meaning ?? "",
        SrValueType.PName => Name(item.Text ?? ""),
        SrValueType.DateTime or SrValueType.Date => When(item.Text ?? ""),
        SrValueType.Time => DicomTime.TryParse(item.Text, out var time) ? time.First.ToString(item.Text!.Trim().Length > 4 ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture) : item.Text ?? "",
        SrValueType.Composite or SrValueType.Image or SrValueType.Waveform => item.Reference is { } r
            ? $"{DicomUids.NameOf(r.SopClassUid) ?? "instance"} {r.SopInstanceUid}{(r.Frames.Count > 0 ? " frame " + string.Join(", ", r.Frames) : "")}{(r.Channels.Count > 0 ? " channel " + Channels(r.Channels) : "")}"
            : "",
        SrValueType.SCoord or SrValueType.SCoord3D => $"{item.GraphicType} {string.Join(' ', item.GraphicData.Select(v => v.ToString(CultureInfo.InvariantCulture)))}",
        SrValueType.TCoord => item.Times is { } t
            ? $"{item.GraphicType} {string.Join(' ', t.Samples.Select(s => "sample " + s.ToString(CultureInfo.InvariantCulture)).Concat(t.Offsets.Select(o => o + " s")).Concat(t.DateTimes.Select(When)))}".Trim()
            : item.GraphicType ?? "",
        _ => item.Text ?? "",
    };

    private static string Channels(IReadOnlyList<int> channels) => string.Join(", ", channels.Chunk(2).Select(c => string.Join('.', c)));

    private static string Name(string name)
    {
        var parsed = PersonName.Parse(name);
        return string.Join(' ', new[] { parsed.Prefix, parsed.GivenName, parsed.MiddleName, parsed.FamilyName, parsed.Suffix }.Where(p => p.Length > 0));
    }

    /// <summary>20240229103000 as 2024-02-29 10:30; anything else as it stands.</summary>
    private static string When(string text) =>
        text.Length >= 12 && text.AsSpan(0, 12).IndexOfAnyExceptInRange('0', '9') < 0 ? $"{text[..4]}-{text[4..6]}-{text[6..8]} {text[8..10]}:{text[10..12]}"
        : text.Length == 8 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? $"{text[..4]}-{text[4..6]}-{text[6..8]}"
        : text;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
