namespace SecondOpinion.Cases.Result;

/// <summary>Lays a review out as A4 pages: what was asked and answered first, then the assessment, the findings, and who signs.</summary>
public static class ReportPdf
{
    private const double Margin = 54;
    private const double Inner = PdfCanvas.Width - (2 * Margin);
    private const double Top = 96;
    private const double Bottom = PdfCanvas.Height - 62;
    private const double LabelWidth = 132;

    private const int Ink = 0x17212B;
    private const int Muted = 0x5A6875;
    private const int Accent = 0x0A5A7A;
    private const int Alert = 0x9A3412;
    private const int Rule = 0xD3DCE3;
    private const int Tint = 0xF0F6F9;
    private const int Paper = 0xF7F9FA;

    private static readonly TextStyle TitleText = new(20, 700, Ink, LineSpacing: 1.1);
    private static readonly TextStyle Body = new(9.6, 400, Ink, LineSpacing: 1.28);
    private static readonly TextStyle Strong = new(9.6, 700, Ink);
    private static readonly TextStyle Label = new(8.4, 400, Muted);
    private static readonly TextStyle Eyebrow = new(7.6, 700, Accent);
    private static readonly TextStyle Lead = new(11.6, 500, Ink, LineSpacing: 1.3);
    private static readonly TextStyle Heading = new(11.6, 700, Accent);
    private static readonly TextStyle Small = new(7.8, 400, Muted, LineSpacing: 1.22);

    /// <summary>Longest text that one field takes on the page; the rest is in the resources.</summary>
    private const int MaxText = 20_000;

    /// <summary>The PDF.</summary>
    /// <exception cref="PdfUnavailableException">pango or cairo is missing.</exception>
    public static byte[] Render(ReportDocument document)
    {
        // The foot says how many pages there are, which the first run finds out.
        Render(document, 0, out var pages);
        return Render(document, pages, out _);
    }

    private static byte[] Render(ReportDocument document, int pages, out int written)
    {
        using var page = new PdfCanvas(Top, Bottom, p => Frame(p, document, pages));
        page.Describe($"{document.Title}: {document.PatientName}", document.Reviewer, $"{document.ReportReference}, {document.OrderReference}", document.SignedAt);
        Opening(page, document);
        QuestionAndAnswer(page, document);
        Facts(page, "Assessment", document.Assessment);
        Findings(page, document.Findings);
        Paragraph(page, "In plain words", document.PlainSummary);
        Paragraph(page, "Original interpretation", document.OriginalInterpretation);
        Paragraph(page, "Treatment plan under review", document.TreatmentPlan);
        Paragraph(page, "Images reviewed", string.Join('\n', document.Images));
        Paragraph(page, "Limits of this opinion", document.Limits, Small with { Size = 8.6 });
        Signature(page, document);
        written = page.Page;
        return page.Finish();
    }

    /// <summary>Head and foot: whose report this is, on each page.</summary>
    private static void Frame(PdfCanvas page, ReportDocument document, int pages)
    {
        page.Fill(0, 0, PdfCanvas.Width, 5, Accent);
        page.Draw("SECOND OPINION", Eyebrow with { Size = 8.4 }, Margin, 26, 160);
        page.Draw(Cut(document.ReadingOrganization), Label with { AlignsRight = true }, Margin + 160, 25.5, Inner - 160);
        page.Draw(OneLine(document.PatientName, 70), Strong with { Size = 10.4 }, Margin, 44, Inner * 0.5);
        var identity = Join("   ", Prefix("Born ", document.PatientBirthDate), document.PatientSex, Prefix("ID ", document.PatientId));
        page.Draw(OneLine(identity, 90), Label with { AlignsRight = true, Color = Ink }, Margin + (Inner * 0.5), 45.5, Inner * 0.5);
        page.Fill(Margin, 66, Inner, 0.8, Rule);

        page.Fill(Margin, PdfCanvas.Height - 48, Inner, 0.8, Rule);
        page.Draw($"{document.ReportReference}   ·   {document.OrderReference}", Small with { Size = 7.2 }, Margin, PdfCanvas.Height - 40, Inner - 90);
        var number = pages == 0 ? $"Page {page.Page}" : $"Page {page.Page} of {pages}";
        page.Draw(number, Small with { AlignsRight = true }, PdfCanvas.Width - Margin - 90, PdfCanvas.Height - 40.5, 90);
    }

    private static void Opening(PdfCanvas page, ReportDocument document)
    {
        page.Y = Top - 8;
        page.Flow(Cut(document.Title), TitleText, Margin, Inner);
        page.Y += 3;
        page.Flow(Join("   ·   ", document.Status, Prefix("Issued ", document.Issued), document.Reviewer), Label with { Size = 9.2 }, Margin, Inner);
        page.Y += 12;
        var half = (Inner - 20) / 2;
        var left = new[] { ("Requested by", Join(", ", document.Requester, document.RequestingOrganization)), ("Order number", document.OrderNumber), ("Accession", document.Accession) };
        var right = new[] { ("Read by", Join(", ", document.Reviewer, document.ReadingOrganization)), ("Tooth or region", document.Region) };
        var start = page.Y;
        var end = Math.Max(Column(page, left, Margin, start, half), Column(page, right, Margin + half + 20, start, half));
        page.Y = end + 12;
    }

    private static double Column(PdfCanvas page, (string Label, string Value)[] rows, double x, double y, double width)
    {
        foreach (var (label, value) in rows)
        {
            if (value.Length > 0)
            {
                page.Draw(label, Label, x, y + 0.9, 78);
                y += page.Draw(OneLine(value, 220), Body with { LineSpacing = 1.18 }, x + 82, y, width - 82) + 4;
            }
        }

        return y;
    }

    private static void QuestionAndAnswer(PdfCanvas page, ReportDocument document)
    {
        Panel(page, "QUESTION", Join("\n", Cut(document.Question), Cut(document.History)), Body, Paper, Rule);
        page.Y += 8;
        Panel(page, "ANSWER", Cut(document.Answer), Lead, Tint, Accent);
        page.Y += 18;
    }

    /// <summary>A tinted panel with a coloured edge. It grows line by line, so that a long answer may run over pages.</summary>
    private static void Panel(PdfCanvas page, string eyebrow, string text, TextStyle style, int fill, int edge)
    {
        if (text.Length == 0)
        {
            return;
        }

        void Band(double y, double height)
        {
            page.Fill(Margin, y, Inner, height + 0.4, fill);
            page.Fill(Margin, y, 3, height + 0.4, edge);
        }

        page.Keep(58);
        Band(page.Y, 22);
        page.Draw(eyebrow, Eyebrow, Margin + 16, page.Y + 9, Inner - 32);
        page.Y += 22;
        page.Flow(text, style, Margin + 16, Inner - 32, Band);
        Band(page.Y, 10);
        page.Y += 10;
    }

    private static void Facts(PdfCanvas page, string heading, IReadOnlyList<ReportFact> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        Head(page, heading, 40);
        foreach (var fact in facts)
        {
            Row(page, fact, Margin, LabelWidth, Inner);
            page.Fill(Margin, page.Y, Inner, 0.5, Rule);
            page.Y += 4;
        }

        page.Y += 12;
    }

    private static void Row(PdfCanvas page, ReportFact fact, double x, double labelWidth, double width)
    {
        var style = fact.Tone == ReportTone.Attention ? Strong with { Color = Alert } : Body;
        var value = Cut(fact.Value);
        var height = page.Measure(value, style, width - labelWidth);
        page.Keep(Math.Min(height, 200) + 4);
        page.Draw(fact.Label, Label, x, page.Y + 1, labelWidth - 8);
        page.Flow(value, style, x + labelWidth, width - labelWidth);
        page.Y += 3;
    }

    private static void Findings(PdfCanvas page, IReadOnlyList<ReportFinding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        Head(page, "Findings", 96);
        var number = 1;
        foreach (var finding in findings)
        {
            var title = Join(": ", finding.Site, finding.Name);
            // A finding's head, text and first facts stay together.
            page.Keep(Math.Min(220, page.Measure(title, Strong, Inner - 24) + page.Measure(Cut(finding.Text) + " ", Body, Inner - 24) + 14 + (finding.Facts.Count * 15)));
            page.Draw(number.ToString(System.Globalization.CultureInfo.InvariantCulture), Strong with { Color = Accent, Size = 10.6 }, Margin, page.Y - 0.8, 20);
            page.Flow(Cut(title), Strong with { Size = 10.2 }, Margin + 24, Inner - 24);
            page.Y += 2;
            if (finding.Text.Length > 0)
            {
                page.Flow(Cut(finding.Text), Body, Margin + 24, Inner - 24);
                page.Y += 3;
            }

            foreach (var fact in finding.Facts)
            {
                Row(page, fact, Margin + 24, LabelWidth - 24, Inner - 24);
            }

            page.Y += 7;
            number++;
        }

        page.Y += 7;
    }

    private static void Paragraph(PdfCanvas page, string heading, string text, TextStyle? style = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        Head(page, heading, 32);
        page.Flow(Cut(text), style ?? Body, Margin, Inner);
        page.Y += 14;
    }

    private static void Head(PdfCanvas page, string heading, double following)
    {
        page.Keep(24 + following);
        page.Flow(heading, Heading, Margin, Inner);
        page.Y += 5;
    }

    private static void Signature(PdfCanvas page, ReportDocument document)
    {
        var lines = string.Join('\n', document.Credentials.Take(12));
        page.Keep(86 + page.Measure(lines, Label, Inner));
        page.Y += 4;
        page.Fill(Margin, page.Y, Inner, 1.2, Accent);
        page.Y += 10;
        page.Flow(OneLine(document.Reviewer, 120), Strong with { Size = 11 }, Margin, Inner);
        if (lines.Length > 0)
        {
            page.Flow(lines, Label with { LineSpacing = 1.25 }, Margin, Inner);
        }

        page.Flow(OneLine(document.ReadingOrganization, 160), Label, Margin, Inner);
        page.Y += 6;
        var time = document.SignedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
        page.Flow(
            document.KeyId.Length == 0
                ? $"Released {time}; no electronic signature."
                : $"Electronically signed {time} with key {document.KeyId} (ES384). The signature is in the report's Provenance and can be checked by anyone who has the published key.",
            Small, Margin, Inner);
    }

    private static string Prefix(string prefix, string text) => text.Length == 0 ? "" : prefix + text;

    private static string Join(string separator, params ReadOnlySpan<string> parts)
    {
        var result = "";
        foreach (var part in parts)
        {
            result = part.Length == 0 ? result : result.Length == 0 ? part : result + separator + part;
        }

        return result;
    }

    private static string OneLine(string text, int length)
    {
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length <= length ? text : text[..length].TrimEnd() + "…";
    }

    private static string Cut(string text) => text.Length <= MaxText ? text.Trim() : text[..MaxText] + "… (cut; the whole text is in the report resource)";
}
