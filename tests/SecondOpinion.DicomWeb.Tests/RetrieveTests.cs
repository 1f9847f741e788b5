using System.Net;
using System.Text;
using System.Text.Json;
using SecondOpinion.Dicom;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

public sealed class RetrieveTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    private const string Multipart = "multipart/related; type=\"application/dicom\"";
    private const string AsStored = Multipart + "; transfer-syntax=*";

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom"), "files", name));

    private static async Task<string> StoreAsync(DicomWebClient client, byte[] file)
    {
        var response = await client.StoreAsync(file);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return new Uri((await DicomWebClient.JsonAsync(response)).Items("00081199")[0].Value("00081190")!).AbsolutePath;
    }

    [Fact]
    public async Task A_study_is_sent_as_one_part_per_instance_with_type_and_place()
    {
        var client = host.NewTenant();
        var images = Enumerable.Range(1, 3).Select(i => TestFiles.Image(study: "1.2.3").Set(DicomTags.SeriesNumber, 4 - i)).ToArray();
        await client.StoreAsync([.. images.Select(i => i.File())]);

        var parts = await DicomWebClient.PartsAsync(await client.GetAsync("/dicomweb/studies/1.2.3", Multipart));

        Assert.Equal(images.Reverse().Select(i => i.File()), parts.Select(p => p.Content));
        Assert.All(parts, p => Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", p.Headers["Content-Type"]));
        Assert.EndsWith(images[2].InstancePath(), parts[0].Headers["Content-Location"]);
        Assert.Equal(parts[0].Content.Length.ToString(), parts[0].Headers["Content-Length"]);
        Assert.Single(await DicomWebClient.PartsAsync(await client.GetAsync($"/dicomweb/studies/1.2.3/series/{images[1].GetString(DicomTags.SeriesInstanceUID)}", "*/*")));
    }

    [Fact]
    public async Task Single_part_is_for_one_instance_only()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        await client.StoreAsync(image.File());

        var one = await client.GetAsync(image.InstancePath(), "application/dicom");
        var study = await client.GetAsync("/dicomweb/studies/" + image.Study(), "application/dicom");

        Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", one.Content.Headers.ContentType!.ToString());
        Assert.Equal(image.File().Length, one.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.NotAcceptable, study.StatusCode);
    }

    [Theory]
    [InlineData("application/dicom", "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")]
    [InlineData("application/dicom; transfer-syntax=*", "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70")]
    [InlineData("application/dicom;transfer-syntax=\"1.2.840.10008.1.2.4.70\"", "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70")]
    [InlineData("image/jpeg, application/dicom;q=0.5;transfer-syntax=*, application/dicom;q=0.9", "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")]
    [InlineData("text/html, application/dicom; transfer-syntax=1.2.840.10008.1.2.2", null)]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2", null)]
    [InlineData("application/dicom;q=0", null)]
    [InlineData("nonsense", null)]
    public async Task The_transfer_syntax_is_what_was_asked_for_and_said(string accept, string? type)
    {
        var client = host.NewTenant();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (plain, packed) = (Path.Combine(folder.FullName, "a.dcm"), Path.Combine(folder.FullName, "b.dcm"));
            await File.WriteAllBytesAsync(plain, TestFiles.Image().File());
            Assert.Equal(0, Shell.Run(Requires.Tool("dcmcjpeg"), plain, packed).ExitCode);
            var path = await StoreAsync(client, await File.ReadAllBytesAsync(packed));

            var response = await client.GetAsync(path, accept);

            Assert.Equal(type is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type ?? "application/problem+json", response.Content.Headers.ContentType!.ToString());
            if (type?.EndsWith(".1.2.1", StringComparison.Ordinal) == true)
            {
                var file = DicomFile.Read(await response.Content.ReadAsByteArrayAsync());
                Assert.Equal(Enumerable.Range(0, 12).Select(i => (byte)i), file.Dataset.GetBytes(DicomTags.PixelData).ToArray());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("MR_small_implicit.dcm", "MR_small.dcm")]
    [InlineData("MR_small_bigendian.dcm", "MR_small.dcm")]
    public async Task Implicit_and_big_endian_never_go_out(string name, string same)
    {
        var client = host.NewTenant();
        var path = await StoreAsync(client, Sample(name));

        foreach (var accept in new[] { "application/dicom", "application/dicom; transfer-syntax=*" })
        {
            var response = await client.GetAsync(path, accept);
            var file = DicomFile.Read(await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("1.2.840.10008.1.2.1", file.TransferSyntaxUid);
            Assert.Equal(DicomFile.Read(Sample(same)).Dataset.GetBytes(DicomTags.PixelData).ToArray(), file.Dataset.GetBytes(DicomTags.PixelData).ToArray());
        }
    }

    [Fact]
    public async Task Metadata_is_the_data_set_that_dcm2json_reads()
    {
        var client = host.NewTenant();
        var path = await StoreAsync(client, Sample("CT_small.dcm"));
        var expected = JsonDocument.Parse(Shell.Run(Requires.Tool("dcm2json"), Path.Combine(Requires.Shared("samples/dicom"), "files", "CT_small.dcm")).Output).RootElement;

        var response = await client.GetAsync(path + "/metadata", "application/dicom+json");

        var dataset = Assert.Single((await DicomWebClient.JsonAsync(response)).EnumerateArray());
        var names = expected.EnumerateObject().Select(p => p.Name).Where(n => !n.EndsWith("0000", StringComparison.Ordinal) && n != "FFFCFFFC").ToArray();
        Assert.Equal(names, dataset.EnumerateObject().Select(p => p.Name));
        Assert.Equal(expected.Value("00100010"), dataset.Value("00100010"));
        Assert.StartsWith(host.Base + "dicomweb/studies/", dataset.GetProperty("7FE00010").GetProperty("BulkDataURI").GetString());
    }

    [Fact]
    public async Task Metadata_of_a_study_is_one_array_and_answers_304_to_who_has_it()
    {
        var client = host.NewTenant();
        await client.StoreAsync([.. Enumerable.Range(0, 150).Select(i => TestFiles.Image(study: "1.2.3", series: "1.2.3.4").Set(DicomTags.InstanceNumber, 150 - i).File())]);

        var response = await client.GetAsync("/dicomweb/studies/1.2.3/metadata");
        var again = await client.GetAsync("/dicomweb/studies/1.2.3/metadata", null, ("If-None-Match", $"\"x\", {response.Headers.ETag}"));
        var packed = await client.GetAsync("/dicomweb/studies/1.2.3/metadata", null, ("Accept-Encoding", "gzip"));
        await client.StoreAsync(TestFiles.Image(study: "1.2.3").File());
        var changed = await client.GetAsync("/dicomweb/studies/1.2.3/metadata", null, ("If-None-Match", response.Headers.ETag!.ToString()));

        Assert.Equal(Enumerable.Range(1, 150), (await DicomWebClient.JsonAsync(response)).EnumerateArray().Select(d => d.GetProperty("00200013").GetProperty("Value")[0].GetInt32()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Frames_are_cut_from_the_file()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image(frames: 5);
        await client.StoreAsync(image.File());
        static byte[] Frame(int number) => [.. Enumerable.Range((number - 1) * 12, 12).Select(i => (byte)i)];

        var list = await DicomWebClient.PartsAsync(await client.GetAsync(image.InstancePath() + "/frames/5,1,2", "multipart/related; type=\"application/octet-stream\""));
        var single = await client.GetAsync(image.InstancePath() + "/frames/3", "application/octet-stream");
        var any = await DicomWebClient.PartsAsync(await client.GetAsync(image.InstancePath() + "/frames/3", "*/*"));

        Assert.Equal([Frame(5), Frame(1), Frame(2)], list.Select(p => p.Content));
        Assert.EndsWith(image.InstancePath() + "/frames/5", list[0].Headers["Content-Location"]);
        Assert.Equal("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1", list[0].Headers["Content-Type"]);
        Assert.Equal(Frame(3), await single.Content.ReadAsByteArrayAsync());
        Assert.Equal(Frame(3), Assert.Single(any).Content);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(image.InstancePath() + "/frames/1,2", "application/octet-stream")).StatusCode);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(image.InstancePath() + "/frames/1", "image/webp")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(image.InstancePath() + "/frames/0")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(image.InstancePath() + "/frames/1,x")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(image.InstancePath() + "/frames/6")).StatusCode);
    }

    public static TheoryData<string, string, string> CompressedFrames => new()
    {
        { "multipart/related; type=\"image/jpeg\"", "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70", "stored" },
        { "multipart/related; type=\"image/jpeg\"; transfer-syntax=1.2.840.10008.1.2.4.70", "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70", "stored" },
        { "application/dicom+json, multipart/related; type=application/octet-stream", "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1", "decoded" },
        { "multipart/related; type=application/octet-stream; transfer-syntax=*", "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.70", "stored" },
        { "multipart/related; type=\"image/webp\", multipart/related; type=\"application/octet-stream\"", "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1", "decoded" },
        { "multipart/related; type=\"image/jls\"", "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", "stored" },
        { "multipart/related; type=\"image/dicom-rle\"; transfer-syntax=1.2.840.10008.1.2.5, */*;q=0.1", "image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5", "rle" },
        { "*/*", "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70", "stored" },
        { "multipart/related", "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70", "stored" },
    };

    [Theory]
    [MemberData(nameof(CompressedFrames))]
    public async Task Compressed_frames_go_as_stored_or_decoded_and_say_which(string accept, string type, string form)
    {
        var client = host.NewTenant();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (plain, packed) = (Path.Combine(folder.FullName, "a.dcm"), Path.Combine(folder.FullName, "b.dcm"));
            await File.WriteAllBytesAsync(plain, TestFiles.Image(frames: 3).File());
            Assert.Equal(0, Shell.Run(Requires.Tool("dcmcjpeg"), plain, packed).ExitCode);
            var path = await StoreAsync(client, await File.ReadAllBytesAsync(packed));

            var part = (await DicomWebClient.PartsAsync(await client.GetAsync(path + "/frames/3,2", accept)))[0];

            Assert.Equal(type, part.Headers["Content-Type"]);
            if (form == "stored")
            {
                Assert.Equal([0xFF, 0xD8], part.Content[..2]);
            }
            else if (form == "decoded")
            {
                Assert.Equal(Enumerable.Range(24, 12).Select(i => (byte)i), part.Content);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("SC_rgb_rle_2frame.dcm", 2)]
    [InlineData("MR_small_bigendian.dcm", 1)]
    [InlineData("liver_1frame.dcm", 1)]
    [InlineData("examples_palette.dcm", 1)]
    [InlineData("image_dfl.dcm", 1)]
    [InlineData("MR_small_jpeg_ls_lossless.dcm", 1)]
    public async Task Frames_of_real_files_are_those_of_a_decompressed_instance(string name, int frames)
    {
        var client = host.NewTenant();
        var path = await StoreAsync(client, Sample(name));
        var instance = DicomFile.Read(await (await client.GetAsync(path, "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")).Content.ReadAsByteArrayAsync());
        var all = instance.Dataset.GetBytes(DicomTags.PixelData).ToArray();

        for (var frame = 1; frame <= frames; frame++)
        {
            var response = await client.GetAsync($"{path}/frames/{frame}", "application/octet-stream");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(all.AsSpan((frame - 1) * bytes.Length, bytes.Length).ToArray(), bytes);
        }
    }

    [Fact]
    public async Task Every_BulkDataURI_in_metadata_resolves()
    {
        var client = host.NewTenant();
        var text = new string('ä', 2000);
        var item = new DicomDataset().SetBytes(DicomTags.EncapsulatedDocument, DicomVr.OB, Enumerable.Range(0, 3000).Select(i => (byte)i).ToArray());
        var image = TestFiles.Image()
            .Set(DicomTags.ImageComments, text)
            .SetItems(DicomTags.ReferencedImageSequence, new DicomDataset(), item)
            .SetBytes(new DicomTag(0x6002, 0x3000), DicomVr.OW, new byte[2048]);
        await client.StoreAsync(image.File());

        var dataset = (await DicomWebClient.JsonAsync(await client.GetAsync(image.InstancePath() + "/metadata")))[0];
        var nested = dataset.Items("00081140")[1].GetProperty("00420011").GetProperty("BulkDataURI").GetString()!;
        var comments = dataset.GetProperty("00204000").GetProperty("BulkDataURI").GetString()!;
        var overlay = dataset.GetProperty("60023000").GetProperty("BulkDataURI").GetString()!;
        var pixels = dataset.GetProperty("7FE00010").GetProperty("BulkDataURI").GetString()!;

        Assert.Equal(item.GetBytes(DicomTags.EncapsulatedDocument).ToArray(), await (await client.GetAsync(nested)).Content.ReadAsByteArrayAsync());
        Assert.Equal(text, Encoding.UTF8.GetString(await (await client.GetAsync(comments)).Content.ReadAsByteArrayAsync()));
        Assert.Equal(2048, (await (await client.GetAsync(overlay)).Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(12, Assert.Single(await DicomWebClient.PartsAsync(await client.GetAsync(pixels, "multipart/related; type=\"application/octet-stream\""))).Content.Length);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(image.InstancePath() + "/bulkdata/00081140/9/00420011")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(image.InstancePath() + "/bulkdata/zz")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(image.InstancePath() + "/bulkdata/00081140")).StatusCode);
    }

    [Fact]
    public async Task An_encapsulated_document_has_its_own_media_type()
    {
        var client = host.NewTenant();
        var pdf = "%PDF-1.4 odd length!"u8.ToArray()[..19];
        var document = TestFiles.Image().Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.104.1").Set(DicomTags.Modality, "DOC")
            .Set(DicomTags.MIMETypeOfEncapsulatedDocument, "application/pdf").SetBytes(DicomTags.EncapsulatedDocument, DicomVr.OB, pdf).Set(DicomTags.EncapsulatedDocumentLength, 19);
        document.Remove(DicomTags.PixelData);
        document.Remove(DicomTags.Rows);
        await client.StoreAsync(document.File());

        var rendered = await client.GetAsync(document.InstancePath() + "/rendered");
        var bulk = await client.GetAsync(document.InstancePath() + "/bulkdata/00420011", "application/octet-stream;q=0.5, application/pdf");

        Assert.Equal("application/pdf", rendered.Content.Headers.ContentType!.MediaType);
        Assert.Equal(pdf, await rendered.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", bulk.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(document.InstancePath() + "/rendered", "image/png")).StatusCode);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(document.InstancePath() + "/thumbnail")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(document.InstancePath() + "/frames/1")).StatusCode);
    }

    [Fact]
    public async Task A_structured_report_is_rendered_as_HTML_or_text_with_nothing_in_it_that_could_run()
    {
        var client = host.NewTenant();
        var study = TestFiles.Image();
        var content = new SrContentItem(SrValueType.Container, new SrCode("18748-4", "LN", "Diagnostic imaging report"))
        {
            Children = [new SrContentItem(SrValueType.Text, new SrCode("121077", "DCM", "Conclusion")) { Text = "Café <script>alert(1)</script>" }],
        };
        var report = new SrDocument(content).ToDataset(study, new DateTime(2026, 11, 25, 10, 0, 0)).UseUtf8();
        await client.StoreAsync(report.File());

        var html = await client.GetAsync(report.InstancePath() + "/rendered");
        var text = await client.GetAsync(report.InstancePath() + "/rendered", "text/plain");

        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Caf", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("default-src 'none'; sandbox", html.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("text/plain", text.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Conclusion: Café <script>", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(report.InstancePath() + "/rendered", "image/png")).StatusCode);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(report.InstancePath() + "/thumbnail")).StatusCode);
    }

    [Theory]
    [InlineData("/rendered", "image/png", "image/png")]
    [InlineData("/rendered", "*/*", "image/jpeg")]
    [InlineData("/rendered", "image/webp, image/*;q=0.5", "image/jpeg")]
    [InlineData("/rendered?accept=image/png", "text/html", "image/png")]
    [InlineData("/frames/2/rendered?window=5,10,linear&viewport=8,8&quality=50", "image/gif", "image/gif")]
    [InlineData("/rendered?viewport=8,6,,,2,-2", "image/png", "image/png")]
    [InlineData("/thumbnail", "*/*", "image/jpeg")]
    [InlineData("/frames/3/thumbnail?viewport=16,16", "image/png", "image/png")]
    public async Task Rendered_images_have_the_type_asked_for(string path, string accept, string type)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image(frames: 3);
        await client.StoreAsync(image.File());

        var response = await client.GetAsync(image.InstancePath() + path, accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.True(type switch
        {
            "image/png" => bytes.AsSpan().StartsWith("\x89PNG"u8[1..]) || bytes.AsSpan(1).StartsWith("PNG"u8),
            "image/gif" => bytes.AsSpan().StartsWith("GIF8"u8),
            _ => bytes[0] == 0xFF && bytes[1] == 0xD8,
        });
        Assert.Equal(HttpStatusCode.NotModified, (await client.GetAsync(image.InstancePath() + path, accept, ("If-None-Match", response.Headers.ETag!.ToString()))).StatusCode);
    }

    [Theory]
    [InlineData("/rendered?window=1,2", 400)]
    [InlineData("/rendered?window=1,0,linear", 400)]
    [InlineData("/rendered?window=NaN,1,linear", 400)]
    [InlineData("/rendered?window=1,2,cubic", 400)]
    [InlineData("/rendered?quality=0", 400)]
    [InlineData("/rendered?quality=101", 400)]
    [InlineData("/rendered?viewport=0,5", 400)]
    [InlineData("/rendered?viewport=99999999,5", 400)]
    [InlineData("/rendered?viewport=5,5,100,100,1,1", 400)]
    [InlineData("/rendered?viewport=5", 400)]
    [InlineData("/frames/9/rendered", 404)]
    [InlineData("/frames/0/rendered", 400)]
    [InlineData("/rendered?annotation=everything", 200)]
    public async Task Render_parameters_are_checked(string path, int status)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        await client.StoreAsync(image.File());

        var response = await client.GetAsync(image.InstancePath() + path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 || status >= 400, DicomWebClient.Warnings(response).Length > 0);
    }

    [Fact]
    public async Task Study_and_series_render_an_image_and_several_frames_render_to_parts()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image(frames: 3);
        await client.StoreAsync(image.File());

        Assert.Equal("image/jpeg", (await client.GetAsync($"/dicomweb/studies/{image.Study()}/rendered")).Content.Headers.ContentType!.MediaType);
        Assert.Equal("image/jpeg", (await client.GetAsync($"/dicomweb/studies/{image.Study()}/series/{image.GetString(DicomTags.SeriesInstanceUID)}/thumbnail")).Content.Headers.ContentType!.MediaType);
        Assert.Equal(2, (await DicomWebClient.PartsAsync(await client.GetAsync(image.InstancePath() + "/frames/1,3/rendered"))).Count);
    }

    [Fact]
    public async Task Damaged_pixels_are_no_server_error()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        image.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, new byte[] { 0xFF, 0xD8, 0xFF, 0x00, 1, 2, 3, 4 }));
        await client.StoreAsync(image.File(DicomUids.JPEGBaseline8Bit));

        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(image.InstancePath() + "/rendered")).StatusCode);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.GetAsync(image.InstancePath() + "/frames/1", "application/octet-stream")).StatusCode);
        var instance = await client.GetAsync(image.InstancePath(), "application/dicom");
        Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50", instance.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("", "image/jpeg")]
    [InlineData("&contentType=image/png&rows=6", "image/png")]
    [InlineData("&contentType=application/dicom", "application/dicom")]
    [InlineData("&contentType=application%2Fdicom&transferSyntax=1.2.840.10008.1.2.1", "application/dicom")]
    [InlineData("&frameNumber=1&windowCenter=5&windowWidth=10&region=0,0,0.5,0.5&imageQuality=70&annotation=patient", "image/jpeg")]
    public async Task The_URI_service_answers_by_query(string query, string type)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        await client.StoreAsync(image.File());

        var response = await client.GetAsync(Wado(image) + query);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("&region=0.5,0,0.4,1", 400)]
    [InlineData("&rows=0", 400)]
    [InlineData("&windowCenter=5", 400)]
    [InlineData("&frameNumber=2", 404)]
    [InlineData("&frameNumber=x", 400)]
    [InlineData("&anonymize=yes", 400)]
    [InlineData("&contentType=text/html", 406)]
    [InlineData("&contentType=application/dicom&transferSyntax=1.2.3", 406)]
    public async Task The_URI_service_checks_its_query(string query, int status)
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        await client.StoreAsync(image.File());

        Assert.Equal(status, (int)(await client.GetAsync(Wado(image) + query)).StatusCode);
    }

    private static string Wado(DicomDataset image) =>
        $"/dicomweb/wado?requestType=WADO&studyUID={image.Study()}&seriesUID={image.GetString(DicomTags.SeriesInstanceUID)}&objectUID={image.GetString(DicomTags.SOPInstanceUID)}";
}
