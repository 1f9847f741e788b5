using System.Text;
using System.Text.Json;
using System.Xml;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>
/// What a server does with bytes that say they are FHIR: a result or a refusal within a second of CPU, never another exception than <see cref="FhirException"/>,
/// and what is written is JSON, well-formed XML and the same resource when it is read again.
/// </summary>
internal static class FhirTargets
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };
    private static readonly ValidationOptions s_everything = new() { BestPractice = true, AlsoProfiles = ["https://secondopinion.example/fhir/StructureDefinition/second-opinion-order"] };
    private static readonly FhirPathOptions s_strict = new() { Strict = true };

    private static readonly FhirResource s_observation = FhirResource.Parse("""
        {"resourceType":"Observation","id":"p","contained":[{"resourceType":"Patient","id":"c","name":[{"family":"Doe","given":["Jane","Ann"]}],"birthDate":"1970-01-02","active":true,"multipleBirthInteger":2}],
        "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1-8"},{"code":"x","display":"X"}],"text":"Text"},"subject":{"reference":"#c"},"effectiveDateTime":"2020-02-29T10:00:00.5+01:00",
        "valueQuantity":{"value":1.50,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},"component":[{"code":{"text":"a"},"valueInteger":1},{"code":{"text":"b"},"valueString":"s"}],"_status":{"extension":[{"url":"u","valueCode":"v"}]}}
        """);

    private static readonly Dictionary<string, Action<byte[]>> s_targets = new(StringComparer.Ordinal)
    {
        ["fhir-json"] = Json,
        ["fhir-xml"] = Xml,
        ["fhir-validate"] = Validate,
        ["fhir-search"] = Search,
        ["fhir-query"] = Query,
        ["fhir-patch"] = Patch,
        ["fhirpath"] = Path,
    };

    internal static IEnumerable<string> Names => s_targets.Keys;

    /// <summary>The target of that name; null when there is none.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="limited">Whether an input that takes more than a second of CPU fails.</param>
    internal static Action<byte[]>? Find(string? name, bool limited = true) =>
        name is null || !s_targets.TryGetValue(name, out var target) ? null
        : limited ? input => Limited(target, input)
        : target;

    /// <summary>CPU time of the process, which runs one case at a time: the clock would blame the library for its neighbours.</summary>
    private static void Limited(Action<byte[]> target, byte[] input)
    {
        var start = Environment.CpuUsage.TotalTime;
        target(input);
        if (Environment.CpuUsage.TotalTime - start is var used && used > s_limit)
        {
            throw new FuzzFailureException($"takes {used.TotalMilliseconds:F0} ms of CPU");
        }
    }

    private static void Json(byte[] input)
    {
        if (FhirResource.TryParse(input).Resource is not { } resource)
        {
            return;
        }

        var canonical = resource.Json.ToArray();
        using var valid = JsonDocument.Parse(canonical, s_deep);
        if (FhirResource.TryParse(canonical).Resource is not { } again || !again.Json.Span.SequenceEqual(canonical))
        {
            throw new FuzzFailureException("canonical JSON is not stable");
        }

        try
        {
            RoundTrip(resource);
        }
        catch (FhirException e)
        {
            // Only a resource that validation refuses may have no XML form.
            if (!FhirValidator.Validate(resource).Any(i => i.IsError))
            {
                throw new FuzzFailureException("no XML form of a valid resource: " + e.Message);
            }
        }
    }

    private static void Xml(byte[] input)
    {
        if (FhirXml.TryParse(input).Resource is { } resource)
        {
            using var valid = JsonDocument.Parse(resource.Json, s_deep);
            RoundTrip(resource);
        }
    }

    /// <summary>To XML and back: well formed by another parser, and the same XML the second time; of a valid resource also the same tree.</summary>
    private static void RoundTrip(FhirResource resource)
    {
        var xml = FhirXml.ToXml(resource);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
            {
                // Every node is looked at by the reader itself.
            }
        }
        catch (XmlException e)
        {
            throw new FuzzFailureException("not well-formed XML: " + e.Message);
        }

        var back = FhirXml.TryParse(xml);
        if (back.Resource is { } again && FhirXml.ToXml(again).AsSpan().SequenceEqual(xml) && Difference(resource.Root, again.Root) is null)
        {
            return;
        }

        if (!FhirValidator.Validate(resource).Any(i => i.IsError))
        {
            throw new FuzzFailureException("XML loses something: " + (back.Resource is { } other ? Difference(resource.Root, other.Root) : string.Join("; ", back.Issues.Select(i => i.Message))));
        }
    }

    /// <summary>The first place where two trees differ, order of elements and text of narratives aside.</summary>
    private static string? Difference(FhirNode a, FhirNode b)
    {
        if (a.Type != b.Type || (a.Type != "xhtml" && a.Value != b.Value))
        {
            return a.Path;
        }

        var (left, right) = (a.Children().OrderBy(c => c.Name).ToList(), b.Children().OrderBy(c => c.Name).ToList());
        return left.Count != right.Count ? a.Path : left.Zip(right, Difference).FirstOrDefault(d => d is not null);
    }

    private static void Validate(byte[] input)
    {
        if (FhirResource.TryParse(input).Resource is not { } resource)
        {
            return;
        }

        var issues = FhirValidator.Validate(resource);
        if (issues.Any(i => i.Message.Length is 0 or > 4000) || FhirValidator.Validate(resource, s_everything).Count < issues.Count)
        {
            throw new FuzzFailureException("issues without a usable message, or fewer of them when more is asked");
        }

        FhirResource.Parse(OperationOutcome.ToJson(issues));
        if (!issues.Any(i => i.IsError))
        {
            Derived(resource);
        }
    }

    /// <summary>What a server makes of a stored resource is a resource again.</summary>
    private static void Derived(FhirResource resource)
    {
        foreach (var mode in Enum.GetValues<SummaryMode>())
        {
            FhirResource.Parse(ResourceSummary.Apply(resource, mode).Json);
        }

        FhirResource.Parse(Narrative.Add(resource).Json);
        FhirResource.Parse(resource.RewriteReferences(link => link.StartsWith('#') ? null : "x\"<&\n/" + link).Json);
        FhirResource.Parse(resource.With(json => json.Remove("text")).Json);
    }

    private static void Search(byte[] input)
    {
        if (FhirResource.TryParse(input).Resource is { } resource)
        {
            Allow(() =>
            {
                foreach (var value in SearchIndexer.Extract(resource))
                {
                    if ((double.IsNaN(value.Low) || double.IsNaN(value.High) || (value.Low > value.High && value.Kind != SearchParameterType.Special) || value.From > value.To) && !FhirValidator.Validate(resource).Any(i => i.IsError))
                    {
                        throw new FuzzFailureException("an empty range of " + value.Parameter.Code);
                    }
                }
            });
        }
    }

    private static void Query(byte[] input)
    {
        var query = Encoding.UTF8.GetString(input);
        foreach (var type in new[] { "Patient", "Observation", "ServiceRequest" })
        {
            SearchRequest.ParseQuery(type, query, strict: false);
        }
    }

    private static void Patch(byte[] input)
    {
        var outcome = input switch
        {
            [(byte)'[', ..] => JsonPatch.Apply(s_observation, input),
            [(byte)'<', ..] => XmlPatch.Apply(s_observation, input),
            _ => FhirResource.TryParse(input).Resource is { } parameters ? FhirPathPatch.Apply(s_observation, parameters) : s_observation,
        };
        if (!outcome.IsRefused)
        {
            FhirResource.Parse(outcome.Value.Json);
            FhirValidator.Validate(outcome.Value);
        }
    }

    private static void Path(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Allow(() => FhirPathExpression.Compile(text).Evaluate(s_observation.Root));
        Allow(() => FhirPathExpression.Compile(text).Test(s_observation.Root.At("contained"), s_strict));
    }

    private static void Allow(Action action)
    {
        try
        {
            action();
        }
        catch (FhirException e) when (e.Issues.Count > 0)
        {
            // A refusal.
        }
    }
}
