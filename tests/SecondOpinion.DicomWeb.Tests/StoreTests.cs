using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

public sealed class StoreTests(DicomWebHost host) : IClassFixture<DicomWebHost>
{
    [Fact]
    public async Task Store_of_one_instance_answers_200_with_where_it_is()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();

        var response = await client.StoreAsync(image.File());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/dicom+json", response.Content.Headers.ContentType!.MediaType);
        var body = await DicomWebClient.JsonAsync(response);
        Assert.EndsWith("/dicomweb/studies/" + image.Study(), body.Value("00081190"));
        var item = Assert.Single(body.Items("00081199"));
        Assert.Equal(image.GetString(DicomTags.SOPInstanceUID), item.Value("00081155"));
        Assert.EndsWith(image.InstancePath(), item.Value("00081190"));
        Assert.EndsWith(image.InstancePath(), response.Headers.Location!.ToString());
        Assert.False(body.TryGetProperty("00081198", out _));
    }

    public static TheoryData<string, string, string> Shapes => new()
    {
        { "quoted type", "multipart/related; type=\"application/dicom\"; boundary=\"x y:z\"", "--x y:z\r\n\r\n#\r\n--x y:z--\r\n" },
        { "unquoted type", "multipart/related;type=application/dicom;boundary=abc", "--abc\r\nContent-Type: application/dicom\r\n\r\n#\r\n--abc--\r\n" },
        { "no type", "multipart/related; boundary=abc", "--abc\r\n\r\n#\r\n--abc--\r\n" },
        { "upper case", "Multipart/Related; TYPE=\"application/DICOM\"; BOUNDARY=abc", "--abc\r\n\r\n#\r\n--abc--\r\n" },
        { "preamble and epilogue", "multipart/related; type=\"application/dicom\"; boundary=abc", "some text\r\n--abcd\r\nmore\r\n--abc\r\n\r\n#\r\n--abc--\r\nthe end\r\n--abc\r\n" },
        { "line feeds", "multipart/related; type=\"application/dicom\"; boundary=abc", "--abc\nContent-Type: application/dicom\n\n#\n--abc--\n" },
        { "no last line end", "multipart/related; type=\"application/dicom\"; boundary=abc", "\r\n--abc\r\nContent-Type: application/dicom\r\n\r\n#\r\n--abc--" },
        { "white space after boundary", "multipart/related; type=\"application/dicom\"; boundary=abc", "--abc  \r\nContent-Type: application/dicom;\r\n  transfer-syntax=1.2\r\n\r\n#\r\n--abc \t--\r\n--abc--\r\n" },
        { "octet-stream parts", "multipart/related; type=\"application/octet-stream\"; boundary=abc", "--abc\r\n\r\n#\r\n--abc--\r\n" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Store_takes_multipart_of_every_shape_that_clients_send(string shape, string contentType, string template)
    {
        Assert.NotEmpty(shape);
        var client = host.NewTenant();
        var image = TestFiles.Image();
        var parts = template.Split('#');
        byte[] body = [.. Encoding.ASCII.GetBytes(parts[0]), .. image.File(), .. Encoding.ASCII.GetBytes(parts[1])];

        var response = await client.PostAsync("/dicomweb/studies", body, contentType);

        if (shape == "white space after boundary")
        {
            // "--abc \t--" is no delimiter but content; the file is read as far as it goes.
            Assert.True(response.IsSuccessStatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stored = await client.GetAsync(image.InstancePath(), "application/dicom");
        Assert.Equal(image.File(), await stored.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_boundary_that_arrives_in_pieces_is_found()
    {
        var client = host.NewTenant();
        var images = Enumerable.Range(0, 3).Select(_ => TestFiles.Image(study: "1.2.3")).ToArray();
        using var content = new DribbleContent(DicomWebClient.Multipart([.. images.Select(i => i.File())]), 37);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=b");

        var response = await client.Http.PostAsync("/dicomweb/studies", content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        foreach (var image in images)
        {
            Assert.Equal(image.File(), await (await client.GetAsync(image.InstancePath(), "application/dicom")).Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Content_that_looks_like_a_delimiter_stays_content()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        image.SetBytes(DicomTags.PixelData, DicomVr.OB, Encoding.ASCII.GetBytes("\r\n--bc\r\n--b-\r\n\r\n"));

        var response = await client.StoreAsync(image.File());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(image.File(), await (await client.GetAsync(image.InstancePath(), "application/dicom")).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_single_part_is_stored()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();

        var response = await client.PostAsync("/dicomweb/studies", image.File(), "application/dicom");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(await client.SearchAsync("/dicomweb/studies"));
    }

    [Fact]
    public async Task Each_part_has_its_own_outcome()
    {
        var client = host.NewTenant();
        var good = TestFiles.Image();
        var noStudy = TestFiles.Image();
        noStudy.Remove(DicomTags.StudyInstanceUID);
        var truncated = TestFiles.Image().File()[..^5];

        var response = await client.StoreAsync(good.File(), "no DICOM at all, just text that goes on for a while"u8.ToArray(), [], noStudy.File(), truncated);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var body = await DicomWebClient.JsonAsync(response);
        Assert.Single(body.Items("00081199"));
        Assert.Equal(["43264", "49152"], body.Items("00081198").Select(i => i.Value("00081197")!));
        Assert.Equal(["49152", "49152"], body.Items("0008119A").Select(i => i.Value("00081197")!));
        Assert.NotEmpty(DicomWebClient.Warnings(response));
        Assert.Single(await client.SearchAsync("/dicomweb/instances"));
    }

    [Fact]
    public async Task Nothing_but_garbage_is_400_with_reasons()
    {
        var client = host.NewTenant();

        var response = await client.StoreAsync("garbage"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("49152", Assert.Single((await DicomWebClient.JsonAsync(response)).Items("0008119A")).Value("00081197"));
    }

    [Fact]
    public async Task The_same_bytes_again_are_a_success_and_leave_no_second_file()
    {
        var client = host.NewTenant();
        var file = TestFiles.Image().File();
        await client.StoreAsync(file);
        var blobs = host.BlobFiles();

        var response = await client.StoreAsync(file);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(blobs, host.BlobFiles());
        Assert.Equal("1", Assert.Single(await client.SearchAsync("/dicomweb/studies")).Value("00201208"));
    }

    [Fact]
    public async Task Other_bytes_under_a_known_UID_are_409_with_0111_and_change_nothing()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        var original = image.File();
        await client.StoreAsync(original);
        image.Set(DicomTags.PatientID, "someone else");

        var response = await client.StoreAsync(image.File());

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("273", Assert.Single((await DicomWebClient.JsonAsync(response)).Items("00081198")).Value("00081197"));
        Assert.Equal(original, await (await client.GetAsync(image.InstancePath(), "application/dicom")).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_instance_of_another_study_than_the_URL_names_is_409()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image();
        var blobs = host.BlobFiles();

        var response = await client.PostAsync("/dicomweb/studies/1.2.3.4", DicomWebClient.Multipart(image.File()), "multipart/related; type=\"application/dicom\"; boundary=b");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(await client.SearchAsync("/dicomweb/studies"));
        Assert.Equal(blobs, host.BlobFiles());
    }

    [Fact]
    public async Task An_invalid_date_is_stored_with_a_warning_that_names_it()
    {
        var client = host.NewTenant();
        var image = TestFiles.Image().Set(DicomTags.StudyDate, DicomVr.DA, "yesterday");

        var response = await client.StoreAsync(image.File());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var item = Assert.Single((await DicomWebClient.JsonAsync(response)).Items("00081199"));
        Assert.Equal("45063", item.Value("00081196"));
        Assert.Contains("StudyDate", item.Items("00741048")[0].Value("00000902"), StringComparison.Ordinal);
        Assert.Null(Assert.Single(await client.SearchAsync("/dicomweb/studies")).Value("00080020"));
    }

    [Theory]
    [InlineData("text/plain", "x", 415)]
    [InlineData("", "x", 415)]
    [InlineData("multipart/related; type=\"application/dicom+json\"; boundary=b", "--b\r\n\r\n[]\r\n--b--", 415)]
    [InlineData("multipart/related; type=\"application/dicom\"", "x", 400)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "no delimiter in here", 400)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "--b--\r\n", 400)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "", 400)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "--b\r\nno colon here\r\n\r\nx\r\n--b--\r\n", 400)]
    public async Task What_is_no_store_request_is_refused(string contentType, string body, int status)
    {
        var client = host.NewTenant();

        var response = await client.PostAsync("/dicomweb/studies", Encoding.ASCII.GetBytes(body), contentType);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(DicomWebClient.Warnings(response), w => w.StartsWith("299 SecondOpinion: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_without_closing_delimiter_stores_nothing()
    {
        var client = host.NewTenant();
        var body = DicomWebClient.Multipart(TestFiles.Image().File(), TestFiles.Image().File());
        var blobs = host.BlobFiles();

        var response = await client.PostAsync("/dicomweb/studies", body[..^9], "multipart/related; type=\"application/dicom\"; boundary=b");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await client.SearchAsync("/dicomweb/studies"));
        Assert.Equal(blobs, host.BlobFiles());
    }

    [Fact]
    public async Task A_client_that_hangs_up_leaves_nothing()
    {
        var client = host.NewTenant();
        var body = DicomWebClient.Multipart(TestFiles.Image().File(), TestFiles.Image().File());
        var blobs = host.BlobFiles();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.Base.Host, host.Base.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /dicomweb/studies HTTP/1.1\r\nHost: x\r\nAuthorization: Test {client.Tenant} system/*.cruds\r\nContent-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\nContent-Length: {body.Length}\r\n\r\n"));
            await stream.WriteAsync(body.AsMemory(0, body.Length - 100));
            await stream.FlushAsync();
            for (var i = 0; i < 200 && host.BlobFiles() < blobs + 2; i++)
            {
                await Task.Delay(10);
            }

            Assert.True(host.BlobFiles() > blobs);
            socket.Client.LingerState = new LingerOption(true, 0);
        }

        for (var i = 0; i < 500 && host.BlobFiles() > blobs; i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(blobs, host.BlobFiles());
        Assert.Empty(await client.SearchAsync("/dicomweb/studies"));
    }

    [Fact]
    public async Task A_part_above_its_limit_fails_with_A700_and_the_others_are_stored()
    {
        var client = host.NewTenant();
        var large = TestFiles.Image().SetBytes(DicomTags.PixelData, DicomVr.OB, new byte[9 << 20]);
        var blobs = host.BlobFiles();

        var response = await client.StoreAsync(large.File(), TestFiles.Image().File());
        var alone = await client.StoreAsync(large.File());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("42752", Assert.Single((await DicomWebClient.JsonAsync(response)).Items("0008119A")).Value("00081197"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, alone.StatusCode);
        Assert.Equal(blobs + 1, host.BlobFiles());
    }

    [Fact]
    public async Task A_request_above_its_limit_is_413_and_stores_nothing()
    {
        var client = host.NewTenant();
        using var content = new ByteArrayContent(new byte[(64 << 20) + 1]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/dicom");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dicomweb/studies") { Content = content };
        request.Headers.ExpectContinue = true;

        var response = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Files_without_meta_information_are_stored_as_proper_ones()
    {
        var client = host.NewTenant();
        var file = DicomFile.Create(TestFiles.Image(), DicomUids.ExplicitVRLittleEndian).ToArray(new DicomWriteOptions { WithoutMeta = true });

        var response = await client.StoreAsync(file);

        Assert.True(response.IsSuccessStatusCode);
        var url = (await DicomWebClient.JsonAsync(response)).Items("00081199")[0].Value("00081190")!;
        var stored = await (await client.GetAsync(new Uri(url).PathAndQuery, "application/dicom; transfer-syntax=*")).Content.ReadAsByteArrayAsync();
        Assert.Equal("DICM", Encoding.ASCII.GetString(stored, 128, 4));
        Assert.Equal(HttpStatusCode.OK, (await client.StoreAsync(file)).StatusCode);
    }

    [Fact]
    public async Task Studies_of_one_request_have_no_single_retrieve_URL()
    {
        var client = host.NewTenant();

        var response = await client.StoreAsync(TestFiles.Image().File(), TestFiles.Image().File());

        var body = await DicomWebClient.JsonAsync(response);
        Assert.Equal("{\"vr\":\"UR\"}", body.GetProperty("00081190").GetRawText());
        Assert.Equal(2, body.Items("00081199").Length);
        Assert.EndsWith("/dicomweb/studies", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_response_in_a_form_that_there_is_not_is_406()
    {
        using var content = new ByteArrayContent(TestFiles.Image().File());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/dicom");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dicomweb/studies") { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "text/html");

        var response = await host.NewTenant().Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Contains("application/dicom+json", (await DicomWebClient.JsonAsync(response)).GetProperty("available").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task No_mutation_of_a_body_is_a_server_error()
    {
        var client = host.NewTenant();
        var original = DicomWebClient.Multipart(TestFiles.Image(frames: 3).File(), TestFiles.Image().File());
        var random = new Random(20260214);
        for (var i = 0; i < 150; i++)
        {
            var body = original.ToArray();
            for (var edit = random.Next(1, 6); edit > 0; edit--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            if (i % 3 == 0)
            {
                var at = random.Next(body.Length);
                body = i % 2 == 0 ? body[..at] : [.. body[..at], .. body[random.Next(body.Length)..]];
            }

            var response = await client.PostAsync("/dicomweb/studies", body, "multipart/related; type=\"application/dicom\"; boundary=b");

            Assert.True((int)response.StatusCode < 500, $"mutation {i}: {response.StatusCode}");
        }

        // What got through is consistent: every instance found can be read in every form.
        foreach (var instance in await client.SearchAsync("/dicomweb/instances"))
        {
            var path = new Uri(instance.Value("00081190")!).AbsolutePath;
            foreach (var suffix in new[] { "", "/metadata", "/frames/1", "/rendered", "/thumbnail", "/bulkdata/7FE00010" })
            {
                Assert.True((int)(await client.GetAsync(path + suffix)).StatusCode < 500, path + suffix);
            }
        }
    }

    [Fact]
    public async Task Many_senders_of_one_study_at_once_all_succeed()
    {
        var client = host.NewTenant();
        var images = Enumerable.Range(0, 24).Select(i => TestFiles.Image(study: "1.2.3", series: $"1.2.3.{i % 3}")).ToArray();

        var responses = await Task.WhenAll(images.Select(i => client.StoreAsync(i.File())));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        var study = Assert.Single(await client.SearchAsync("/dicomweb/studies"));
        Assert.Equal("24", study.Value("00201208"));
        Assert.Equal("3", study.Value("00201206"));
        Assert.Equal(24, (await client.SearchAsync("/dicomweb/instances")).Length);
    }

    /// <summary>Sends a body in small pieces.</summary>
    private sealed class DribbleContent(byte[] body, int size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < body.Length; at += size)
            {
                await stream.WriteAsync(body.AsMemory(at, Math.Min(size, body.Length - at)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
