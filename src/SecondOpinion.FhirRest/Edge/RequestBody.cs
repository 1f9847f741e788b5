using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>Reads bodies within the limits.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; 413 when it is longer than the limit, whatever Content-Length says.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(FhirCall call)
    {
        var limit = call.Server.Options.MaxBodyBytes;
        if (call.Http.Request.ContentLength > limit)
        {
            return TooLarge(limit);
        }

        // The host's own limit is for what needs no token. A little more than ours, so that it is ours that is told.
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
        {
            host.MaxRequestBodySize = limit + (2L << 20);
        }

        var body = call.Http.Request.BodyReader;
        var length = (int)Math.Min(call.Http.Request.ContentLength ?? 4096, 1 << 20);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(length, 256));
        while (true)
        {
            var result = await body.ReadAsync(call.Cancellation);
            foreach (var part in result.Buffer)
            {
                buffer.Write(part.Span);
            }

            body.AdvanceTo(result.Buffer.End);
            if (buffer.WrittenCount > limit)
            {
                return TooLarge(limit);
            }

            if (result.IsCompleted)
            {
                return buffer.WrittenMemory;
            }
        }
    }

    /// <summary>The body as a resource: 415 for another Content-Type, 413 too large, 400 with all issues when it cannot be read.</summary>
    public static async Task<Outcome<FhirResource>> ResourceAsync(FhirCall call, string? expectedType = null)
    {
        var request = call.Http.Request;
        var format = MediaTypes.OfBody(request.ContentType);
        if (format is null)
        {
            return MediaTypes.Unsupported(request.ContentType, "application/fhir+json, application/fhir+xml");
        }

        if (!(await ReadAsync(call)).TryGet(out var bytes, out var refusal))
        {
            return refusal;
        }

        if (bytes.IsEmpty)
        {
            return Missing;
        }

        return Parse(call.Server.Options, bytes, format.Value, expectedType);
    }

    public static Outcome<FhirResource> Parse(FhirRestOptions limits, ReadOnlyMemory<byte> bytes, WireFormat format, string? expectedType)
    {
        var options = new FhirParseOptions { MaxLength = limits.MaxBodyBytes, MaxDepth = limits.MaxDepth, ExpectedType = expectedType };
        var result = format == WireFormat.Json ? FhirResource.TryParse(bytes, options) : FhirXml.TryParse(bytes, options);
        return result.Resource ?? new Outcome<FhirResource>(new Refusal(RefusalKind.Invalid, result.Issues));
    }

    public static Refusal Missing { get; } = Refusal.Of(RefusalKind.Invalid, "required", "The request has no body", "body");

    private static Refusal TooLarge(int limit) =>
        Refusal.Of(RefusalKind.TooLarge, "too-long", $"The body is larger than {limit} bytes, the limit MaxBodyBytes", "max-body");
}
