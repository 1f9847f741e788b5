using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Architecture.Tests;

/// <summary>Who may reference whom (docs/architecture.md). The table is the rule; project files and compiled assemblies are held to it.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Dicom"] = [],
        ["Dicom.Imaging"] = ["Dicom"],
        ["Fhir"] = [],
        ["Cases"] = ["Dicom", "Dicom.Imaging", "Fhir"],
        ["Security"] = ["Fhir"],
        ["Storage"] = ["Dicom", "Fhir", "Cases"],
        ["DicomWeb"] = ["Dicom", "Dicom.Imaging", "Fhir", "Cases", "Security", "Storage"],
        ["FhirRest"] = ["Fhir", "Cases", "Security", "Storage"],
        ["Interop"] = ["Dicom", "Dicom.Imaging", "Fhir", "Cases", "Security", "Storage", "DicomWeb", "FhirRest"],
    };

    /// <summary>Libraries that take nothing but the base class library.</summary>
    private static readonly string[] BclOnly = ["Dicom", "Dicom.Imaging", "Fhir", "Security"];

    public static TheoryData<string> Projects => new(Allowed.Keys);

    [Fact]
    public void Every_project_below_src_has_a_rule()
    {
        var found = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(f => Short(Path.GetFileNameWithoutExtension(f))).Order(StringComparer.Ordinal);
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_file_references_only_what_the_design_allows(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, "src", Full(project), Full(project) + ".csproj"))
            .Descendants("ProjectReference").Select(r => Short(Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)));
        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_references_only_what_the_design_allows(string project)
    {
        Assert.Empty(AssemblyReferences(project).Where(IsOurs).Select(Short).Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Bcl_only_libraries_reference_no_package_and_no_web(string project)
    {
        if (!BclOnly.Contains(project))
        {
            return;
        }

        var foreign = AssemblyReferences(project).Where(r => !IsOurs(r) && (!(r.StartsWith("System.", StringComparison.Ordinal) || r == "Microsoft.Win32.Primitives") || r.StartsWith("System.IdentityModel", StringComparison.Ordinal)));
        Assert.Empty(foreign);
    }

    [Fact]
    public void DicomWeb_and_FhirRest_never_see_each_other()
    {
        Assert.DoesNotContain("SecondOpinion.FhirRest", AssemblyReferences("DicomWeb"));
        Assert.DoesNotContain("SecondOpinion.DicomWeb", AssemblyReferences("FhirRest"));
    }

    /// <summary>Guards the guard: a reference that no rule allows is noticed.</summary>
    [Fact]
    public void A_forbidden_reference_would_be_found()
    {
        Assert.Contains("SecondOpinion.Storage", AssemblyReferences("Interop"));
        Assert.DoesNotContain("Storage", Allowed["Cases"]);
    }

    private static List<string> AssemblyReferences(string project)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, Full(project) + ".dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static bool IsOurs(string name) => name.StartsWith("SecondOpinion.", StringComparison.Ordinal);

    private static string Short(string name) => name["SecondOpinion.".Length..];

    private static string Full(string name) => "SecondOpinion." + name;
}
