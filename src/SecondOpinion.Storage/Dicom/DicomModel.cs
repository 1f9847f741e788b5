using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Tables of the DICOM index.</summary>
internal static class DicomModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<StudyRow>(Study);
        model.Entity<SeriesRow>(Series);
        model.Entity<InstanceRow>(Instance);

        model.Entity<InstanceMetadataRow>(table =>
        {
            table.ToTable("InstanceMetadata").HasKey(m => m.InstanceKey);
            table.Property(m => m.InstanceKey).ValueGeneratedNever();
            table.HasOne<InstanceRow>().WithOne().HasForeignKey<InstanceMetadataRow>(m => m.InstanceKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(m => m.SeriesKey);
        });

        model.Entity<StudyShareRow>(table =>
        {
            table.ToTable("StudyShares").HasKey(s => new { s.TenantId, s.StudyKey, s.CaseId });
            table.Property(s => s.TenantId).HasMaxLength(ColumnLength.Id);
            table.Property(s => s.CaseId).HasMaxLength(ColumnLength.Id);
            table.HasOne<StudyRow>().WithMany().HasForeignKey(s => s.StudyKey).OnDelete(DeleteBehavior.NoAction);
            table.HasIndex(s => s.StudyKey);
            table.HasIndex(s => new { s.TenantId, s.CaseId });
        });

        model.Entity<WorkitemRow>(Workitem);
    }

    // Every required matching key of PS3.18 table 10.6.1-5 has an index that starts with the tenant.
    private static void Study(EntityTypeBuilder<StudyRow> table)
    {
        table.ToTable("Studies").HasKey(s => s.Key);
        table.Property(s => s.TenantId).HasMaxLength(ColumnLength.Id);
        table.Property(s => s.StudyInstanceUid).HasMaxLength(ColumnLength.Uid);
        table.Property(s => s.PatientId).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.IssuerOfPatientId).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.PatientName).HasMaxLength(ColumnLength.Name);
        table.Property(s => s.PatientNameNorm).HasMaxLength(ColumnLength.Name);
        table.Property(s => s.PatientBirthDate).HasMaxLength(ColumnLength.DateTime);
        table.Property(s => s.PatientSex).HasMaxLength(ColumnLength.Code);
        table.Property(s => s.StudyDate).HasMaxLength(ColumnLength.DateTime);
        table.Property(s => s.StudyTime).HasMaxLength(ColumnLength.DateTime);
        table.Property(s => s.AccessionNumber).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.IssuerOfAccession).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.ReferringPhysicianName).HasMaxLength(ColumnLength.Name);
        table.Property(s => s.ReferringPhysicianNameNorm).HasMaxLength(ColumnLength.Name);
        table.Property(s => s.StudyId).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.StudyDescription).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.Modalities).HasMaxLength(ColumnLength.Name);
        table.Property(s => s.TimezoneOffset).HasMaxLength(ColumnLength.Code);
        table.HasIndex(s => new { s.TenantId, s.StudyInstanceUid }).IsUnique();
        table.HasIndex(s => s.StudyInstanceUid);
        table.HasIndex(s => new { s.TenantId, s.PatientId, s.Key });
        table.HasIndex(s => new { s.TenantId, s.PatientNameNorm, s.Key });
        table.HasIndex(s => new { s.TenantId, s.StudyDate, s.StudyTime, s.Key }); // also the order of results
        table.HasIndex(s => new { s.TenantId, s.StudyTime, s.Key });
        table.HasIndex(s => new { s.TenantId, s.AccessionNumber, s.Key });
        table.HasIndex(s => new { s.TenantId, s.ReferringPhysicianNameNorm, s.Key });
        table.HasIndex(s => new { s.TenantId, s.StudyId, s.Key });
        table.HasIndex(s => new { s.TenantId, s.Modalities, s.Key });
    }

    private static void Series(EntityTypeBuilder<SeriesRow> table)
    {
        table.ToTable("Series").HasKey(s => s.Key);
        table.Property(s => s.TenantId).HasMaxLength(ColumnLength.Id);
        table.Property(s => s.SeriesInstanceUid).HasMaxLength(ColumnLength.Uid);
        table.Property(s => s.Modality).HasMaxLength(ColumnLength.Code);
        table.Property(s => s.SeriesDescription).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.PerformedProcedureStepStartDate).HasMaxLength(ColumnLength.DateTime);
        table.Property(s => s.PerformedProcedureStepStartTime).HasMaxLength(ColumnLength.DateTime);
        table.Property(s => s.ScheduledProcedureStepId).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.RequestedProcedureId).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.BodyPartExamined).HasMaxLength(ColumnLength.Text);
        table.Property(s => s.Laterality).HasMaxLength(ColumnLength.Code);
        table.Property(s => s.Manufacturer).HasMaxLength(ColumnLength.Text);
        table.HasOne<StudyRow>().WithMany().HasForeignKey(s => s.StudyKey).OnDelete(DeleteBehavior.NoAction);
        table.HasIndex(s => new { s.StudyKey, s.SeriesInstanceUid }).IsUnique();
        table.HasIndex(s => new { s.TenantId, s.SeriesInstanceUid });
        table.HasIndex(s => new { s.TenantId, s.Key });
        table.HasIndex(s => new { s.TenantId, s.Modality, s.Key });
        table.HasIndex(s => new { s.TenantId, s.PerformedProcedureStepStartDate, s.Key });
        table.HasIndex(s => new { s.TenantId, s.ScheduledProcedureStepId, s.Key });
        table.HasIndex(s => new { s.TenantId, s.RequestedProcedureId, s.Key });
    }

    private static void Instance(EntityTypeBuilder<InstanceRow> table)
    {
        table.ToTable("Instances").HasKey(i => i.Key);
        table.Property(i => i.TenantId).HasMaxLength(ColumnLength.Id);
        table.Property(i => i.SopInstanceUid).HasMaxLength(ColumnLength.Uid);
        table.Property(i => i.SopClassUid).HasMaxLength(ColumnLength.Uid);
        table.Property(i => i.TransferSyntaxUid).HasMaxLength(ColumnLength.Uid);
        table.Property(i => i.BlobId).HasMaxLength(ColumnLength.Text);
        table.Property(i => i.Digest).HasMaxLength(32);
        table.HasOne<StudyRow>().WithMany().HasForeignKey(i => i.StudyKey).OnDelete(DeleteBehavior.NoAction);
        table.HasOne<SeriesRow>().WithMany().HasForeignKey(i => i.SeriesKey).OnDelete(DeleteBehavior.NoAction);
        table.HasIndex(i => new { i.TenantId, i.SopInstanceUid }).IsUnique();
        table.HasIndex(i => new { i.TenantId, i.SopClassUid, i.Key });
        table.HasIndex(i => new { i.TenantId, i.Key });
        table.HasIndex(i => i.StudyKey);
        table.HasIndex(i => i.SeriesKey);
        table.HasIndex(i => i.BlobId);
    }

    private static void Workitem(EntityTypeBuilder<WorkitemRow> table)
    {
        table.ToTable("Workitems").HasKey(w => w.TaskKey);
        table.Property(w => w.TaskKey).ValueGeneratedNever();
        table.Property(w => w.TenantId).HasMaxLength(ColumnLength.Id);
        table.Property(w => w.WorkitemUid).HasMaxLength(ColumnLength.Uid);
        table.Property(w => w.State).HasMaxLength(ColumnLength.Code);
        table.Property(w => w.Priority).HasMaxLength(ColumnLength.Code);
        table.Property(w => w.Label).HasMaxLength(ColumnLength.Text);
        table.Property(w => w.PatientId).HasMaxLength(ColumnLength.Text);
        table.Property(w => w.PatientNameNorm).HasMaxLength(ColumnLength.Name);
        table.Property(w => w.AccessionNumber).HasMaxLength(ColumnLength.Text);
        table.Property(w => w.ScheduledStart).HasMaxLength(ColumnLength.DateTime);
        table.Property(w => w.ExpectedCompletion).HasMaxLength(ColumnLength.DateTime);
        table.Property(w => w.PerformerTenantId).HasMaxLength(ColumnLength.Id);
        table.HasOne<ResourceRow>().WithOne().HasForeignKey<WorkitemRow>(w => w.TaskKey).OnDelete(DeleteBehavior.NoAction);
        table.HasIndex(w => w.WorkitemUid).IsUnique();
        table.HasIndex(w => new { w.TenantId, w.State, w.ScheduledStart });
        table.HasIndex(w => new { w.PerformerTenantId, w.State, w.ScheduledStart });
        table.HasIndex(w => new { w.TenantId, w.PatientId });
        table.HasIndex(w => new { w.TenantId, w.AccessionNumber });
    }
}
