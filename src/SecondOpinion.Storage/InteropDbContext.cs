using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage;

/// <summary>One model for all providers; each provider has a derived context and a migration set of its own.</summary>
public abstract class InteropDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<ResourceRow> Resources => Set<ResourceRow>();

    public DbSet<ResourceVersionRow> ResourceVersions => Set<ResourceVersionRow>();

    public DbSet<ShareRow> Shares => Set<ShareRow>();

    public DbSet<StudyRow> Studies => Set<StudyRow>();

    public DbSet<SeriesRow> Series => Set<SeriesRow>();

    public DbSet<InstanceRow> Instances => Set<InstanceRow>();

    public DbSet<InstanceMetadataRow> InstanceMetadata => Set<InstanceMetadataRow>();

    public DbSet<StudyShareRow> StudyShares => Set<StudyShareRow>();

    public DbSet<WorkitemRow> Workitems => Set<WorkitemRow>();

    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<ClientRow> Clients => Set<ClientRow>();

    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<SeenAssertionRow> SeenAssertions => Set<SeenAssertionRow>();

    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    // Each folder configures its own tables: ResourceModel, SearchModel, DicomModel, ... have a static Configure(ModelBuilder).
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
    }
}
