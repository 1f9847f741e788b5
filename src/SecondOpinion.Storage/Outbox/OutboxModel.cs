using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Outbox;

/// <summary>Table of notifications owed.</summary>
internal static class OutboxModel
{
    public static void Configure(ModelBuilder model) => model.Entity<DeliveryRow>(table =>
    {
        table.ToTable("Deliveries").HasKey(d => d.Id);
        table.Property(d => d.TenantId).HasMaxLength(ColumnLength.Id);
        table.Property(d => d.ResourceType).HasMaxLength(ColumnLength.Code);
        table.Property(d => d.ResourceId).HasMaxLength(ColumnLength.Id);
        table.Property(d => d.LastError).HasMaxLength(ColumnLength.Url);
        table.HasIndex(d => new { d.NextAttempt, d.Id });
        table.HasIndex(d => new { d.SubscriptionKey, d.Id });
    });
}
