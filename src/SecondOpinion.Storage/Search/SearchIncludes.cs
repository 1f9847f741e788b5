using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Search;

/// <summary>Finds what a page includes (FHIR R4 search.html#include): only resources that the tenant and the restriction let be seen, each once.</summary>
internal sealed class SearchIncludes(SearchCompiler compiler, int limit)
{
    private const int MaxRounds = 8;

    private readonly HashSet<long> _seen = [];
    private readonly List<ResourceRow> _found = [];

    /// <summary>Whether some were left out for the limit.</summary>
    public bool IsTruncated { get; private set; }

    public async Task<IReadOnlyList<ResourceRow>> FindAsync(IReadOnlyList<ResourceRow> matches, IReadOnlyList<SearchInclude> includes, CancellationToken cancellation)
    {
        _seen.UnionWith(matches.Select(m => m.Key));
        var frontier = matches;
        var current = includes;
        for (var round = 0; round < MaxRounds && frontier.Count > 0 && current.Count > 0 && !IsTruncated; round++)
        {
            var before = _found.Count;
            await ForwardAsync(frontier, [.. current.Where(i => !i.IsReverse)], cancellation);
            foreach (var include in current.Where(i => i.IsReverse))
            {
                await ReverseAsync(frontier, include, cancellation);
            }

            frontier = _found[before..];
            current = [.. includes.Where(i => i.Iterate)];
        }

        return _found;
    }

    private async Task ForwardAsync(IReadOnlyList<ResourceRow> frontier, IReadOnlyList<SearchInclude> includes, CancellationToken cancellation)
    {
        // What each resource type follows: parameters, and the target types each allows (null: any).
        var sources = new List<(long Key, string Type)>();
        var parameters = new HashSet<int>();
        foreach (var row in frontier)
        {
            var specs = includes.Where(i => i.SourceType is null || i.SourceType == row.Type).ToList();
            if (specs.Count > 0)
            {
                sources.Add((row.Key, row.Type));
                parameters.UnionWith(specs.SelectMany(s => Parameters(s, row.Type)));
            }
        }

        if (sources.Count == 0)
        {
            return;
        }

        var keys = sources.ConvertAll(s => s.Key);
        var all = parameters.ToList();
        var references = await compiler.References.AsNoTracking()
            .Where(f => EF.Parameter(keys).Contains(f.ResourceKey) && EF.Parameter(all).Contains(f.Parameter) && f.TargetType != "")
            .Select(f => new { f.ResourceKey, f.Parameter, f.TargetType })
            .ToListAsync(cancellation);
        var types = sources.ToDictionary(s => s.Key, s => s.Type);
        var targets = references
            .Where(f => includes.Any(i => (i.SourceType is null || i.SourceType == types[f.ResourceKey])
                && (i.TargetType is null || i.TargetType == f.TargetType)
                && (i.Parameter is null || ParameterId.Of(types[f.ResourceKey], i.Parameter.Code) == f.Parameter)))
            .GroupBy(f => f.TargetType);
        foreach (var target in targets)
        {
            // A parameter's number says the type of its source, so that keys and parameters may be taken apart.
            var type = target.Key;
            var from = target.Select(f => f.ResourceKey).Distinct().ToList();
            var by = target.Select(f => f.Parameter).Distinct().ToList();
            var ids = compiler.References
                .Where(f => EF.Parameter(from).Contains(f.ResourceKey) && EF.Parameter(by).Contains(f.Parameter) && f.TargetType == type)
                .Select(f => f.TargetId);
            await TakeAsync(compiler.Allowed(type).Where(r => ids.Contains(r.Id)), cancellation);
        }
    }

    private async Task ReverseAsync(IReadOnlyList<ResourceRow> frontier, SearchInclude include, CancellationToken cancellation)
    {
        foreach (var group in frontier.GroupBy(r => r.Type, r => r.Key))
        {
            var type = group.Key;
            if ((include.TargetType is not null && include.TargetType != type) || IsTruncated)
            {
                continue;
            }

            var from = group.ToList();
            var ids = compiler.Visible.Where(r => EF.Parameter(from).Contains(r.Key)).Select(r => r.Id);
            var pointing = compiler.References.Where(f => f.TargetType == type && ids.Contains(f.TargetId));
            if (include.SourceType is { } source)
            {
                var parameters = Parameters(include, source).ToList();
                var keys = pointing.Where(f => EF.Parameter(parameters).Contains(f.Parameter)).Select(f => f.ResourceKey);
                await TakeAsync(compiler.Allowed(source).Where(r => keys.Contains(r.Key)), cancellation);
                continue;
            }

            // _revinclude=*: of whatever types there are.
            var any = pointing.Select(f => f.ResourceKey);
            foreach (var found in await compiler.Visible.Where(r => any.Contains(r.Key)).Select(r => r.Type).Distinct().OrderBy(t => t).ToListAsync(cancellation))
            {
                await TakeAsync(compiler.Allowed(found).Where(r => any.Contains(r.Key)), cancellation);
            }
        }
    }

    private async Task TakeAsync(IQueryable<ResourceRow> rows, CancellationToken cancellation)
    {
        var room = limit - _found.Count;
        if (room <= 0)
        {
            IsTruncated = true;
            return;
        }

        // Those already seen come back, too; room for them, so that they crowd out nobody.
        var take = room + _seen.Count + 1;
        foreach (var row in await rows.AsNoTracking().OrderByDescending(r => r.Key).Take(take).ToListAsync(cancellation))
        {
            if (!_seen.Add(row.Key))
            {
                continue;
            }

            if (_found.Count == limit)
            {
                IsTruncated = true;
                return;
            }

            _found.Add(row);
        }
    }

    private static IEnumerable<int> Parameters(SearchInclude include, string type) => include.Parameter is { } parameter
        ? [ParameterId.Of(type, parameter.Code)]
        : SearchParameters.For(type).Where(p => p.Type == SearchParameterType.Reference).Select(p => ParameterId.Of(type, p.Code));
}
