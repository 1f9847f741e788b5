using System.Reflection;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Intake;

/// <summary>One tooth in the systems that orders use.</summary>
/// <param name="Fdi">ISO 3950, for example 36.</param>
/// <param name="Universal">ADA Universal, 1-32 and A-T.</param>
/// <param name="Snomed">SNOMED CT structure of DICOM CID 4018 and 4019.</param>
public sealed record Tooth(string Fdi, string Universal, string Snomed, string Name)
{
    public override string ToString() => $"Tooth {Universal} (FDI {Fdi})";
}

/// <summary>The 52 teeth.</summary>
public static class Teeth
{
    private static readonly IReadOnlyList<Tooth> All = Load();

    /// <summary>The tooth that a body site names by a Universal, FDI or SNOMED CT code; null when it names none.</summary>
    public static Tooth? Find(FhirNode bodySite)
    {
        foreach (var coding in bodySite.All("coding"))
        {
            var code = coding.Text("code");
            var found = coding.Text("system") switch
            {
                CaseCodes.UniversalTooth => All.FirstOrDefault(t => t.Universal == code),
                "http://terminology.hl7.org/CodeSystem/ex-tooth" or "urn:iso:std:iso:3950" => All.FirstOrDefault(t => t.Fdi == code),
                CaseCodes.Snomed => All.FirstOrDefault(t => t.Snomed == code),
                _ => null,
            };
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    // teeth.csv: fdi,universal,snomed,name; DICOM CID 4018 and 4019.
    private static List<Tooth> Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("teeth.csv")!);
        var teeth = new List<Tooth>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            teeth.Add(new Tooth(cells[0], cells[1], cells[2], cells[3]));
        }

        return teeth;
    }
}
