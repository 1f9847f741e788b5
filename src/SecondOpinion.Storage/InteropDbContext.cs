using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Cases;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Outbox;
using SecondOpinion.Storage.Resources;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.Storage;

/// <summary>One model for all providers; each provider has a derived context and a migration set of its own. Text compares by code point everywhere.</summary>
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

    public DbSet<CaseRow> Cases => Set<CaseRow>();

    public DbSet<CaseKeyRow> CaseKeys => Set<CaseKeyRow>();

    public DbSet<CaseStudyRow> CaseStudies => Set<CaseStudyRow>();

    public DbSet<WorkitemRow> Workitems => Set<WorkitemRow>();

    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<ClientRow> Clients => Set<ClientRow>();

    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<SeenAssertionRow> SeenAssertions => Set<SeenAssertionRow>();

    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    // Each folder configures its own tables.
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ResourceModel.Configure(modelBuilder);
        TenantModel.Configure(modelBuilder);
        DicomModel.Configure(modelBuilder);
        OutboxModel.Configure(modelBuilder);
        SearchModel.Configure(modelBuilder);
        CaseModel.Configure(modelBuilder);
    }
}

/// <summary>SQLite: the embedded default. Its BINARY collation compares bytes of UTF-8.</summary>
public sealed class SqliteInteropContext(DbContextOptions<SqliteInteropContext> options) : InteropDbContext(options);

/// <summary>PostgreSQL.</summary>
public sealed class PostgresInteropContext(DbContextOptions<PostgresInteropContext> options) : InteropDbContext(options)
{
    // "C" compares bytes of UTF-8 and lets a prefix match use the index.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("C");
}

/// <summary>SQL Server.</summary>
public sealed class SqlServerInteropContext(DbContextOptions<SqlServerInteropContext> options) : InteropDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("Latin1_General_100_BIN2");
}
