using System.Globalization;
using System.Text.Json;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Oracle;

/// <summary>Our JSON against dcmtk's of the same file (PS3.18 F.2).</summary>
public sealed class Dcm2jsonTests
{
    [Fact]
    public void Our_JSON_says_what_dcm2json_says()
    {
        Requires.Tool("dcm2json");
        using var folder = new TemporaryFolder();
        var names = new List<string>();
        foreach (var (path, file) in RoundTripTests.Varied())
        {
            // This dcm2json reads only UTF-8 and ASCII, and refuses encapsulated pixel data.
            if (!file.TransferSyntax.IsEncapsulated && file.Dataset.CharacterSet.CanEncode("é"))
            {
                file.Dataset.UseUtf8();
            }

            if (!file.TransferSyntax.IsEncapsulated)
            {
                file.Dataset.Remove(DicomTags.PixelData);
                var name = Path.Combine(folder.Path, $"{names.Count}-{Path.GetFileName(path)}");
                File.WriteAllBytes(name, RoundTripTests.Written(file, DicomUids.ExplicitVRLittleEndian, undefinedLengths: false));
                names.Add(name);
            }
        }

        Shell.Run("/bin/sh", "-c", "cd \"$1\" && for f in *; do dcm2json -ll off \"$f\" \"$f.json\"; done", "sh", folder.Path);
        var compared = 0;
        var wrong = new List<string>();
        foreach (var name in names.Where(n => File.Exists(n + ".json") && new FileInfo(n + ".json").Length > 0))
        {
            using var theirs = JsonDocument.Parse(File.ReadAllBytes(name + ".json"));
            using var ours = JsonDocument.Parse(DicomJson.ToArray(DicomFile.Read(File.ReadAllBytes(name)).Dataset));
            CompareDatasets(ours.RootElement, theirs.RootElement, Path.GetFileName(name), wrong);
            compared++;
        }

        Assert.True(compared > 40, $"only {compared} of {names.Count} files were compared");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(50)));
    }

    private static void CompareDatasets(JsonElement ours, JsonElement theirs, string path, List<string> wrong)
    {
        var rest = theirs.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        foreach (var attribute in ours.EnumerateObject())
        {
            var name = $"{path} {attribute.Name}";
            if (!rest.Remove(attribute.Name, out var other))
            {
                wrong.Add(name + " is only ours");
                continue;
            }

            if (attribute.Value.GetProperty("vr").GetString() != other.GetProperty("vr").GetString())
            {
                wrong.Add(name + " has another VR");
            }

            // dcm2json names the character set of the file, not that of the document.
            if (attribute.Name != "00080005")
            {
                CompareValues(Values(attribute.Value), Values(other), name, attribute.Value.GetProperty("vr").GetString() == "FL", wrong);
            }
        }

        wrong.AddRange(rest.Select(r => $"{path} {r.Key} {r.Value} is only theirs"));
    }

    private static void CompareValues(List<JsonElement> ours, List<JsonElement> theirs, string name, bool isFloat, List<string> wrong)
    {
        if (ours.Count != theirs.Count)
        {
            wrong.Add($"{name} has {ours.Count} values, theirs {theirs.Count}");
            return;
        }

        for (var i = 0; i < ours.Count; i++)
        {
            if (ours[i].ValueKind == JsonValueKind.Object && ours[i].EnumerateObject().Any(p => DicomTag.TryParse(p.Name, out _)))
            {
                CompareDatasets(ours[i], theirs[i], $"{name}/{(i + 1).ToString(CultureInfo.InvariantCulture)}", wrong);
            }
            else if (isFloat ? ours[i].GetSingle() != theirs[i].GetSingle() : Text(ours[i]) != Text(theirs[i]))
            {
                wrong.Add($"{name} is {ours[i]}, theirs {theirs[i]}");
            }
        }
    }

    private static List<JsonElement> Values(JsonElement attribute) =>
        attribute.TryGetProperty("Value", out var values) ? [.. values.EnumerateArray().Where(v => !IsEmptyName(v))]
        : attribute.TryGetProperty("InlineBinary", out var inline) && inline.GetString()!.Length > 0 ? [inline] : [];

    /// <summary>dcmtk leaves names out that are only delimiters.</summary>
    private static bool IsEmptyName(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("Alphabetic", out var name) && name.GetString()!.Trim('^', '=', ' ').Length == 0;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Number => value.GetDouble().ToString("G15", CultureInfo.InvariantCulture),
        JsonValueKind.Object => string.Join(';', value.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetString()!.Trim().TrimEnd('^')}")),
        _ => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("G15", CultureInfo.InvariantCulture) // dcmtk's last digits are not exact
            : value.GetString()!.Trim(' ', '\0'),
    };
}
