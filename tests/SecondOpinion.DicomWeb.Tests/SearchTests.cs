using System.Net;
using System.Text.Json;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

public sealed class SearchTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Fact]
    public async Task A_study_result_holds_every_required_attribute_in_tag_order()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        await client.StoreAsync(image.File());

        var study = Assert.Single(await client.SearchAsync("/dicomweb/studies"));

        // PS3.18 table 10.6.3-3, with the optional Available Transfer Syntax and Description left out
        string[] expected =
        [
            "00080005", "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00081190", "00100010", "00100020", "00100030", "00100040", "0020000D", "00200010", "00201206", "00201208",
        ];
        Assert.Equal(expected, study.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ISO_IR 192", study.Value("00080005"));
        Assert.Equal("IO", study.Value("00080061"));
        Assert.Equal("Müller^Jörg", study.Value("00100010"));
        Assert.Equal("山田^太郎", study.GetProperty("00100010").GetProperty("Value")[0].GetProperty("Ideographic").GetString());
        Assert.EndsWith("/dicomweb/studies/" + image.Study(), study.Value("00081190"));
        Assert.Equal("1", study.Value("00201206"));
    }

    [Fact]
    public async Task Series_and_instance_results_hold_their_attributes_and_those_above()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image(frames: 2);
        await client.StoreAsync(image.File());

        var series = Assert.Single(await client.SearchAsync("/dicomweb/series"));
        var nested = Assert.Single(await client.SearchAsync($"/dicomweb/studies/{image.Study()}/series"));
        var instance = Assert.Single(await client.SearchAsync("/dicomweb/instances"));
        var inSeries = Assert.Single(await client.SearchAsync($"/dicomweb/studies/{image.Study()}/series/{image.GetString(DicomTags.SeriesInstanceUID)}/instances"));

        Assert.Equal("P-1", series.Value("00100020"));
        Assert.Equal("1", series.Value("00201209"));
        Assert.False(nested.TryGetProperty("00100020", out _));
        Assert.Equal("IO", nested.Value("00080060"));
        Assert.Equal("2", instance.Value("00280008"));
        Assert.Equal("8", instance.Value("00280100"));
        Assert.Equal("P-1", instance.Value("00100020"));
        Assert.Equal(image.GetString(DicomTags.SOPInstanceUID), inSeries.Value("00080018"));
        Assert.Equal("1.2.840.10008.1.2.1", inSeries.Value("00083002"));
        Assert.EndsWith(image.InstancePath(), inSeries.Value("00081190"));
    }

    public static TheoryData<string, bool> Queries => new()
    {
        { "PatientID=P-1", true },
        { "00100020=P-1", true },
        { "PatientID=p-1", false },
        { "PatientID=P*", true },
        { "PatientID=?-1", true },
        { "PatientID=P_1", false },
        { "PatientID=P%25", false },
        { "PatientID=*", true },
        { "PatientID=", true },
        { "PatientName=m%C3%BCller%5Ej%C3%B6rg", true },
        { "PatientName=MULLER", true },
        { "PatientName=Mull", false },
        { "PatientName=Mull*", true },
        { "PatientName=*rg", true },
        { "PatientName=Muller%5EJ", false },
        { "PatientName=Muller%5EJ*", true },
        { "PatientName=%E5%B1%B1%E7%94%B0", true },
        { "PatientName=%E5%B1%B1%E7%94%B0%5E%E5%A4%AA%E9%83%8E", true },
        { "ReferringPhysicianName=wohler", true },
        { "StudyDate=20260214", true },
        { "StudyDate=20260101-20260331", true },
        { "StudyDate=20260215-", false },
        { "StudyDate=-20260214", true },
        { "StudyDate=20260213-20260213", false },
        { "StudyDate=202602", true },
        { "StudyTime=101530", true },
        { "StudyTime=1015", true },
        { "StudyTime=1000-1100", true },
        { "StudyTime=101530.01-", false },
        { "StudyTime=-101529", false },
        { "StudyTime=101530-101530", true },
        { "StudyDate=20260213-20260214&StudyTime=2000-1100", true },
        { "StudyDate=20260213-20260214&StudyTime=2000-1000", false },
        { "StudyDate=20260214-20260215&StudyTime=1016-0900", false },
        { "StudyDate=20260214-20260215&StudyTime=1015-0900", true },
        { "AccessionNumber=ACC-1", true },
        { "AccessionNumber=ACC-2", false },
        { "ModalitiesInStudy=IO", true },
        { "ModalitiesInStudy=I", false },
        { "ModalitiesInStudy=CT%5CIO", true },
        { "ModalitiesInStudy=CT,PX", false },
        { "StudyID=S1", true },
        { "StudyDescription=Bite*", true },
        { "PatientBirthDate=19800102", true },
        { "PatientSex=F", false },
        { "StudyInstanceUID=1.2.3,1.9.8", true },
        { "StudyInstanceUID=1.2.3%5C1.9.8", true },
        { "StudyInstanceUID=1.2", false },
        { "PatientID=P-1&StudyID=S2", false },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Study_keys_match_as_PS3_4_says(string query, bool isMatch)
    {
        var client = host.NewTenant();
        await client.StoreAsync(TestFiles.Image(study: "1.2.3").File());

        var found = await client.SearchAsync("/dicomweb/studies?" + query);

        Assert.Equal(isMatch ? 1 : 0, found.Length);
    }

    [Theory]
    [InlineData("/dicomweb/series?Modality=IO", true)]
    [InlineData("/dicomweb/series?Modality=CT", false)]
    [InlineData("/dicomweb/series?SeriesNumber=1", true)]
    [InlineData("/dicomweb/series?SeriesNumber=2", false)]
    [InlineData("/dicomweb/series?PatientID=P-1&Modality=I*", true)]
    [InlineData("/dicomweb/series?PerformedProcedureStepStartDate=20260214-", true)]
    [InlineData("/dicomweb/series?PerformedProcedureStepStartDate=20260214&PerformedProcedureStepStartTime=0900", true)]
    [InlineData("/dicomweb/series?RequestAttributesSequence.ScheduledProcedureStepID=SPS1", true)]
    [InlineData("/dicomweb/series?00400275.00401001=RP2", false)]
    [InlineData("/dicomweb/series?SeriesInstanceUID=1.2.3.1", true)]
    [InlineData("/dicomweb/instances?SOPInstanceUID=1.2.3.1.1", true)]
    [InlineData("/dicomweb/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.1.3", true)]
    [InlineData("/dicomweb/instances?InstanceNumber=1&Modality=IO&StudyDate=20260214", true)]
    [InlineData("/dicomweb/instances?InstanceNumber=7", false)]
    [InlineData("/dicomweb/instances?Rows=3", true)]
    [InlineData("/dicomweb/studies/1.2.3/instances?Modality=IO", true)]
    [InlineData("/dicomweb/studies/1.2.3/series/1.2.3.1/instances", true)]
    [InlineData("/dicomweb/studies/1.2.3/series/1.2.3.9/instances", false)]
    [InlineData("/dicomweb/studies/1.2.4/series", false)]
    public async Task Lower_levels_match_on_their_own_keys_and_those_above(string path, bool isMatch)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image(study: "1.2.3", series: "1.2.3.1", instance: "1.2.3.1.1")
            .Set(DicomTags.PerformedProcedureStepStartDate, "20260214")
            .Set(DicomTags.PerformedProcedureStepStartTime, "0900")
            .SetItems(DicomTags.RequestAttributesSequence, new DicomDataset().Set(DicomTags.ScheduledProcedureStepID, "SPS1").Set(DicomTags.RequestedProcedureID, "RP1"));
        await client.StoreAsync(image.File());

        Assert.Equal(isMatch ? 1 : 0, (await client.SearchAsync(path)).Length);
    }

    [Theory]
    [InlineData("NoSuchAttribute=1", "NoSuchAttribute")]
    [InlineData("PatientID=1&PatientID=2", "PatientID")]
    [InlineData("PatientID=1&00100020=1", "00100020")]
    [InlineData("StudyDate=tomorrow", "StudyDate")]
    [InlineData("StudyDate=20261301", "StudyDate")]
    [InlineData("StudyTime=2500", "StudyTime")]
    [InlineData("SeriesNumber=x", "SeriesNumber")]
    [InlineData("StudyInstanceUID=1.2.x", "StudyInstanceUID")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("offset=1&offset=2", "offset")]
    [InlineData("fuzzymatching=perhaps", "fuzzymatching")]
    [InlineData("includefield=all,PatientID", "includefield")]
    public async Task A_malformed_query_is_400_and_names_the_parameter(string query, string name)
    {
        var response = await host.NewTenant().GetAsync("/dicomweb/studies?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, (await DicomWebClient.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dicomweb/studies?fuzzymatching=true", "299 SecondOpinion: The fuzzymatching parameter is not supported. Only literal matching has been performed.")]
    [InlineData("/dicomweb/studies?emptyvaluematching=true", "299 SecondOpinion: The emptyvaluematching parameter is not supported. Only literal matching has been performed.")]
    [InlineData("/dicomweb/studies?PatientAge=030Y", "299 SecondOpinion: Matching on PatientAge is not supported for this resource. The key was not used for matching.")]
    [InlineData("/dicomweb/studies?Modality=CT", "299 SecondOpinion: Matching on Modality is not supported for this resource. The key was not used for matching.")]
    public async Task What_is_ignored_is_said(string path, string warning)
    {
        var client = host.NewTenant();
        await client.StoreAsync(TestFiles.Image().File());

        var response = await client.GetAsync(path);

        Assert.Equal(warning, Assert.Single(DicomWebClient.Warnings(response)));
        Assert.Equal(1, (await DicomWebClient.JsonAsync(response)).GetArrayLength());
    }

    [Fact]
    public async Task Nothing_found_is_200_with_an_empty_array()
    {
        var response = await host.NewTenant().GetAsync("/dicomweb/studies?PatientID=nobody");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("[]", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Pages_join_to_the_whole_and_say_how_much_is_left()
    {
        var client = host.NewTenant();
        await client.StoreAsync([.. Enumerable.Range(1, 53).Select(i => TestFiles.Image(study: $"1.2.{i}").File())]);

        var whole = await client.GetAsync("/dicomweb/studies");
        var pages = new List<string>();
        for (var offset = 0; offset < 60; offset += 20)
        {
            pages.AddRange((await client.SearchAsync($"/dicomweb/studies?limit=20&offset={offset}")).Select(s => s.Value("0020000D")!));
        }

        Assert.Equal("299 SecondOpinion: There are 3 additional results that can be requested", Assert.Single(DicomWebClient.Warnings(whole)));
        Assert.Equal(50, (await DicomWebClient.JsonAsync(whole)).GetArrayLength());
        Assert.Equal(53, pages.Distinct().Count());
        Assert.Equal(53, pages.Count);
        Assert.Empty(await client.SearchAsync("/dicomweb/studies?limit=0"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.GetAsync("/dicomweb/studies?offset=100000000")).StatusCode);
    }

    [Fact]
    public async Task Fields_asked_for_are_returned_from_columns_and_from_metadata()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image().Set(DicomTags.PatientAge, "046Y").Set(DicomTags.BodyPartExamined, "JAW").Set(DicomTags.KVP, 65.0).Set(DicomTags.ImageComments, "größer");
        await client.StoreAsync(image.File());

        var study = Assert.Single(await client.SearchAsync("/dicomweb/studies?includefield=StudyDescription,00101010&includefield=KVP"));
        var series = Assert.Single(await client.SearchAsync($"/dicomweb/studies/{image.Study()}/series?includefield=BodyPartExamined&includefield=PatientName"));
        var instance = Assert.Single(await client.SearchAsync($"/dicomweb/studies/{image.Study()}/instances?includefield=KVP,ImageComments"));
        var all = Assert.Single(await client.SearchAsync("/dicomweb/instances?includefield=all"));

        Assert.Equal("Bitewings", study.Value("00081030"));
        Assert.Equal("046Y", study.Value("00101010"));
        Assert.False(study.TryGetProperty("00180060", out _));
        Assert.Equal("JAW", series.Value("00180015"));
        Assert.Equal("Müller^Jörg", series.Value("00100010"));
        Assert.Equal("65", instance.Value("00180060"));
        Assert.Equal("größer", instance.Value("00204000"));
        Assert.Equal("JAW", all.Value("00180015"));
        Assert.Equal("1", all.Value("00280002"));
    }

    [Fact]
    public async Task Later_instances_fill_what_earlier_ones_left_empty_and_count()
    {
        var client = host.NewTenant();
        var first = TestFiles.Image(study: "1.2.3").SetEmpty(DicomTags.AccessionNumber);
        var second = TestFiles.Image(study: "1.2.3").Set(DicomTags.Modality, "PX").Set(DicomTags.PatientID, "other");
        await client.StoreAsync(first.File());
        await client.StoreAsync(second.File());

        var study = Assert.Single(await client.SearchAsync("/dicomweb/studies"));

        Assert.Equal("ACC-1", study.Value("00080050"));
        Assert.Equal("P-1", study.Value("00100020"));
        Assert.Equal(["IO", "PX"], study.GetProperty("00080061").GetProperty("Value").EnumerateArray().Select(v => v.GetString()!));
        Assert.Equal("2", study.Value("00201206"));
        Assert.Equal("2", study.Value("00201208"));
    }

    [Fact]
    public async Task Answers_are_compressed_for_clients_that_take_gzip()
    {
        var client = host.NewTenant();
        await client.StoreAsync([.. Enumerable.Range(0, 10).Select(_ => TestFiles.Image().File())]);

        var response = await client.GetAsync("/dicomweb/studies", null, ("Accept-Encoding", "gzip"));

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var plain = new System.IO.Compression.GZipStream(await response.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(10, (await JsonDocument.ParseAsync(plain)).RootElement.GetArrayLength());
    }
}
