using Microsoft.EntityFrameworkCore;

namespace SecondOpinion.Storage.Model;

/// <summary>Tables of tenants, their clients, keys of the server and leases.</summary>
internal static class TenantModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<TenantRow>(table =>
        {
            table.ToTable("Tenants").HasKey(t => t.Id);
            table.Property(t => t.Id).HasMaxLength(ColumnLength.Id);
            table.Property(t => t.Name).HasMaxLength(ColumnLength.Name);
        });

        model.Entity<ClientRow>(table =>
        {
            table.ToTable("Clients").HasKey(c => c.ClientId);
            table.Property(c => c.ClientId).HasMaxLength(ColumnLength.Id);
            table.Property(c => c.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(c => c.JwksUrl).HasMaxLength(ColumnLength.Url);
            table.Property(c => c.FhirUser).HasMaxLength(ColumnLength.Text);
            table.HasOne<TenantRow>().WithMany().HasForeignKey(c => c.TenantId).OnDelete(DeleteBehavior.NoAction);
        });

        model.Entity<SigningKeyRow>(table =>
        {
            table.ToTable("SigningKeys").HasKey(k => k.KeyId);
            table.Property(k => k.KeyId).HasMaxLength(ColumnLength.Id);
            table.Property(k => k.Use).HasMaxLength(ColumnLength.Code);
            table.HasIndex(k => new { k.Use, k.Created });
        });

        model.Entity<SeenAssertionRow>(table =>
        {
            table.ToTable("SeenAssertions").HasKey(a => new { a.ClientId, a.Jti });
            table.Property(a => a.ClientId).HasMaxLength(ColumnLength.Id);
            table.Property(a => a.Jti).HasMaxLength(ColumnLength.Text);
            table.HasIndex(a => a.Expires);
        });

        model.Entity<LeaseRow>(table =>
        {
            table.ToTable("Leases").HasKey(l => l.Name);
            table.Property(l => l.Name).HasMaxLength(ColumnLength.Text);
            table.Property(l => l.Owner).HasMaxLength(ColumnLength.Text);
        });
    }
}
