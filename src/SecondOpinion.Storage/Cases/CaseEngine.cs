using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Cases.Result;
using SecondOpinion.Cases.Sign;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Cases;

/// <summary>
/// Carries out what the case rules decide, inside the transaction of the cause: checks orders, tasks and reviews, keeps ImagingStudy, work items and
/// shares, moves the Task, makes the signed result. Runs after every write, so that no route goes round it.
/// </summary>
public sealed class CaseEngine(CaseOptions options, InstanceStaging staging, Func<ReportDocument, byte[]> render)
{
    /// <summary>The engine with the PDF that people read.</summary>
    public CaseEngine(CaseOptions options, InstanceStaging staging)
        : this(options, staging, ReportPdf.Render)
    {
    }

    // What depends on nothing comes first; a report may stand on an order, a Task and images of the same transaction.
    private static readonly string[] Order = ["Organization", "Practitioner", "PractitionerRole", "Endpoint", "ImagingStudy", "Patient", "Task", "ServiceRequest", "DocumentReference", "Communication", "Observation", "DiagnosticReport"];

    /// <summary>A transaction's changes settle in a few rounds; more would be a loop.</summary>
    private const int MaxRounds = 20;

    private readonly ConcurrentDictionary<string, ReportKey> _keys = new();
    private readonly ConcurrentDictionary<string, string> _endpoints = new();

    /// <summary>Works through the changes of a transaction, its own included, until nothing is left to do. A refusal undoes the whole write.</summary>
    public async Task<Refusal?> SettleAsync(StoreTransaction transaction, CancellationToken cancellation)
    {
        var scope = new CaseScope(transaction, options, _endpoints);
        var projection = new CaseProjection(scope);
        var shares = new CaseShares(scope, projection);
        var images = new AttachmentImages(scope, staging);
        var studies = new StudySteps(scope, shares);
        var steps = new Steps(
            scope, shares, studies, new OrderSteps(scope, shares, studies, images), new TaskSteps(scope, shares),
            new AnswerSteps(scope, shares, studies, images), new ReviewSteps(scope, shares, new ResultMaker(scope, shares, staging, KeyAsync, render)));
        var touched = new HashSet<long>();
        for (var round = 0; round < MaxRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var changes = scope.TakeChanges();
            var stored = transaction.TouchedStudies.ToList();
            touched.UnionWith(stored);
            transaction.TouchedStudies.Clear();
            if (changes.Count == 0 && stored.Count == 0 && scope.ChangedStudies.Count == 0 && scope.ChangedCases.Count == 0)
            {
                transaction.TouchedStudies.UnionWith(touched);
                return null;
            }

            var refusal = await steps.RunAsync(changes, stored) ?? await ProjectAsync(scope, projection);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        throw new InvalidOperationException("Changes of a case do not settle");
    }

    private static async Task<Refusal?> ProjectAsync(CaseScope scope, CaseProjection projection)
    {
        var (studies, cases) = (scope.ChangedStudies.ToList(), scope.ChangedCases.ToList());
        scope.ChangedStudies.Clear();
        scope.ChangedCases.Clear();
        foreach (var key in studies)
        {
            var study = await projection.ImagingStudyAsync(key);
            if (study.IsRefused)
            {
                return study.Refusal;
            }

            cases.AddRange(await scope.OrdersOfAsync(key));
        }

        foreach (var key in cases.Distinct())
        {
            await projection.WorkitemAsync(await scope.Db.Cases.AsNoTracking().FirstAsync(c => c.OrderKey == key));
        }

        return null;
    }

    /// <summary>The newest key for reports; made when there is none.</summary>
    private async Task<ReportKey> KeyAsync(CaseScope scope)
    {
        var row = await scope.Db.SigningKeys.AsNoTracking().Where(k => k.Use == "report").OrderByDescending(k => k.Created).ThenBy(k => k.KeyId).FirstOrDefaultAsync();
        if (row is null)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            row = new SigningKeyRow
            {
                KeyId = Convert.ToHexStringLower(SHA256.HashData(made.ExportSubjectPublicKeyInfo()))[..32],
                Use = "report",
                PrivateKey = made.ExportPkcs8PrivateKey(),
                Created = scope.Now.UtcTicks,
            };
            scope.Db.SigningKeys.Add(row);
            await scope.FlushAsync();
        }

        return _keys.GetOrAdd(row.KeyId, _ =>
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(row.PrivateKey, out var _);
            return new ReportKey(row.KeyId, key);
        });
    }

    /// <summary>Which step looks at which change.</summary>
    private sealed class Steps(CaseScope scope, CaseShares shares, StudySteps studies, OrderSteps orders, TaskSteps tasks, AnswerSteps answers, ReviewSteps reviews)
    {
        public async Task<Refusal?> RunAsync(List<ResourceChange> changes, List<long> stored)
        {
            foreach (var change in changes.OrderBy(c => Array.IndexOf(Order, c.After.Type)))
            {
                if (await OneAsync(scope.Current(change)) is { } refusal)
                {
                    return refusal;
                }
            }

            foreach (var key in stored)
            {
                if (await studies.MatchAsync(key) is { } refusal)
                {
                    return refusal;
                }
            }

            return null;
        }

        private async Task<Refusal?> OneAsync(ResourceChange change)
        {
            switch (change.After.Type)
            {
                case "ServiceRequest":
                    return await orders.RunAsync(change);
                case "Task":
                    return await tasks.RunAsync(change);
                case "DocumentReference":
                    return await answers.DocumentAsync(change);
                case "Communication":
                    return await answers.CommunicationAsync(change);
                case "Patient":
                    return await answers.PatientAsync(change);
                case "Observation":
                    return await reviews.ObservationAsync(change);
                case "DiagnosticReport":
                    return await reviews.ReportAsync(change);
                case "ImagingStudy":
                    return await RefuseProjectionAsync(change, ImagingStudyBuilder.IdPrefix, "The ImagingStudy of a study stored here is kept by the server; store or change images through DICOMweb");
                case "Endpoint":
                    await shares.DirectoryEntryAsync(change.After);
                    return await RefuseProjectionAsync(change, EndpointBuilder.IdPrefix, "The Endpoint of this server's DICOMweb service is kept by the server");
                case "Organization" or "Practitioner" or "PractitionerRole":
                    await shares.DirectoryEntryAsync(change.After);
                    return null;
                default:
                    return null;
            }
        }

        // Also an ImagingStudy under another id that claims a study of this tenant's index.
        private async Task<Refusal?> RefuseProjectionAsync(ResourceChange change, string prefix, string reason)
        {
            if (scope.Actor.IsServer)
            {
                return null;
            }

            var isKept = change.After.Id.StartsWith(prefix, StringComparison.Ordinal);
            if (!isKept && change.Resource is { ResourceType: "ImagingStudy" } resource)
            {
                var uids = resource.Root.Identifiers().Select(SecondOpinion.Cases.Intake.Order.StudyUid).OfType<string>().ToArray();
                var tenant = change.After.TenantId;
                isKept = uids.Length > 0 && await scope.Db.Studies.AsNoTracking().AnyAsync(s => s.TenantId == tenant && uids.Contains(s.StudyInstanceUid));
            }

            return isKept ? Refusal.Of(RefusalKind.NotAllowed, "not-supported", reason, "server-kept", change.After.Type) : null;
        }
    }
}
