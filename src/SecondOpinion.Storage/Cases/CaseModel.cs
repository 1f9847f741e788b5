using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Cases;

/// <summary>Tables of cases.</summary>
internal static class CaseModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<CaseRow>(table =>
        {
            table.ToTable("Cases").HasKey(c => c.OrderKey);
            table.Property(c => c.OrderKey).ValueGeneratedNever();
            table.Property(c => c.OrderId).HasMaxLength(ColumnLength.Id);
            table.Property(c => c.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(c => c.ReaderTenantId).HasMaxLength(ColumnLength.Id);
            table.Property(c => c.Patient).HasMaxLength(ColumnLength.Text);
            table.HasOne<ResourceRow>().WithOne().HasForeignKey<CaseRow>(c => c.OrderKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(c => c.OrderId).IsUnique();
            table.HasIndex(c => c.TaskKey).IsUnique();
            table.HasIndex(c => c.ReportKey);
            table.HasIndex(c => new { c.TenantId, c.ReaderTenantId });
            table.HasIndex(c => c.ReaderTenantId);
        });

        model.Entity<CaseKeyRow>(table =>
        {
            table.ToTable("CaseKeys").HasKey(k => new { k.TenantId, k.Kind, k.Value, k.OrderKey });
            table.Property(k => k.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(k => k.Kind).HasMaxLength(16);
            table.Property(k => k.Value).HasMaxLength(ColumnLength.Text);
            table.HasOne<CaseRow>().WithMany().HasForeignKey(k => k.OrderKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(k => k.OrderKey);
        });

        model.Entity<CaseStudyRow>(table =>
        {
            table.ToTable("CaseStudies").HasKey(s => new { s.OrderKey, s.StudyKey });
            table.HasOne<CaseRow>().WithMany().HasForeignKey(s => s.OrderKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(s => s.StudyKey);
        });
    }
}
