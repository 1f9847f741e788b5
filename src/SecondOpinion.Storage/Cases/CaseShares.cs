using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>Gives each party of a case what it needs of the other: the only place where data crosses tenants.</summary>
internal sealed class CaseShares(CaseScope scope, CaseProjection projection)
{
    private static readonly string[] Directory = ["Organization", "Practitioner", "PractitionerRole", "Endpoint"];

    /// <summary>Directory entries are shared once for two parties, not for each case.</summary>
    private const string DirectoryCase = "directory";

    /// <summary>Directory entries of one party that are shared at once; later ones follow as they are written.</summary>
    private const int MaxDirectory = 500;

    /// <summary>Lets the reader see the case as it is now: Task (to write), order, all that supports it, studies.</summary>
    public async Task<Refusal?> WithReaderAsync(CaseRow row)
    {
        if (row.ReaderTenantId.Length == 0 || row.ReaderTenantId == row.TenantId)
        {
            return null;
        }

        var writes = scope.Transaction.Writes;
        await writes.ShareAsync(row.TaskKey, row.ReaderTenantId, row.OrderId, canWrite: true);
        var order = await scope.OrderAsync(row);
        await writes.ShareAsync(order.Key, row.ReaderTenantId, row.OrderId);
        var seen = new HashSet<string>();
        foreach (var reference in References(order.Parse()))
        {
            await SupportAsync(row, reference, 2, seen);
        }

        foreach (var studyKey in await scope.Db.CaseStudies.AsNoTracking().Where(s => s.OrderKey == row.OrderKey).Select(s => s.StudyKey).ToListAsync())
        {
            await writes.ShareStudyAsync(studyKey, row.ReaderTenantId, row.OrderId);
            var study = await projection.ImagingStudyAsync(studyKey);
            if (study.IsRefused)
            {
                return study.Refusal;
            }

            if (study.Value is { } stored)
            {
                await writes.ShareAsync(stored.Key, row.ReaderTenantId, row.OrderId);
            }
        }

        await DirectoriesAsync(row.TenantId, row.ReaderTenantId);
        return null;
    }

    /// <summary>Shares a directory entry that was just written with those who have a case with its owner.</summary>
    public async Task DirectoryEntryAsync(StoredResource entry)
    {
        if (entry.IsDeleted || !Directory.Contains(entry.Type))
        {
            return;
        }

        var tenant = entry.TenantId;
        var partners = await scope.Db.Cases.AsNoTracking().Where(c => c.TenantId == tenant && c.ReaderTenantId != "" && c.ReaderTenantId != tenant).Select(c => c.ReaderTenantId)
            .Union(scope.Db.Cases.AsNoTracking().Where(c => c.ReaderTenantId == tenant && c.TenantId != tenant).Select(c => c.TenantId)).ToListAsync();
        foreach (var partner in partners)
        {
            await scope.Transaction.Writes.ShareAsync(entry.Key, partner, DirectoryCase);
        }
    }

    /// <summary>Takes back what the case gave its reader, who is no party of it any more. What the reader gave the orderer stays.</summary>
    public async Task TakeBackAsync(CaseRow row)
    {
        if (row.ReaderTenantId.Length > 0 && row.ReaderTenantId != row.TenantId)
        {
            await scope.Transaction.Writes.UnshareAsync(row.ReaderTenantId, row.OrderId);
        }

        row.ReaderTenantId = "";
        await scope.UpdateAsync(row);
    }

    /// <summary>Lets the other party see a resource that one of them wrote for the case, and what it refers to.</summary>
    public async Task WithOtherPartyAsync(CaseRow row, StoredResource written, int fromVersion = 1, bool canWrite = false)
    {
        var other = written.TenantId == row.TenantId ? row.ReaderTenantId : row.TenantId;
        if (other.Length > 0 && other != written.TenantId)
        {
            await scope.Transaction.Writes.ShareAsync(written.Key, other, row.OrderId, canWrite, fromVersion);
        }
    }

    /// <summary>Shares what a supporting resource of the orderer consists of.</summary>
    public Task SupportAsync(CaseRow row, string reference) => SupportAsync(row, reference, 2, []);

    /// <summary>Local references in a resource, absolute URLs of attachments on this server not among them.</summary>
    private static IEnumerable<string> References(FhirResource resource)
    {
        foreach (var node in resource.Root.Descendants())
        {
            var text = node.Name is "reference" && node.Type == "string" ? node.Value : node.Name == "url" && node.Parent.Type == "Attachment" ? node.Value : null;
            if (ReferenceText.Local(text) is { } reference)
            {
                yield return reference;
            }
        }
    }

    private async Task SupportAsync(CaseRow row, string reference, int depth, HashSet<string> seen)
    {
        // Only the orderer's own data: a share never passes on what a third party shared. Tasks and other orders are not part of the case.
        var (type, _) = ReferenceText.Split(reference);
        if (!seen.Add(reference) || seen.Count > 1000 || type is "ServiceRequest" or "Task" or "ImagingStudy"
            || await scope.FindAsync(reference) is not { IsDeleted: false } found || found.TenantId != row.TenantId)
        {
            return;
        }

        await scope.Transaction.Writes.ShareAsync(found.Key, row.ReaderTenantId, row.OrderId);
        if (depth > 0 && type is not ("Patient" or "Encounter" or "Organization" or "Binary"))
        {
            foreach (var next in References(found.Parse()))
            {
                await SupportAsync(row, next, depth - 1, seen);
            }
        }
    }

    private async Task DirectoriesAsync(string one, string other)
    {
        foreach (var (owner, partner) in new[] { (one, other), (other, one) })
        {
            if (owner == partner)
            {
                continue;
            }

            var missing = await scope.Db.Resources.AsNoTracking()
                .Where(r => r.TenantId == owner && Directory.Contains(r.Type) && !r.IsDeleted && !scope.Db.Shares.Any(s => s.TenantId == partner && s.ResourceKey == r.Key && s.CaseId == DirectoryCase))
                .OrderBy(r => r.Key).Take(MaxDirectory).Select(r => r.Key).ToListAsync();
            foreach (var key in missing)
            {
                await scope.Transaction.Writes.ShareAsync(key, partner, DirectoryCase);
            }
        }
    }
}
