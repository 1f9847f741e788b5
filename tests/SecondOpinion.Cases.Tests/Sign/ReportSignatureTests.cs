using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecondOpinion.Cases.Sign;
using SecondOpinion.Fhir;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Cases.Tests.Sign;

public sealed class ReportSignatureTests
{
    private static readonly byte[] Pdf = "%PDF-1.7 x"u8.ToArray();

    private static byte[] Payload(FhirResource? report = null) => ReportSignature.Payload(report ?? Samples.Report(), [Samples.Finding("finding1")], [Pdf]);

    [Fact]
    public void A_JWS_is_checked_by_hand_from_its_parts()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var jws = ReportSignature.Sign(Payload(), new ReportKey("k1", key), Samples.Now);
        var parts = jws.Split('.');
        Assert.Equal(3, parts.Length);
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        Assert.Equal(("ES384", "k1", Samples.Now.ToUnixTimeSeconds()), (header.RootElement.GetProperty("alg").GetString(), header.RootElement.GetProperty("kid").GetString(), header.RootElement.GetProperty("iat").GetInt64()));
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.Equal(96, signature.Length);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), signature, HashAlgorithmName.SHA384));
        Assert.Equal(Payload(), Base64Url.DecodeFromChars(parts[1]));
    }

    [Fact]
    public void OpenSSL_agrees()
    {
        var tool = Requires.Tool("openssl");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var parts = ReportSignature.Sign(Payload(), new ReportKey("k1", key), Samples.Now).Split('.');
        var folder = Directory.CreateTempSubdirectory("interop-jws-").FullName;
        var raw = Base64Url.DecodeFromChars(parts[2]);
        var der = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteIntegerUnsigned(raw.AsSpan(0, 48).TrimStart((byte)0));
            der.WriteIntegerUnsigned(raw.AsSpan(48).TrimStart((byte)0));
        }

        File.WriteAllBytes(Path.Combine(folder, "sig"), der.Encode());
        File.WriteAllText(Path.Combine(folder, "data"), parts[0] + "." + parts[1]);
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportSubjectPublicKeyInfoPem());
        var result = Shell.Run(tool, "dgst", "-sha384", "-verify", Path.Combine(folder, "key.pem"), "-signature", Path.Combine(folder, "sig"), Path.Combine(folder, "data"));
        Directory.Delete(folder, true);
        Assert.Contains("Verified OK", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_part_another_key_and_another_algorithm_are_not_accepted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var jws = ReportSignature.Sign(Payload(), new ReportKey("k1", key), Samples.Now);
        Assert.Equal(Payload(), ReportSignature.Verify(jws, key, "k1"));
        Assert.Null(ReportSignature.Verify(jws, other));
        Assert.Null(ReportSignature.Verify(jws, key, "k2"));
        var parts = jws.Split('.');
        Assert.Null(ReportSignature.Verify($"{parts[0]}.{Base64Url.EncodeToString("{}"u8)}.{parts[2]}", key));
        Assert.Null(ReportSignature.Verify($"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{parts[1]}.", key));
        foreach (var bad in new[] { "", "a.b", "a.b.c", "!.!.!", "..", "W10.W10.W10" })
        {
            Assert.Null(ReportSignature.Verify(bad, key));
        }
    }

    [Fact]
    public void Versions_narrative_and_renderings_are_not_signed_and_all_else_is()
    {
        var report = Samples.Report();
        Assert.Equal(Payload(report), Payload(report.With(r =>
        {
            r["meta"] = new System.Text.Json.Nodes.JsonObject { ["versionId"] = "7" };
            r["presentedForm"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["title"] = "x" });
        })));
        Assert.NotEqual(Payload(report), Payload(report.With(r => r["conclusion"] = "Other")));
        Assert.NotEqual(Payload(report), ReportSignature.Payload(report, [Samples.Finding("finding1", "20")], [Pdf]));
        Assert.NotEqual(Payload(report), ReportSignature.Payload(report, [Samples.Finding("finding1")], ["%PDF y"u8.ToArray()]));
        Assert.True(ReportSignature.Matches(Payload(report), report, [Samples.Finding("finding1")]));
        Assert.False(ReportSignature.Matches(Payload(report), report, []));
    }

    [Fact]
    public void The_provenance_is_valid_and_carries_the_JWS_in_Base64()
    {
        var provenance = SignatureProvenance.Build("DiagnosticReport/report1/_history/1", ["Observation/finding1"], "Practitioner/reader", "Organization/reading", "ServiceRequest/order1", ["ImagingStudy/study1"], "a.b.c", Samples.Now);
        Assert.DoesNotContain(FhirValidator.Validate(provenance), i => i.IsError);
        var signature = provenance.Root["signature"];
        Assert.Equal(("a.b.c", "application/jose", "1.2.840.10065.1.12.1.1"), (Encoding.ASCII.GetString(Convert.FromBase64String(signature.Text("data")!)), signature.Text("sigFormat"), signature["type"].Text("code")));
    }
}
