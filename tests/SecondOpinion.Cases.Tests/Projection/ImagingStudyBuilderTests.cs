using SecondOpinion.Cases.Projection;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Projection;

public sealed class ImagingStudyBuilderTests
{
    private static readonly StudyPlace Place = new("Patient/patient1", ["ServiceRequest/order1"], "Endpoint/dicomweb-practice");

    [Fact]
    public void A_study_is_projected_whole()
    {
        var study = ImagingStudyBuilder.Build(Samples.Study, Place);
        Assert.DoesNotContain(FhirValidator.Validate(study), i => i.IsError);
        Assert.Equal(CaseCodes.ImagingStudyProfile, study.Root["meta"].Text("profile"));
        var root = study.Root;
        Assert.Equal(["urn:dicom:uid|urn:oid:1.2.3.4", "ACC-88421"], root.Identifiers().Select(i => i.ToString()));
        Assert.Equal("2026-11-10T09:30:00+01:00", root.Text("started"));
        Assert.Equal(("IO", "Patient/patient1", "ServiceRequest/order1", "Endpoint/dicomweb-practice", "1", "1"), (
            root["modality"].Text("code"), root["subject"].Text("reference"), root["basedOn"].Text("reference"), root["endpoint"].Text("reference"), root.Text("numberOfSeries"), root.Text("numberOfInstances")));
        var instance = root["series"]["instance"];
        Assert.Equal(("1.2.3.4.1.1", "urn:oid:1.2.840.10008.5.1.4.1.1.1.3", "1"), (instance.Text("uid"), instance["sopClass"].Text("code"), instance.Text("number")));
        Assert.StartsWith("Digital Intra-Oral", instance.Text("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_says_in_words_what_it_is()
    {
        var text = ImagingStudyBuilder.Build(Samples.Study with { Description = "Molar <left> & right" }, Place).Root["text"];

        Assert.Equal("generated", text.Text("status"));
        Assert.Contains("<td>Molar &lt;left&gt; &amp; right</td>", text.Text("div"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_known_patient_the_subject_is_a_logical_reference()
    {
        var subject = ImagingStudyBuilder.Build(Samples.Study with { IssuerOfPatientId = "1.2.3" }, Place with { Patient = null }).Root["subject"];
        Assert.Equal(("MRN-4711", "urn:oid:1.2.3", "Adaeze Okafor", null), (subject["identifier"].Text("value"), subject["identifier"].Text("system"), subject.Text("display"), subject.Text("reference")));
        var local = ImagingStudyBuilder.Build(Samples.Study with { IssuerOfPatientId = "CLINIC" }, Place with { Patient = null });
        Assert.Equal("CLINIC", local.Root["subject"]["identifier"]["assigner"].Text("display"));
        Assert.DoesNotContain(FhirValidator.Validate(local), i => i.IsError);
    }

    [Fact]
    public void Bare_and_odd_studies_give_valid_resources()
    {
        foreach (var study in new[]
        {
            new StudyFacts { StudyInstanceUid = "1.2" },
            new StudyFacts { StudyInstanceUid = "1.2", StudyDate = "20261399", StudyTime = "99", TimezoneOffset = "x", PatientName = "^^", Description = "  ", Series = [new SeriesFacts { SeriesInstanceUid = "1.2.1", Number = -3, BodyPart = " JAW  LEFT ", Laterality = "L", Instances = [new InstanceFacts("1.2.1.1", "1.2.3", -1, null)] }] },
        })
        {
            Assert.DoesNotContain(FhirValidator.Validate(ImagingStudyBuilder.Build(study, Place with { Patient = null, Orders = [] })), i => i.IsError);
        }
    }

    [Theory]
    [InlineData("20261110", "093000.123", "+0100", "2026-11-10T09:30:00+01:00")]
    [InlineData("20261110", "0930", "", "2026-11-10T09:30:00Z")]
    [InlineData("20261110", "", "-0500", "2026-11-10")]
    [InlineData("20261110", "093000", "+9900", "2026-11-10T09:30:00Z")]
    [InlineData("2026", "0930", "", null)]
    [InlineData("", "", "", null)]
    public void Dates_and_times_become_dateTimes(string date, string time, string zone, string? expected) => Assert.Equal(expected, DicomTimes.ToFhir(date, time, zone));

    [Theory]
    [InlineData("Okafor^Adaeze", "Adaeze Okafor")]
    [InlineData("Doe^Jane^Q^Dr.^MD=X^Y", "Dr. Jane Q Doe MD")]
    [InlineData("Mono", "Mono")]
    [InlineData("", "")]
    public void Names_read_as_people_write_them(string name, string expected) => Assert.Equal(expected, DicomTimes.HumanName(name));

    [Fact]
    public void The_endpoint_is_the_WADO_RS_base()
    {
        var endpoint = EndpointBuilder.Build("practice", new CaseOptions { DicomWebBase = "https://images.example/dicomweb/" });
        Assert.DoesNotContain(FhirValidator.Validate(endpoint), i => i.IsError);
        Assert.Equal("https://images.example/dicomweb", endpoint.Root.Text("address"));
    }
}
