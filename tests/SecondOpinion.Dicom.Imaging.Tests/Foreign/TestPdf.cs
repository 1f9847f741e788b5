using System.Text;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

/// <summary>A small PDF with shapes and a gradient of greys.</summary>
internal static class TestPdf
{
    public static byte[] Page(int pages = 1)
    {
        var content = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            content.Append(FormattableString.Invariant($"{i / 20.0:0.##} {1 - (i / 20.0):0.##} {i % 5 / 5.0:0.##} rg {i * 8} {i * 9} 60 40 re f "));
        }

        var objects = new List<string> { "<</Type/Catalog/Pages 2 0 R>>", $"<</Type/Pages/Count {pages}/Kids[{string.Join(' ', Enumerable.Range(0, pages).Select(i => $"{i + 4} 0 R"))}]>>", $"<</Length {content.Length}>>stream\n{content}\nendstream" };
        objects.AddRange(Enumerable.Range(0, pages).Select(_ => "<</Type/Page/Parent 2 0 R/MediaBox[0 0 210 220]/Contents 3 0 R/Resources<<>>>>"));
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            offsets.Add(file.Length);
            file.Append($"{i + 1} 0 obj{objects[i]}endobj\n");
        }

        var xref = file.Length;
        file.Append($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        offsets.ForEach(o => file.Append($"{o:0000000000} 00000 n \n"));
        file.Append($"trailer<</Size {objects.Count + 1}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
