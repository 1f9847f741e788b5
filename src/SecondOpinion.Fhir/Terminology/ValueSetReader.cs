using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Codes;

/// <summary>Works out the codes of a ValueSet resource (FHIR R4 valueset.html#int-ext).</summary>
internal sealed class ValueSetReader(Terminology terminology, ValueSetWork work)
{
    private const int MaxDepth = 20;

    /// <summary>The value set; open when some part of it cannot be worked out from what is on board.</summary>
    /// <exception cref="FhirException">It has too many codes (code too-costly).</exception>
    public ValueSetDefinition Read(FhirResource resource, int depth = 0)
    {
        var root = resource.Root;
        var codes = new List<CodedValue>();
        var isOpen = depth > MaxDepth;
        if (!isOpen && root["compose"].Exists)
        {
            var seen = new HashSet<(string, string)>();
            foreach (var include in root["compose"].All("include"))
            {
                if (Part(include, depth) is { } part)
                {
                    work.Spend(part.Count);
                    codes.AddRange(part.Where(c => seen.Add((c.System, c.Code))));
                    Bound(root, codes);
                }
                else
                {
                    isOpen = true;
                }
            }

            foreach (var exclude in root["compose"].All("exclude"))
            {
                if (Part(exclude, depth) is { } part)
                {
                    work.Spend(part.Count + codes.Count);
                    var gone = part.Select(c => (c.System, c.Code)).ToHashSet();
                    codes.RemoveAll(c => gone.Contains((c.System, c.Code)));
                }
                else
                {
                    isOpen = true;
                }
            }

            // FHIR R4 valueset-definitions.html#ValueSet.compose.inactive
            if (root["compose"].Text("inactive") == "false")
            {
                codes.RemoveAll(c => c.IsInactive);
            }
        }
        else if (!isOpen)
        {
            // A part of an expansion says nothing of the codes it leaves out.
            var expansion = root["expansion"];
            ReadContains(expansion, codes, 0);
            Bound(root, codes);
            isOpen = !expansion.Exists || (int.TryParse(expansion.Text("total"), out var total) && total > codes.Count);
        }

        return new ValueSetDefinition(root.Text("url") ?? "", isOpen, isOpen ? [] : codes) { Source = resource };
    }

    private static void Bound(FhirNode root, List<CodedValue> codes)
    {
        if (codes.Count > CodeTable.MaxConcepts)
        {
            throw new FhirException("too-costly", $"The value set {root.Text("url")} has more than {CodeTable.MaxConcepts} codes");
        }
    }

    private static void ReadContains(FhirNode parent, List<CodedValue> codes, int depth)
    {
        foreach (var contained in parent.All("contains"))
        {
            if (contained.Text("code") is { } code)
            {
                codes.Add(new CodedValue(contained.Text("system") ?? "", code, contained.Text("display"))
                {
                    IsAbstract = contained.Text("abstract") == "true",
                    IsInactive = contained.Text("inactive") == "true",
                    Designations = Designation.Read(contained),
                });
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
            if (url.Value is null || terminology.Set(url.Value, depth + 1, work) is not { IsOpen: false } set)
            {
                return null;
            }

            work.Spend(set.All.Count + (result?.Count ?? 0));

            result = result is null ? set.All : [.. result.Where(c => set.Has(c.System, c.Code))];
        }

        return result;
    }

    private List<CodedValue>? OfSystem(FhirNode include, string system)
    {
        var table = terminology.System(system);
        if (include["concept"].Exists)
        {
            var listed = new List<CodedValue>();
            foreach (var concept in include.All("concept"))
            {
                if (concept.Text("code") is { } code)
                {
                    var known = table?.Find(code);
                    listed.Add(new CodedValue(system, code, concept.Text("display") ?? known?.Display)
                    {
                        // A code that is listed one by one is meant to be used.
                        IsInactive = known?.IsInactive == true,
                        Designations = [.. Designation.Read(concept), .. known?.Designations ?? []],
                    });
                }
            }

            return listed;
        }

        // Another version than the one on board may have other codes.
        if (table is not { IsComplete: true } || (include.Text("version") is { } version && table.Version is { } own && version != own && version != "*"))
        {
            return null;
        }

        work.Spend(table.Concepts.Count);
        var concepts = table.Concepts.AsEnumerable();
        foreach (var filter in include.All("filter"))
        {
            if (CodeFilter.Read(table, filter.Text("property") ?? "", filter.Text("op") ?? "", filter.Text("value") ?? "") is not { } keeps)
            {
                return null;
            }

            work.Spend(table.Concepts.Count);
            concepts = concepts.Where(keeps);
        }

        return [.. concepts.Select(c => new CodedValue(system, c.Code, c.Display) { IsAbstract = c.IsAbstract, IsInactive = c.IsInactive, Designations = c.Designations })];
    }
}
