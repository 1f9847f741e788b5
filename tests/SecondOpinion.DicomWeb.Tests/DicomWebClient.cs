using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SecondOpinion.Dicom;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

/// <summary>A client of one tenant.</summary>
public sealed class DicomWebClient(HttpClient http, string tenant)
{
    public HttpClient Http { get; } = http;

    public string Tenant { get; } = tenant;

    public Task<HttpResponseMessage> StoreAsync(params byte[][] files) => PostAsync("/dicomweb/studies", Multipart(files), "multipart/related; type=\"application/dicom\"; boundary=b");

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await Http.PostAsync(path, content);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? accept = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>The results of a search.</summary>
    public async Task<JsonElement[]> SearchAsync(string path)
    {
        var response = await GetAsync(path, "application/dicom+json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await JsonAsync(response)).EnumerateArray()];
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    public static byte[] Multipart(params byte[][] files)
    {
        using var body = new MemoryStream();
        foreach (var file in files)
        {
            body.Write(Encoding.ASCII.GetBytes("--b\r\nContent-Type: application/dicom\r\n\r\n"));
            body.Write(file);
            body.Write("\r\n"u8);
        }

        body.Write("--b--\r\n"u8);
        return body.ToArray();
    }

    /// <summary>Splits a multipart answer without any tolerance: what another client would have to read.</summary>
    public static async Task<List<(Dictionary<string, string> Headers, byte[] Content)>> PartsAsync(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType!;
        Assert.Equal("multipart/related", type.MediaType);
        var boundary = type.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        Assert.StartsWith("\"", type.Parameters.Single(p => p.Name == "type").Value);
        var body = await response.Content.ReadAsByteArrayAsync();
        var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        var parts = new List<(Dictionary<string, string>, byte[])>();
        Assert.True(body.AsSpan().StartsWith(delimiter));
        var at = delimiter.Length;
        while (!body.AsSpan(at).StartsWith("--\r\n"u8))
        {
            Assert.True(body.AsSpan(at).StartsWith("\r\n"u8));
            at += 2;
            var end = at + body.AsSpan(at).IndexOf("\r\n\r\n"u8);
            var headers = Encoding.ASCII.GetString(body, at, end - at).Split("\r\n").Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
            at = end + 4;
            var next = at + body.AsSpan(at).IndexOf([.. "\r\n"u8, .. delimiter]);
            parts.Add((headers, body[at..next]));
            at = next + 2 + delimiter.Length;
        }

        Assert.Equal(body.Length, at + 4);
        return parts;
    }

    public static string[] Warnings(HttpResponseMessage response) => response.Headers.TryGetValues("Warning", out var values) ? [.. values] : [];
}

/// <summary>Data sets that tests store.</summary>
public static class TestFiles
{
    public static string Uid() => DicomUid.New();

    /// <summary>An intraoral image of 4 x 3 pixels of 8 bits, 0 to 11 and so on in each frame.</summary>
    public static DicomDataset Image(string? study = null, string? series = null, string? instance = null, int frames = 1)
    {
        var dataset = new DicomDataset()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.1.3")
            .Set(DicomTags.SOPInstanceUID, instance ?? Uid())
            .Set(DicomTags.StudyDate, "20260214")
            .Set(DicomTags.StudyTime, "101530")
            .Set(DicomTags.AccessionNumber, "ACC-1")
            .Set(DicomTags.Modality, "IO")
            .Set(DicomTags.ReferringPhysicianName, "Wöhler^Anna")
            .Set(DicomTags.StudyDescription, "Bitewings")
            .Set(DicomTags.PatientName, "Müller^Jörg=山田^太郎")
            .Set(DicomTags.PatientID, "P-1")
            .Set(DicomTags.PatientBirthDate, "19800102")
            .Set(DicomTags.PatientSex, "M")
            .Set(DicomTags.StudyInstanceUID, study ?? Uid())
            .Set(DicomTags.SeriesInstanceUID, series ?? Uid())
            .Set(DicomTags.StudyID, "S1")
            .Set(DicomTags.SeriesNumber, 1)
            .Set(DicomTags.InstanceNumber, 1)
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, 3)
            .Set(DicomTags.Columns, 4)
            .Set(DicomTags.BitsAllocated, 8)
            .Set(DicomTags.BitsStored, 8)
            .Set(DicomTags.HighBit, 7)
            .Set(DicomTags.PixelRepresentation, 0);
        if (frames > 1)
        {
            dataset.Set(DicomTags.NumberOfFrames, frames);
        }

        var pixels = new byte[12 * frames];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)i;
        }

        return dataset.SetBytes(DicomTags.PixelData, DicomVr.OB, pixels);
    }

    public static byte[] File(this DicomDataset dataset, string syntax = DicomUids.ExplicitVRLittleEndian) => DicomFile.Create(dataset, syntax).ToArray();

    public static string Study(this DicomDataset dataset) => dataset.GetString(DicomTags.StudyInstanceUID)!;

    public static string InstancePath(this DicomDataset dataset) =>
        $"/dicomweb/studies/{dataset.Study()}/series/{dataset.GetString(DicomTags.SeriesInstanceUID)}/instances/{dataset.GetString(DicomTags.SOPInstanceUID)}";

    /// <summary>The value of an attribute in the JSON model as text; null when it is empty or absent.</summary>
    public static string? Value(this JsonElement dataset, string tag)
    {
        if (!dataset.TryGetProperty(tag, out var element) || !element.TryGetProperty("Value", out var values))
        {
            return null;
        }

        var first = values[0];
        return first.ValueKind == JsonValueKind.Object && first.TryGetProperty("Alphabetic", out var name) ? name.GetString() : first.ToString();
    }

    public static JsonElement[] Items(this JsonElement dataset, string tag) =>
        dataset.TryGetProperty(tag, out var element) ? [.. element.GetProperty("Value").EnumerateArray()] : [];
}
