using Microsoft.EntityFrameworkCore;

namespace SecondOpinion.Storage.Search;

/// <summary>Tables of the search index.</summary>
internal static class SearchModel
{
    public static void Configure(ModelBuilder model) => ArgumentNullException.ThrowIfNull(model);
}
