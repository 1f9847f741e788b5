using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Resources;

/// <summary>Tables of FHIR resources.</summary>
internal static class ResourceModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<ResourceRow>(table =>
        {
            table.ToTable("Resources").HasKey(r => r.Key);
            table.Property(r => r.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(r => r.Type).HasMaxLength(ColumnLength.Code);
            table.Property(r => r.Id).HasMaxLength(ColumnLength.Id);
            table.Property(r => r.Method).HasMaxLength(8);
            // Two writers of one version: the second finds no row to update and starts again.
            table.Property(r => r.Version).IsConcurrencyToken();
            table.HasIndex(r => new { r.Type, r.Id }).IsUnique();
            table.HasIndex(r => new { r.TenantId, r.Type, r.Key });
            table.HasIndex(r => new { r.TenantId, r.Type, r.LastUpdated, r.Key });
            table.HasIndex(r => new { r.TenantId, r.LastUpdated, r.Key });
        });

        model.Entity<ResourceVersionRow>(table =>
        {
            table.ToTable("ResourceVersions").HasKey(v => new { v.ResourceKey, v.Version });
            table.Property(v => v.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(v => v.Type).HasMaxLength(ColumnLength.Code);
            table.Property(v => v.Id).HasMaxLength(ColumnLength.Id);
            table.Property(v => v.Method).HasMaxLength(8);
            table.HasOne<ResourceRow>().WithMany().HasForeignKey(v => v.ResourceKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(v => new { v.TenantId, v.Type, v.LastUpdated, v.ResourceKey });
            table.HasIndex(v => new { v.TenantId, v.LastUpdated, v.ResourceKey });
        });

        model.Entity<ShareRow>(table =>
        {
            table.ToTable("Shares").HasKey(s => new { s.TenantId, s.ResourceKey, s.CaseId });
            table.Property(s => s.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(s => s.CaseId).HasMaxLength(ColumnLength.Id);
            table.HasOne<ResourceRow>().WithMany().HasForeignKey(s => s.ResourceKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(s => s.ResourceKey);
            table.HasIndex(s => new { s.TenantId, s.CaseId });
        });
    }
}
