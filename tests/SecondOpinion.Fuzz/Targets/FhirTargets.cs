using System.Text;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>FHIR JSON, XML and FHIRPath: issues or a resource, never another exception than <see cref="FhirException"/>.</summary>
internal static class FhirTargets
{
    private static readonly FhirResource s_patient = FhirResource.Parse("""
        {"resourceType":"Patient","id":"p","name":[{"family":"Doe","given":["Jane","Ann"]}],"birthDate":"1970-01-02","active":true,"multipleBirthInteger":2}
        """);

    internal static readonly string[] Expressions =
    [
        "Patient.name.where(use = 'official' or given.exists()).given.first() & ' ' & name.family",
        "birthDate <= today() and (multipleBirth as integer) > 1 implies name.given.count() = 2",
        "name.select(given | family).repeat($this).aggregate($total + iif($this.matches('[A-Z]+'), 1, 0), 0)",
        "('2020-02-29T10:00:00.5+01:00'.toDateTime() + 3 days) ~ @2020-03-03T10:00 and 5 'mg' = 0.005 'g'",
        "%resource.descendants().ofType(string).all(length() < 10) xor {}.empty()",
    ];

    internal static void Json(byte[] input)
    {
        if (FhirResource.TryParse(input).Resource is { } resource)
        {
            var canonical = resource.Json.ToArray();
            if (FhirResource.TryParse(canonical).Resource is not { } again || !again.Json.Span.SequenceEqual(canonical))
            {
                throw new FuzzFailureException("the canonical JSON is not stable");
            }

            WriteXml(resource);
        }
    }

    internal static void Xml(byte[] input)
    {
        if (FhirXml.TryParse(input).Resource is { } resource)
        {
            WriteXml(resource);
        }
    }

    private static void WriteXml(FhirResource resource)
    {
        try
        {
            FhirXml.ToXml(resource);
        }
        catch (FhirException)
        {
            // A resource with issues may have no XML form.
        }
    }

    internal static void Path(byte[] input)
    {
        try
        {
            FhirPathExpression.Compile(Encoding.UTF8.GetString(input)).Evaluate(s_patient.Root);
        }
        catch (FhirException)
        {
            // A refusal.
        }
    }
}
