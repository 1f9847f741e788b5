using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Sign;

/// <summary>A key that signs reports: P-384 (ES384), and the id under which its public half is published.</summary>
public sealed record ReportKey(string KeyId, ECDsa Key);

/// <summary>
/// Signs a report: a JWS (RFC 7515, compact, ES384) over its content and its findings. What is signed, and how anybody checks it, is in docs/signature.md.
/// </summary>
public static class ReportSignature
{
    /// <summary>Elements of a resource that are not signed: the server's own (meta, the version) and renderings of what is signed.</summary>
    private static readonly string[] Unsigned = ["meta", "text", "presentedForm"];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    /// <summary>
    /// The signed bytes: a JSON object with <c>report</c>, <c>results</c> (the Observations in the order of DiagnosticReport.result), and <c>documents</c>
    /// (SHA-256, hex, of each rendering). No white space; members and numbers as they stand in the stored resources.
    /// </summary>
    public static byte[] Payload(FhirResource report, IEnumerable<FhirResource> results, IEnumerable<ReadOnlyMemory<byte>> pdfs)
    {
        var payload = new JsonObject
        {
            ["report"] = Strip(report),
            ["results"] = new JsonArray([.. results.Select(Strip)]),
            ["documents"] = new JsonArray([.. pdfs.Select(p => new JsonObject
            {
                ["contentType"] = "application/pdf",
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(p.Span)),
            })]),
        };
        return JsonSerializer.SerializeToUtf8Bytes(payload, Plain);
    }

    /// <summary>The compact JWS of a payload.</summary>
    public static string Sign(ReadOnlySpan<byte> payload, ReportKey key, DateTimeOffset at)
    {
        var header = new JsonObject { ["alg"] = "ES384", ["kid"] = key.KeyId, ["typ"] = "JOSE", ["cty"] = "json", ["iat"] = at.ToUnixTimeSeconds() };
        var signed = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header, Plain)) + "." + Base64Url.EncodeToString(payload);
        // RFC 7518 3.4: R and S as 48 bytes each.
        var signature = key.Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>Checks a JWS with a public key.</summary>
    /// <returns>The signed bytes; null when the JWS is malformed, of another algorithm or key id, or its signature is wrong.</returns>
    public static byte[]? Verify(string jws, ECDsa publicKey, string? keyId = null)
    {
        var parts = jws.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            if (header.RootElement.ValueKind != JsonValueKind.Object
                || !header.RootElement.TryGetProperty("alg", out var alg) || !alg.ValueEquals("ES384")
                || (keyId is not null && !(header.RootElement.TryGetProperty("kid", out var kid) && kid.ValueEquals(keyId))))
            {
                return null;
            }

            return publicKey.VerifyData(
                Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                ? Base64Url.DecodeFromChars(parts[1])
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether verified bytes say the same as resources at hand, compared as JSON values.</summary>
    public static bool Matches(ReadOnlySpan<byte> payload, FhirResource report, IEnumerable<FhirResource> results)
    {
        var node = JsonNode.Parse(payload);
        return node is JsonObject signed
            && JsonNode.DeepEquals(signed["report"], Strip(report))
            && JsonNode.DeepEquals(signed["results"], new JsonArray([.. results.Select(Strip)]));
    }

    private static JsonObject Strip(FhirResource resource)
    {
        var copy = resource.ToJsonObject();
        foreach (var element in Unsigned)
        {
            copy.Remove(element);
        }

        return copy;
    }
}
