using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Life;
using SecondOpinion.Cases.Matching;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.Storage.Cases;

/// <summary>What the steps of one settling share: the transaction, what is done and what is still to do.</summary>
internal sealed class CaseScope(StoreTransaction transaction, CaseOptions options, ConcurrentDictionary<string, string> endpoints)
{
    private const string OrdersOfStudy = "SELECT \"OrderKey\" FROM \"CaseStudies\" WHERE \"StudyKey\" = @p0 ORDER BY \"OrderKey\"";

    private readonly HashSet<(long Key, int Version)> _done = [];
    private readonly Dictionary<long, StudyTree> _studies = [];

    public StoreTransaction Transaction { get; } = transaction;

    public CaseOptions Options { get; } = options;

    /// <summary>References of Endpoints known to be stored, by tenant.</summary>
    public ConcurrentDictionary<string, string> Endpoints { get; } = endpoints;

    public InteropDbContext Db => Transaction.Db;

    public Actor Actor => Transaction.Actor;

    public DateTimeOffset Now => Transaction.Now;

    /// <summary>Cases whose work item has to be projected again.</summary>
    public HashSet<long> ChangedCases { get; } = [];

    /// <summary>Studies whose ImagingStudy has to be projected again.</summary>
    public HashSet<long> ChangedStudies { get; } = [];

    /// <summary>A study with series and instances; read once until the server itself adds to it.</summary>
    public async Task<StudyTree?> StudyAsync(long key)
    {
        if (!_studies.TryGetValue(key, out var tree) && await Transaction.DicomIndex.StudyAsync(key) is { } found)
        {
            _studies[key] = tree = found;
        }

        return tree;
    }

    /// <summary>Adds an instance that the server made.</summary>
    public async Task AddAsync(string tenant, StagedInstance instance)
    {
        await Transaction.DicomIndex.AddAsync(tenant, instance);
        Db.ChangeTracker.Clear();
        _studies.Clear();
    }

    /// <summary>Changes that no step has looked at; the server's own are not among them.</summary>
    public List<ResourceChange> TakeChanges()
    {
        return Transaction.Changes.Where(c => _done.Add((c.After.Key, c.After.Version))).ToList();
    }

    /// <summary>The change of a resource as it stands now: a step before may have rewritten it.</summary>
    public ResourceChange Current(ResourceChange change) => Transaction.Changes.FindLast(c => c.After.Key == change.After.Key) ?? change;

    public async Task<Outcome<StoredResource>> CreateAsync(string tenant, FhirResource resource, string? id = null)
    {
        var created = await Transaction.Writes.CreateAsync(tenant, resource, id);
        if (!created.IsRefused)
        {
            _done.Add((created.Value.Key, created.Value.Version));
        }

        return created;
    }

    /// <summary>Saves what the server changed: in the version that this transaction wrote, else as a new one. What is the same is not written.</summary>
    /// <param name="keepPast">Whether the version before stays readable.</param>
    public Task<StoredResource> SaveAsync(StoredResource current, FhirResource resource, bool keepPast = true) => SaveAsync(current, resource.Json, keepPast);

    /// <inheritdoc cref="SaveAsync(StoredResource, FhirResource, bool)"/>
    /// <param name="json">Canonical JSON of a resource of the same type; it is parsed as it is stored.</param>
    public async Task<StoredResource> SaveAsync(StoredResource current, ReadOnlyMemory<byte> json, bool keepPast = true)
    {
        if (current.Json.Span.SequenceEqual(json.Span))
        {
            return current;
        }

        var latest = Transaction.Changes.FindLast(c => c.After.Key == current.Key);
        if (latest is not null && latest.After.Version == current.Version && !latest.After.IsDeleted)
        {
            return await Transaction.Writes.RewriteAsync(current, json);
        }

        var saved = await Transaction.Writes.UpdateAsync(current, json, keepPast: keepPast);
        _done.Add((saved.Key, saved.Version));
        return saved;
    }

    public async Task<FhirResource?> ReadAsync(string? reference)
    {
        return await FindAsync(reference) is { IsDeleted: false } found ? found.Parse() : null;
    }

    /// <summary>A resource by its local reference, whoever owns it.</summary>
    public async Task<StoredResource?> FindAsync(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var (type, id) = ReferenceText.Split(reference);
        return await Transaction.Resources.FindAnyAsync(type, id);
    }

    public async Task<StoredResource> TaskAsync(CaseRow row) =>
        await Transaction.Resources.FindAnyAsync(row.TaskKey) ?? throw new InvalidOperationException($"The Task of case {row.OrderId} is missing");

    public async Task<StoredResource> OrderAsync(CaseRow row) =>
        await Transaction.Resources.FindAnyAsync(row.OrderKey) ?? throw new InvalidOperationException($"The order of case {row.OrderId} is missing");

    public Task<CaseRow?> CaseOfOrderAsync(string orderId) => Db.Cases.AsNoTracking().FirstOrDefaultAsync(c => c.OrderId == orderId);

    public async Task<CaseRow?> CaseOfTaskAsync(string reference) =>
        await FindAsync(reference) is { } task ? await Db.Cases.AsNoTracking().FirstOrDefaultAsync(c => c.TaskKey == task.Key) : null;

    /// <summary>Cases of an orderer that a value leads to.</summary>
    public async Task<List<CaseRow>> FindCasesAsync(string tenant, string kind, string value)
    {
        var key = KeyOf(value);
        return await (from k in Db.CaseKeys.AsNoTracking()
                      join c in Db.Cases.AsNoTracking() on k.OrderKey equals c.OrderKey
                      where k.TenantId == tenant && k.Kind == kind && k.Value == key
                      orderby c.OrderKey
                      select c).ToListAsync();
    }

    /// <summary>Moves a case's Task: saves its JSON and keeps the row's columns in step.</summary>
    public async Task<StoredResource> MoveAsync(CaseRow row, StoredResource task, CaseState state, Action<System.Text.Json.Nodes.JsonObject>? edit = null)
    {
        var moved = await SaveAsync(task, task.Parse().With(json =>
        {
            TaskWriter.SetState(json, state);
            edit?.Invoke(json);
            json["lastModified"] = TaskWriter.Instant(Now);
        }));
        row.IsOpen = !state.IsOver();
        await UpdateAsync(row);
        ChangedCases.Add(row.OrderKey);
        return moved;
    }

    public async Task UpdateAsync(CaseRow row)
    {
        Db.Cases.Update(row);
        await FlushAsync();
    }

    /// <summary>Saves tracked rows and stops tracking them.</summary>
    public async Task FlushAsync()
    {
        await Db.SaveChangesAsync();
        Db.ChangeTracker.Clear();
    }

    /// <summary>Replaces the values that a case is found by.</summary>
    public async Task IndexAsync(CaseRow row, Order order, FhirResource? patient)
    {
        var keys = new HashSet<(string Kind, string Value)>();
        if (order.Placer is { } placer)
        {
            keys.Add((CaseKeyKind.Placer, KeyOf(placer.Value)));
        }

        keys.UnionWith(order.Accessions.Select(a => (CaseKeyKind.Accession, KeyOf(a.Value))));
        keys.UnionWith((await NamedStudiesAsync(row.TenantId, order)).Select(u => (CaseKeyKind.Study, KeyOf(u))));
        keys.UnionWith(order.Supporting.Select(s => (CaseKeyKind.Supporting, KeyOf(s))));
        if (patient is not null)
        {
            keys.UnionWith(patient.Root.Identifiers().Select(i => (CaseKeyKind.Patient, KeyOf(i.Value))));
            keys.Add((CaseKeyKind.Supporting, KeyOf(row.Patient)));
        }

        await Db.CaseKeys.Where(k => k.OrderKey == row.OrderKey).ExecuteDeleteAsync();
        Db.CaseKeys.AddRange(keys.Select(k => new CaseKeyRow { TenantId = row.TenantId, Kind = k.Kind, Value = k.Value, OrderKey = row.OrderKey }));
        await FlushAsync();
    }

    /// <summary>Study UIDs that an order names, itself or through ImagingStudy resources of its owner in supportingInfo.</summary>
    public async Task<IReadOnlyList<string>> NamedStudiesAsync(string tenant, Order order)
    {
        var uids = new List<string>(order.StudyUids);
        foreach (var reference in order.Supporting.Where(s => s.StartsWith("ImagingStudy/", StringComparison.Ordinal)))
        {
            if (await FindAsync(reference) is { IsDeleted: false } study && study.TenantId == tenant)
            {
                uids.AddRange(study.Parse().Root.Identifiers().Select(Order.StudyUid).OfType<string>());
            }
        }

        return uids;
    }

    public async Task<OpenOrder> OpenOrderAsync(CaseRow row)
    {
        var order = Order.From((await OrderAsync(row)).Parse());
        var patient = await ReadAsync(row.Patient);
        return new OpenOrder(
            row.OrderId, await NamedStudiesAsync(row.TenantId, order), order.Accessions, patient?.Root.Identifiers() ?? [], patient?.Root.Text("birthDate"));
    }

    /// <summary>Keys of the orders that a study belongs to, in order. Every stored instance asks, more than once.</summary>
    public async Task<List<long>> OrdersOfAsync(long studyKey)
    {
        var keys = new List<long>();
        await Statements.Of(Db).EachAsync(r => keys.Add(r.GetInt64(0)), OrdersOfStudy, studyKey);
        return keys;
    }

    /// <summary>The studies of a case.</summary>
    public async Task<List<StudyTree>> StudiesAsync(CaseRow row)
    {
        var trees = new List<StudyTree>();
        foreach (var key in await Db.CaseStudies.AsNoTracking().Where(s => s.OrderKey == row.OrderKey).OrderBy(s => s.StudyKey).Select(s => s.StudyKey).ToListAsync())
        {
            if (await StudyAsync(key) is { } tree)
            {
                trees.Add(tree);
            }
        }

        return trees;
    }

    /// <summary>A value as <see cref="CaseKeyRow.Value"/> holds it.</summary>
    public static string KeyOf(string value) =>
        value.Length <= 128 ? value : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
