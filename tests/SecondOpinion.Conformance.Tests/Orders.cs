using System.Text.Json.Nodes;
using SecondOpinion.TestKit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>The order of docs/examples with other identifiers.</summary>
internal static class Orders
{
    public static JsonNode Create(string placer, string accession, string mrn = "MRN-4711") => JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", "order-bundle.json"))
            .Replace("SO-2026-000123", placer, StringComparison.Ordinal)
            .Replace("ACC-88421", accession, StringComparison.Ordinal)
            .Replace("MRN-4711", mrn, StringComparison.Ordinal))!;
}
