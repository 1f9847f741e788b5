using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Codes;

/// <summary>Works out the codes of a ValueSet resource (FHIR R4 valueset.html#int-ext).</summary>
internal sealed class ValueSetReader(Terminology terminology)
{
    private const int MaxDepth = 20;

    /// <summary>The value set; open when some part of it cannot be worked out from what is on board.</summary>
    public ValueSetDefinition Read(FhirResource resource, int depth = 0)
    {
        var root = resource.Root;
        var url = root.Text("url") ?? "";
        var codes = new List<CodedValue>();
        var isOpen = depth > MaxDepth;
        if (!isOpen && root["compose"].Exists)
        {
            var seen = new HashSet<(string, string)>();
            foreach (var include in root["compose"].All("include"))
            {
                isOpen |= Part(include, depth) is not { } part || Add(part, codes, seen);
            }

            foreach (var exclude in root["compose"].All("exclude"))
            {
                if (Part(exclude, depth) is { } part)
                {
                    var gone = part.Select(c => (c.System, c.Code)).ToHashSet();
                    codes.RemoveAll(c => gone.Contains((c.System, c.Code)));
                }
                else
                {
                    isOpen = true;
                }
            }
        }
        else if (!isOpen)
        {
            isOpen = !root["expansion"].Exists;
            ReadContains(root["expansion"], codes, 0);
        }

        return new ValueSetDefinition(url, isOpen, isOpen ? [] : codes);
    }

    private static bool Add(IReadOnlyList<CodedValue> part, List<CodedValue> codes, HashSet<(string, string)> seen)
    {
        codes.AddRange(part.Where(c => seen.Add((c.System, c.Code))));
        return false;
    }

    private static void ReadContains(FhirNode parent, List<CodedValue> codes, int depth)
    {
        foreach (var contained in parent.All("contains"))
        {
            if (contained.Text("code") is { } code && contained.Text("abstract") != "true")
            {
                codes.Add(new CodedValue(contained.Text("system") ?? "", code, contained.Text("display")));
            }

            if (depth < MaxDepth)
            {
                ReadContains(contained, codes, depth + 1);
            }
        }
    }

    /// <summary>One include or exclude; null when it cannot be worked out.</summary>
    private IReadOnlyList<CodedValue>? Part(FhirNode include, int depth)
    {
        IReadOnlyList<CodedValue>? result = null;
        if (include.Text("system") is { } system)
        {
            if ((result = OfSystem(include, system)) is null)
            {
                return null;
            }
        }

        foreach (var url in include.All("valueSet"))
        {
            if (url.Value is null || terminology.Set(url.Value, depth + 1) is not { IsOpen: false } set)
            {
                return null;
            }

            result = result is null ? set.Codes : [.. result.Where(c => set.Contains(c.System, c.Code))];
        }

        return result;
    }

    private List<CodedValue>? OfSystem(FhirNode include, string system)
    {
        var table = terminology.System(system);
        if (include["concept"].Exists)
        {
            return [.. include.All("concept").Where(c => c.Text("code") is not null)
                .Select(c => new CodedValue(system, c.Text("code")!, c.Text("display") ?? table?.Find(c.Text("code")!)?.Display))];
        }

        if (table is not { IsComplete: true })
        {
            return null;
        }

        var concepts = table.Concepts.AsEnumerable();
        foreach (var filter in include.All("filter"))
        {
            if (Filter(table, filter) is not { } keeps)
            {
                return null;
            }

            concepts = concepts.Where(keeps);
        }

        return [.. concepts.Select(c => new CodedValue(system, c.Code, c.Display))];
    }

    // FHIR R4 valueset-filter-operator.html; properties other than the hierarchy and the code are not on board.
    private static Func<CodeConcept, bool>? Filter(CodeTable table, FhirNode filter)
    {
        var value = filter.Text("value") ?? "";
        return (filter.Text("property"), filter.Text("op")) switch
        {
            ("concept", "is-a") => c => table.IsA(c.Code, value),
            ("concept", "descendent-of") => c => c.Code != value && table.IsA(c.Code, value),
            ("concept", "is-not-a") => c => !table.IsA(c.Code, value),
            ("concept" or "code", "=") => c => c.Code == value,
            ("concept" or "code", "in") => c => value.Split(',').Contains(c.Code),
            ("concept" or "code", "not-in") => c => !value.Split(',').Contains(c.Code),
            _ => null,
        };
    }
}
