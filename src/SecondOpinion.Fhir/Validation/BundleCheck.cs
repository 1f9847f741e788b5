using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Rules of a Bundle's entries that name the entry at fault (FHIR R4 bundle.html#invs, bundle.html#bundle-unique): bdl-3, bdl-4, bdl-7 and fullUrl against id.</summary>
internal static class BundleCheck
{
    public static void Run(ValidationRun run)
    {
        var tree = run.Tree;
        for (var row = 0; row < tree.Count && !run.IsFull; row++)
        {
            if ((tree.Rows[row].Flags & RowFlags.Resource) != RowFlags.None && tree.Slots[row] is { Type.Name: "Bundle" })
            {
                CheckEntries(run, run.Node(row));
            }
        }
    }

    private static void CheckEntries(ValidationRun run, FhirNode bundle)
    {
        var type = bundle["type"].Value ?? "";
        var isRequest = type is "batch" or "transaction" or "history";
        var isResponse = type is "batch-response" or "transaction-response" or "history";
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in bundle.All("entry"))
        {
            if (type.Length > 0)
            {
                CheckPart(run, entry, "request", isRequest, type, "bdl-3", "batch, transaction and history");
                CheckPart(run, entry, "response", isResponse, type, "bdl-4", "batch-response, transaction-response and history");
            }

            if (entry["fullUrl"] is not { Value: { } url } fullUrl)
            {
                continue;
            }

            var resource = entry["resource"];
            if (type != "history" && !seen.TryAdd(url + "\n" + resource["meta"].Text("versionId"), entry.Index))
            {
                var other = seen[url + "\n" + resource["meta"].Text("versionId")];
                run.Error(fullUrl.Row, "invariant", "bdl-7", $"{ValidationRun.Quote(url)} is the fullUrl of entry[{other}] too; entries with one fullUrl must differ in meta.versionId (bdl-7)");
            }

            CheckId(run, fullUrl, url, resource);
        }
    }

    private static void CheckPart(ValidationRun run, FhirNode entry, string part, bool isNeeded, string type, string key, string types)
    {
        if (entry[part].Exists != isNeeded)
        {
            var found = isNeeded ? $"a Bundle of type {type} needs a {part} in each entry, found none" : $"only Bundles of type {types} have a {part}, this one is of type {ValidationRun.Quote(type)}";
            run.Error(isNeeded ? entry.Row : entry[part].Row, "invariant", key, $"{found} ({key})");
        }
    }

    /// <summary>FHIR R4 bundle-definitions.html#Bundle.entry.fullUrl: it must not disagree with the id in the resource; what is no web address carries no id.</summary>
    private static void CheckId(ValidationRun run, FhirNode fullUrl, string url, FhirNode resource)
    {
        if (resource.IsResource && resource["id"].Value is { } id && url.StartsWith("http", StringComparison.Ordinal)
            && !url.Contains("/_history/", StringComparison.Ordinal) && !url.AsSpan(url.LastIndexOf('/') + 1).SequenceEqual(id))
        {
            run.Error(fullUrl.Row, "value", "fullurl-id", $"{ValidationRun.Quote(url)} does not end in the id of the resource, {ValidationRun.Quote(id)}");
        }
    }
}
