using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Codes;

/// <summary>Follows one concept map (FHIR R4 conceptmap.html).</summary>
internal sealed class ConceptTranslation(Terminology terminology, TranslateOptions options)
{
    // A map that is followed for what another does not map is followed once.
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);

    public IEnumerable<CodeMatch> Translate(FhirResource map, string system, string code)
    {
        var url = map.Root.Text("url") ?? "";
        _followed.Add(url);
        if (options.SourceSet is { } source && Scope(map, "source") is { } from && Canonical.Bare(from) != Canonical.Bare(source))
        {
            yield break;
        }

        if (options.TargetSet is { } target && Scope(map, "target") is { } to && Canonical.Bare(to) != Canonical.Bare(target))
        {
            yield break;
        }

        foreach (var group in map.Root.All("group"))
        {
            var (near, far) = options.Reverse ? ("target", "source") : ("source", "target");
            if (group.Text(near) != system || group.Text(far) is not { } other || (options.TargetSystem is { } wanted && wanted != other))
            {
                continue;
            }

            var matches = options.Reverse ? Backward(group, code, other, url) : Forward(group, code, other, url);
            foreach (var match in matches ?? Unmapped(group["unmapped"], system, code, other, url))
            {
                yield return match;
            }
        }
    }

    private static string? Scope(FhirResource map, string name) => map.Root.Text(name + "Canonical") ?? map.Root.Text(name + "Uri");

    /// <summary>Null when the group does not speak of the code.</summary>
    private List<CodeMatch>? Forward(FhirNode group, string code, string system, string url)
    {
        List<CodeMatch>? matches = null;
        foreach (var element in group.All("element"))
        {
            if (element.Text("code") != code)
            {
                continue;
            }

            matches ??= [];
            foreach (var to in element.All("target"))
            {
                if (to.Text("code") is { } found)
                {
                    matches.Add(Match(to.Text("equivalence"), system, found, to.Text("display"), url));
                }
            }
        }

        return matches;
    }

    private List<CodeMatch> Backward(FhirNode group, string code, string system, string url)
    {
        var matches = new List<CodeMatch>();
        foreach (var element in group.All("element"))
        {
            foreach (var to in element.All("target"))
            {
                if (to.Text("code") == code && element.Text("code") is { } found)
                {
                    matches.Add(Match(Turned(to.Text("equivalence")), system, found, element.Text("display"), url));
                }
            }
        }

        return matches;
    }

    // FHIR R4 conceptmap-definitions.html#ConceptMap.group.unmapped
    private IEnumerable<CodeMatch> Unmapped(FhirNode unmapped, string system, string code, string target, string url)
    {
        switch (unmapped.Text("mode"))
        {
            case "provided":
                return [Match("equal", target, code, null, url)];
            case "fixed" when unmapped.Text("code") is { } one:
                return [Match("relatedto", target, one, unmapped.Text("display"), url)];
            case "other-map" when unmapped.Text("url") is { } next && _followed.Add(Canonical.Bare(next)):
                return terminology.MapsOf(next).SelectMany(m => Translate(m, system, code));
            default:
                return [];
        }
    }

    private CodeMatch Match(string? equivalence, string system, string code, string? display, string url) =>
        new(equivalence ?? "relatedto", system, code, display ?? terminology.System(system)?.Find(code)?.Display, url);

    // FHIR R4 valueset-concept-map-equivalence.html: what the target is to the source, said of the source.
    private static string? Turned(string? equivalence) => equivalence switch
    {
        "wider" => "narrower",
        "narrower" => "wider",
        "subsumes" => "specializes",
        "specializes" => "subsumes",
        _ => equivalence,
    };
}
