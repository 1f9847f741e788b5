using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>Puts a reply on the wire: headers, then the body in the form that was asked for. JSON as a whole goes out as it is stored.</summary>
internal static class ReplyWriter
{
    public static async Task WriteAsync(FhirCall call, Reply reply)
    {
        var response = call.Http.Response;
        response.StatusCode = reply.Status;
        if (reply.Version is { } version)
        {
            // FHIR R4 http.html#versioning
            response.Headers.ETag = Conditions.ETag(version.Version);
            response.Headers.LastModified = version.LastUpdated.ToString("R", CultureInfo.InvariantCulture);
            if (reply.HasLocation)
            {
                response.Headers.Location = call.Location(version);
            }
        }

        if (reply.Allow is not null)
        {
            response.Headers.Allow = reply.Allow;
        }

        switch (reply.Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = "1";
                break;
        }

        if (reply.Json.IsEmpty || reply.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        var json = reply.CanBeShaped && reply.Status < 300 ? call.Shape.Apply(reply.Json) : reply.Json;
        await BodyAsync(call, json, call.Shape.IsPartial ? default : reply.Xml);
    }

    private static async Task BodyAsync(FhirCall call, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> xml)
    {
        var response = call.Http.Response;
        response.Headers.Vary = "Accept";
        if (call.Format == WireFormat.Xml)
        {
            response.ContentType = MediaTypes.FhirXml;
            json = xml.IsEmpty ? FhirXml.ToXml(FhirResource.Parse(json)) : xml;
        }
        else
        {
            response.ContentType = MediaTypes.FhirJson;
            json = call.Shape.IsPretty ? Shape.Indent(json) : json;
        }

        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(call.Http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(json, call.Cancellation);
        }
    }
}
