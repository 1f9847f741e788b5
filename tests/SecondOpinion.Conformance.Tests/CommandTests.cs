using System.Text.Json.Nodes;
using SecondOpinion.Dicom;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>The commands that look into files, as a person runs them.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string Bitewing = Path.Combine(Repository.Root, "docs", "examples", "bitewing.dcm");
    private static readonly string Order = Path.Combine(Repository.Root, "docs", "examples", "order-bundle.json");

    private readonly string _folder = ServerProcess.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_of_DICOM_files_becomes_one_JSON_file_each_and_what_is_not_DICOM_is_named()
    {
        var input = Directory.CreateDirectory(Path.Combine(_folder, "in", "below"));
        File.Copy(Bitewing, Path.Combine(input.FullName, "a.dcm"));
        File.WriteAllText(Path.Combine(input.FullName, "b.txt"), "not DICOM");

        var run = ServerProcess.Run("dicom", "json", Path.Combine(_folder, "in"), "--out", Path.Combine(_folder, "out"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("b.txt: the bytes are no DICOM file or data set at byte 0", run.Error);
        Assert.Contains("2 files, 1 failed", run.Error);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "out", "below", "a.dcm.json")))!;
        Assert.Equal("UI", (string?)json["00080018"]!["vr"]);
    }

    [Fact]
    public void Two_files_of_one_name_are_not_written_over_each_other_and_burned_in_names_are_warned_of()
    {
        var paths = new[] { "a", "b" }.Select(n => Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, n)).FullName, "i.dcm")).ToArray();
        var file = DicomFile.Read(File.ReadAllBytes(Bitewing));
        file.Dataset.Set(DicomTags.BurnedInAnnotation, "YES");
        Array.ForEach(paths, path => File.WriteAllBytes(path, file.ToArray()));

        var run = ServerProcess.Run("dicom", "anonymise", paths[0], paths[1], "--out", Path.Combine(_folder, "out"), "--key", "0123456789abcdef");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{paths[1]}: another input of the same name", run.Error);
        Assert.Contains($"{paths[0]}: look at the pixels", run.Error);
        Assert.Equal("YES", DicomFile.Read(File.ReadAllBytes(Path.Combine(_folder, "out", "i.dcm"))).Dataset.GetString(DicomTags.PatientIdentityRemoved));
    }

    [Fact]
    public void A_file_that_ends_too_early_is_dumped_as_far_as_it_goes()
    {
        var whole = File.ReadAllBytes(Bitewing);
        var cut = Path.Combine(_folder, "cut.dcm");
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);

        var run = ServerProcess.Run("dicom", "dump", cut);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("SOPInstanceUID", run.Output);
        Assert.Matches(@"cut\.dcm: the data end inside an element \[\(7FE0,0010\) PixelData\] at byte \d+", run.Error);
    }

    [Fact]
    public void Check_reads_the_pixels_too_when_asked()
    {
        var file = DicomFile.Read(File.ReadAllBytes(Bitewing));
        var broken = Path.Combine(_folder, "broken.dcm");
        file.Dataset.Set(DicomTags.Rows, 60000);
        File.WriteAllBytes(broken, file.ToArray());

        Assert.Equal(0, ServerProcess.Run("dicom", "check", broken).ExitCode);
        var run = ServerProcess.Run("dicom", "check", "--pixels", broken, Bitewing);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("broken.dcm: ", run.Error);
        Assert.Contains("2 files, 1 failed", run.Error);
    }

    [Theory]
    [InlineData("--frame", "0", "there is no frame 0: the file has 1, counted from 1")]
    [InlineData("--frame", "2", "there is no frame 2")]
    [InlineData("--window", "40", "'40' is not two numbers separated by ','")]
    [InlineData("--size", "0x5", "'0x5' is no size")]
    [InlineData("--quality", "0", "--quality is 1 to 100")]
    public void A_render_option_that_makes_no_sense_is_refused_by_name(string option, string value, string message)
    {
        var run = ServerProcess.Run("dicom", "render", Bitewing, Path.Combine(_folder, "x.png"), option, value);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Fact]
    public void Convert_leaves_the_output_alone_when_it_refuses_and_may_write_over_its_input()
    {
        var file = Path.Combine(_folder, "a.dcm");
        File.Copy(Bitewing, file);
        var before = File.ReadAllBytes(file);

        Assert.Equal(1, ServerProcess.Run("dicom", "convert", file, file, "--syntax", "1.2.3").ExitCode);
        Assert.Equal(before, File.ReadAllBytes(file));

        Assert.Equal(0, ServerProcess.Run("dicom", "convert", file, file, "--syntax", DicomUids.RLELossless).ExitCode);
        Assert.Equal(DicomUids.RLELossless, DicomFile.Read(File.ReadAllBytes(file)).TransferSyntaxUid);
    }

    [Fact]
    public void Validate_prints_one_line_an_issue_with_file_line_and_expression()
    {
        var file = Path.Combine(_folder, "p.json");
        File.WriteAllText(file, "{\"resourceType\":\"Patient\",\n\"gender\":\"x\"}");

        var run = ServerProcess.Run("fhir", "validate", file, Order);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("p.json:2:1: error code-invalid [binding-required] Patient.gender: 'x'", run.Output);
        Assert.Contains("2 files, 1 failed", run.Error);
    }

    [Fact]
    public void Validate_against_a_profile_that_nobody_knows_is_an_error()
    {
        var run = ServerProcess.Run("fhir", "validate", "--profile", "http://example.org/unknown", Order);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'http://example.org/unknown' is not known", run.Error);
    }

    [Fact]
    public void Validate_knows_the_profiles_and_types_of_R4_itself()
    {
        var file = Path.Combine(_folder, "o.json");
        File.WriteAllText(file, """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""");

        var run = ServerProcess.Run("fhir", "validate", "--profile", "http://hl7.org/fhir/StructureDefinition/bp", "--profile", "http://hl7.org/fhir/StructureDefinition/Patient", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("[profile-min] Observation", run.Output);
        Assert.Contains("[profile-type] Observation: the profile http://hl7.org/fhir/StructureDefinition/Patient is for Patient, not for Observation", run.Output);
    }

    [Fact]
    public void Validate_takes_profiles_from_files()
    {
        var profile = Path.Combine(_folder, "profile.json");
        File.WriteAllText(profile, """
            {"resourceType":"StructureDefinition","url":"http://example.org/named","name":"Named","status":"active","kind":"resource","abstract":false,
             "type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
             "differential":{"element":[{"id":"Patient.name","path":"Patient.name","min":1}]}}
            """);
        var patient = Path.Combine(_folder, "p.json");
        File.WriteAllText(patient, """{"resourceType":"Patient"}""");

        var run = ServerProcess.Run("fhir", "validate", "--definitions", profile, "--profile", "http://example.org/named", patient);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("[profile-min] Patient", run.Output);
    }

    [Fact]
    public void Path_prints_one_line_a_value_and_elements_as_JSON()
    {
        var run = ServerProcess.Run("fhir", "path", "Bundle.type | Bundle.entry.request.first()", Order);
        Assert.Equal(0, run.ExitCode);
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("transaction", lines[0]);
        Assert.Equal("POST", (string?)JsonNode.Parse(lines[1])!["method"]);
    }

    [Fact]
    public void Index_prints_typed_values()
    {
        var file = Path.Combine(_folder, "p.json");
        File.WriteAllText(file, """{"resourceType":"Patient","gender":"female","birthDate":"1980-02","managingOrganization":{"reference":"Organization/o"}}""");

        var run = ServerProcess.Run("fhir", "index", file);

        Assert.Equal(0, run.ExitCode);
        var values = JsonNode.Parse(run.Output)!.AsArray();
        JsonNode One(string parameter) => values.Single(v => (string?)v!["parameter"] == parameter)!;
        Assert.Equal("female", (string?)One("gender")["code"]);
        Assert.Equal("token", (string?)One("gender")["type"]);
        Assert.Equal("1980-02-01T00:00:00Z", (string?)One("birthdate")["from"]);
        Assert.Equal("1980-03-01T00:00:00Z", (string?)One("birthdate")["before"]);
        Assert.Equal("Organization/o", (string?)One("organization")["reference"]);
    }
}
