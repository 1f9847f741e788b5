using System.Collections.Frozen;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Resources;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Reads of UPS work items. A work item is visible to whoever may see its Task.</summary>
public sealed class WorkitemReads(InteropDbContext db)
{
    private static readonly FrozenDictionary<string, Func<string, Expression<Func<WorkitemRow, bool>>?>> s_columns =
        new Dictionary<string, Func<string, Expression<Func<WorkitemRow, bool>>?>>
        {
            ["00080018"] = v => ColumnMatch.Uids<WorkitemRow>(w => w.WorkitemUid, v),
            ["00080050"] = v => ColumnMatch.Text<WorkitemRow>(w => w.AccessionNumber, v),
            ["0040A370.00080050"] = v => ColumnMatch.Text<WorkitemRow>(w => w.AccessionNumber, v),
            ["00100010"] = v => ColumnMatch.Name<WorkitemRow>(w => w.PatientNameNorm, v),
            ["00100020"] = v => ColumnMatch.Text<WorkitemRow>(w => w.PatientId, v),
            ["00404005"] = v => ColumnMatch.UtcMoment<WorkitemRow>(w => w.ScheduledStart, v),
            ["00404011"] = v => ColumnMatch.UtcMoment<WorkitemRow>(w => w.ExpectedCompletion, v),
            ["00741000"] = v => ColumnMatch.Text<WorkitemRow>(w => w.State, v),
            ["00741200"] = v => ColumnMatch.Text<WorkitemRow>(w => w.Priority, v),
            ["00741204"] = v => ColumnMatch.Text<WorkitemRow>(w => w.Label, v),
        }.ToFrozenDictionary();

    public static bool CanMatch(string path) => s_columns.ContainsKey(path);

    /// <summary>The one place that says which work items a tenant sees.</summary>
    public IQueryable<WorkitemRow> Visible(string tenant)
    {
        var tasks = new ResourceReads(db).Visible(tenant).Where(r => r.Type == "Task" && !r.IsDeleted);
        return db.Workitems.AsNoTracking().Where(w => tasks.Any(t => t.Key == w.TaskKey));
    }

    public Task<WorkitemRow?> FindAsync(string tenant, string uid, CancellationToken cancellation = default) =>
        Visible(tenant).FirstOrDefaultAsync(w => w.WorkitemUid == uid, cancellation);

    /// <summary>Matches in the order of their scheduled start.</summary>
    /// <returns>A page, and how many matches follow it; at most <see cref="StudyQueryPage.MaxCounted"/> are counted.</returns>
    public async Task<(IReadOnlyList<WorkitemRow> Page, int Remaining)> SearchAsync(
        string tenant, IReadOnlyDictionary<string, string> matches, int offset, int limit, CancellationToken cancellation = default)
    {
        var rows = Visible(tenant);
        foreach (var (path, value) in matches)
        {
            if (s_columns.TryGetValue(path, out var column) && column(value) is { } condition)
            {
                rows = rows.Where(condition);
            }
        }

        var page = await rows.OrderBy(w => w.ScheduledStart).ThenBy(w => w.TaskKey).Skip(offset).Take(limit + 1).ToListAsync(cancellation);
        if (page.Count <= limit)
        {
            return (page, 0);
        }

        page.RemoveAt(limit);
        var counted = await rows.Select(w => w.TaskKey).Take(offset + limit + StudyQueryPage.MaxCounted).CountAsync(cancellation);
        return (page, counted - offset - limit);
    }
}
