using SecondOpinion.Cases.Result;
using SecondOpinion.Fhir;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Cases.Tests.Result;

public sealed class ReportPdfTests
{
    private static readonly FhirResource Organization = FhirResource.Parse("""{"resourceType":"Organization","id":"reading","name":"Nordlys Oral Radiology"}""");

    private static CaseFile File(FhirResource? report = null, FhirResource? patient = null, params FhirResource[] results) => new()
    {
        Order = Samples.OrderResource(),
        Report = report ?? Samples.Report(),
        Results = results.Length == 0 ? [Samples.Finding("finding1"), Samples.Assessment("The dark spot is a normal opening in the jaw. No root canal now; take another picture in six months.")] : results,
        Patient = patient ?? Samples.Patient(),
        Requester = FhirResource.Parse("""{"resourceType":"Practitioner","id":"dentist1","name":[{"family":"Lindqvist","given":["Maja"],"suffix":["DDS"]}]}"""),
        RequestingOrganization = FhirResource.Parse("""{"resourceType":"Organization","id":"practice","name":"Lakeside Dental"}"""),
        Interpreter = Samples.Reader,
        ReadingOrganization = Organization,
        Supporting =
        [
            FhirResource.Parse("""{"resourceType":"DocumentReference","id":"original1","status":"current","content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"UGVyaWFwaWNhbCByYWRpb2x1Y2VuY3kgYXQgIzE5LCBjb25zaXN0ZW50IHdpdGggYXBpY2FsIHBlcmlvZG9udGl0aXMuIFJvb3QgY2FuYWwgYWR2aXNlZC4="}}]}"""),
            FhirResource.Parse("""{"resourceType":"DocumentReference","id":"plan1","status":"current","category":[{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/supporting-document","code":"treatment-plan"}]}],"content":[{"attachment":{"contentType":"text/plain","data":"Um9vdCBjYW5hbCB0aGVyYXB5IGFuZCBjcm93biwgdG9vdGggIzE5Lg=="}}]}"""),
        ],
        Studies = [Samples.Study],
    };

    private static string Text(CaseFile file, out string folder, string name)
    {
        var tool = Requires.Tool("pdftotext");
        RequirePango();
        var pdf = ReportPdf.Render(ReportDocumentBuilder.Build(file, Samples.Now, "report-2026-1"));
        folder = Directory.CreateTempSubdirectory("interop-pdf-").FullName;
        var path = Path.Combine(folder, name + ".pdf");
        System.IO.File.WriteAllBytes(path, pdf);
        if (Environment.GetEnvironmentVariable("KEEP_PDF") is { Length: > 0 } keep)
        {
            System.IO.File.Copy(path, Path.Combine(keep, name + ".pdf"), true);
        }

        var text = Shell.Run(tool, "-layout", path, "-").Output;
        return text;
    }

    private static bool PangoCairoPresent()
    {
        try
        {
            return ReportPdf.Render(new ReportDocument { Title = "t", Status = "Final", Answer = "a", ReportReference = "r", OrderReference = "o" }).Length > 0;
        }
        catch (PdfUnavailableException)
        {
            return false;
        }
    }

    private static void RequirePango()
    {
        if (!PangoCairoPresent())
        {
            Requires.Missing("pango and cairo are not installed");
        }
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_report_tells_question_answer_findings_and_who_signed()
    {
        var text = Flat(Text(File(), out _, "plain"));
        foreach (var expected in new[]
        {
            "Second opinion: dental radiographs", "Adaeze Okafor", "Born 1984-03-09", "ID MRN-4711", "SO-2026-000123", "ACC-88421",
            "Is the dark area at the root tip of tooth 19 an infection?", "The dark area at tooth 19 is most likely the mental foramen.",
            "Tooth 19 (FDI 36): Periapical radiolucency", "Likely artifact", "85 %", "Probably not present", "Not supported", "Monitor",
            "Root canal therapy and crown, tooth #19.", "Periapical radiolucency at #19, consistent with apical periodontitis.",
            "Dr. Ingrid Haugen, DDS, MSc", "Diplomate in oral and maxillofacial radiology, No. OMR-2211", "NPI 1790873301", "Nordlys Oral Radiology",
            "Electronically signed 2026-11-21 08:05:00 UTC with key report-2026-1", "DiagnosticReport/report1", "ServiceRequest/order1", "Periapical mandible left, IO, 2026-11-10, 1 image",
        })
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        Assert.True(text.IndexOf("mental foramen", StringComparison.Ordinal) < text.IndexOf("Limits of this opinion", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_page_of_a_long_report_carries_the_patient_and_its_number()
    {
        var findings = Enumerable.Range(1, 32).Select(i => Samples.Finding("f" + i, i.ToString(), note: string.Join(' ', Enumerable.Repeat("The crest is level and the lamina dura is intact.", 1 + (i % 4))))).Append(Samples.Assessment()).ToArray();
        var pages = Text(File(results: findings), out _, "long").Split('\f', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(pages.Length, 3, 20);
        for (var i = 0; i < pages.Length; i++)
        {
            Assert.Contains("Adaeze Okafor", pages[i], StringComparison.Ordinal);
            Assert.Contains($"Page {i + 1} of {pages.Length}", Flat(pages[i]), StringComparison.Ordinal);
        }

        Assert.Contains("Tooth 32 (FDI 48)", Flat(string.Join(' ', pages)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_conclusion_longer_than_a_page_flows_on()
    {
        var text = Flat(Text(File(Samples.Report(conclusion: string.Concat(Enumerable.Range(0, 400).Select(i => $"Sentence number {i} of the answer. ")))), out _, "answer"));
        Assert.Contains("Sentence number 0 of", text, StringComparison.Ordinal);
        Assert.Contains("Sentence number 399 of", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("greek", "Παπαδόπουλος", "Το ριζικό άκρο είναι φυσιολογικό.")]
    [InlineData("cyrillic", "Щербаков", "Признаков воспаления нет.")]
    [InlineData("hebrew", "כהן", "אין סימני דלקת")]
    [InlineData("arabic", "العلي", "لا توجد علامات التهاب")]
    [InlineData("devanagari", "शर्मा", "संक्रमण नहीं")]
    [InlineData("vietnamese", "Nguyễn", "Không có dấu hiệu viêm.")]
    public void Other_scripts_are_shaped_and_stay_text(string name, string family, string conclusion)
    {
        var text = Text(File(Samples.Report(conclusion: conclusion), Samples.Patient(family, "A")), out _, name);
        // Text extraction may order runs of a right-to-left line and compose letters in its own way; every word must be there.
        var letters = text.Normalize(System.Text.NormalizationForm.FormKC);
        foreach (var word in conclusion.Split(' '))
        {
            var wanted = word.Trim('.').Normalize(System.Text.NormalizationForm.FormKC);
            Assert.True(letters.Contains(wanted, StringComparison.Ordinal) || wanted.All(c => letters.Contains(c)), word);
        }
    }

    [Fact]
    public void Fonts_are_embedded_and_the_title_is_set()
    {
        var info = Requires.Tool("pdfinfo");
        var fonts = Requires.Tool("pdffonts");
        Text(File(), out var folder, "fonts");
        var path = Path.Combine(folder, "fonts.pdf");
        Assert.Contains("Second opinion: dental radiographs: Adaeze Okafor", Shell.Run(info, path).Output, StringComparison.Ordinal);
        Assert.Contains("A4", Shell.Run(info, path).Output, StringComparison.Ordinal);
        var rows = Shell.Run(fonts, path).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches(@"\syes\s+(yes|no)\s+(yes|no)\s", row));
    }

    [Fact]
    public void Control_characters_and_lone_surrogates_do_no_harm()
    {
        RequirePango();
        var document = new ReportDocument { Title = "a\0b\uD800\u001b[0m", Status = "Final", Answer = "x\0y\u202Ez", ReportReference = "DiagnosticReport/1", OrderReference = "ServiceRequest/1" };
        Assert.NotEmpty(ReportPdf.Render(document));
    }
}
