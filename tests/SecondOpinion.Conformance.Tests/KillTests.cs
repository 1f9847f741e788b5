using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>kill -9 under load: what was acknowledged is there and whole after the next start, and nothing is half there.</summary>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int Writers = 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_torn_by_ten_kills()
    {
        var data = ServerProcess.NewFolder();
        var resources = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var instances = new ConcurrentDictionary<string, (string Path, byte[] Digest)>(StringComparer.Ordinal);
        var random = new Random(4711);
        string? token = null;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(data);
            using var http = server.Client(token ??= server.Token("demo-practice"));
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(w => w % 2 == 0
                ? WriteResourcesAsync(http, resources, stop.Token)
                : StoreImagesAsync(http, instances, stop.Token)).ToArray();
            var before = (resources.Count, instances.Count);
            for (var i = 0; i < 600 && (resources.Count < before.Item1 + 10 || instances.Count < before.Item2 + 4); i++)
            {
                await Task.Delay(50);
            }

            await Task.Delay(random.Next(0, 300));
            server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        Assert.True(resources.Count > 50 && instances.Count > 20, $"too little load: {resources.Count} resources, {instances.Count} images");
        await using var last = await ServerProcess.StartAsync(data);
        using var check = last.Client(token);
        foreach (var (id, family) in resources)
        {
            Assert.Equal(family, (await check.JsonAsync("fhir/Patient/" + id))["name"]![0]!["family"]!.ToString());
        }

        foreach (var (sop, (path, digest)) in instances)
        {
            var now = SHA256.HashData(await RetrieveAsync(check, path));
            Assert.True(digest.AsSpan().SequenceEqual(now), sop);
        }

        // Not acknowledged, but there: then whole.
        for (var offset = 0; ; offset += 100)
        {
            var found = (await check.JsonAsync($"dicomweb/instances?limit=100&offset={offset}")).AsArray();
            foreach (var instance in found)
            {
                string Uid(string tag) => instance![tag]!["Value"]![0]!.ToString();
                DicomFile.Read(await RetrieveAsync(check, $"dicomweb/studies/{Uid("0020000D")}/series/{Uid("0020000E")}/instances/{Uid("00080018")}"));
            }

            if (found.Count < 100)
            {
                break;
            }
        }

        await last.DisposeAsync();
        var verify = ServerProcess.Run("verify", "--data", data);
        Assert.True(verify.ExitCode == 0, verify.Output + verify.Error);
    }

    private static async Task WriteResourcesAsync(HttpClient http, ConcurrentDictionary<string, string> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var family = Guid.NewGuid().ToString("N");
            try
            {
                using var content = new StringContent($$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}""", Encoding.UTF8, "application/fhir+json");
                using var response = await http.PostAsync("fhir/Patient", content, stop);
                if (response.IsSuccessStatusCode)
                {
                    acknowledged[response.Headers.Location!.ToString().Split("/Patient/")[1].Split('/')[0]] = family;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    private static async Task StoreImagesAsync(HttpClient http, ConcurrentDictionary<string, (string, byte[])> acknowledged, CancellationToken stop)
    {
        var (study, series) = (DicomUid.New(), DicomUid.New());
        while (!stop.IsCancellationRequested)
        {
            var sop = DicomUid.New();
            var file = MadeInstance.Create(study, series, sop);
            try
            {
                using var content = new ByteArrayContent(file);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
                using var response = await http.PostAsync("dicomweb/studies", content, stop);
                if ((int)response.StatusCode == 200)
                {
                    acknowledged[sop] = ($"dicomweb/studies/{study}/series/{series}/instances/{sop}", SHA256.HashData(file));
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    private static async Task<byte[]> RetrieveAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }
}
