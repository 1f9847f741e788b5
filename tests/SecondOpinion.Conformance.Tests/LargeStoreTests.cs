using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Big uploads go to disk as they come.</summary>
public sealed class LargeStoreTests
{
    private const long Limit = 300L << 20;

    [Fact]
    public async Task A_500_MB_multipart_store_stays_within_300_MB_of_memory()
    {
        await using var server = await ServerProcess.StartAsync();
        using var http = server.Client(server.Token("demo-practice"));
        var (study, series) = (DicomUid.New(), DicomUid.New());
        var content = new MultipartContent("related", "large");
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        for (var i = 0; i < 10; i++)
        {
            var part = new ByteArrayContent(MadeInstance.Create(study, series, DicomUid.New(), 5120, 10240));
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            content.Add(part);
        }

        using var response = await http.PostAsync("dicomweb/studies", content);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        Assert.True(server.PeakMemory < Limit, $"peak {server.PeakMemory >> 20} MB");

        // And out again, whole.
        using var request = new HttpRequestMessage(HttpMethod.Get, "dicomweb/studies/" + study);
        request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        using var retrieved = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = await retrieved.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        long total = 0;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0; total += read)
        {
        }

        Assert.True(total > 10L * (50 << 20), $"{total} bytes came back");
        Assert.True(server.PeakMemory < Limit, $"peak after retrieve {server.PeakMemory >> 20} MB");
    }

    [Fact]
    public async Task A_client_that_hangs_up_leaves_nothing_behind()
    {
        await using var server = await ServerProcess.StartAsync();
        using var http = server.Client(server.Token("demo-practice"));
        var study = DicomUid.New();
        var whole = MadeInstance.Create(study, DicomUid.New(), DicomUid.New(), 1000, 1000);
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        var stream = socket.GetStream();
        var head = $"POST /dicomweb/studies HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: {http.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\nContent-Length: 9000000\r\n\r\n--b\r\nContent-Type: application/dicom\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(whole);
        await stream.WriteAsync("\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"u8.ToArray());
        await stream.WriteAsync(whole.AsMemory(0, whole.Length / 2));
        await stream.FlushAsync();
        await Task.Delay(300);
        socket.Close();
        for (var i = 0; i < 50 && Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 400_000 && !f.EndsWith(".db-wal", StringComparison.Ordinal) && !f.EndsWith(".db", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(100);
        }

        Assert.Empty((await http.JsonAsync("dicomweb/studies?StudyInstanceUID=" + study)).AsArray());
        Assert.DoesNotContain(
            Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories),
            f => new FileInfo(f).Length > 400_000 && !Path.GetFileName(f).Contains(".db", StringComparison.Ordinal));
    }

}
