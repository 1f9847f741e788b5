using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecondOpinion.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SubscriptionKey = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceType = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ResourceId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ResourceVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttempt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Leases",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Owner = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Leases", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Resources",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    IsDeleted = table.Column<bool>(type: "INTEGER", nullable: false),
                    Method = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resources", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "SearchDates",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchDates", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SearchNumbers",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Low = table.Column<double>(type: "REAL", nullable: false),
                    High = table.Column<double>(type: "REAL", nullable: false),
                    SystemId = table.Column<long>(type: "INTEGER", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CanonicalLow = table.Column<double>(type: "REAL", nullable: true),
                    CanonicalHigh = table.Column<double>(type: "REAL", nullable: true),
                    CanonicalUnit = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchNumbers", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SearchReferences",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    TargetType = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TargetId = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    Version = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchReferences", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SearchStrings",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Exact = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchStrings", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SearchTokens",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    SystemId = table.Column<long>(type: "INTEGER", nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchTokens", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SearchUris",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Uri = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    Group = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchUris", x => new { x.ResourceKey, x.Parameter, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "SeenAssertions",
                columns: table => new
                {
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Jti = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Expires = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SeenAssertions", x => new { x.ClientId, x.Jti });
                });

            migrationBuilder.CreateTable(
                name: "SigningKeys",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Use = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PrivateKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningKeys", x => x.KeyId);
                });

            migrationBuilder.CreateTable(
                name: "Studies",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    StudyInstanceUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    IssuerOfPatientId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    PatientName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    PatientNameNorm = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    PatientBirthDate = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    PatientSex = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    StudyDate = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    StudyTime = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    AccessionNumber = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    IssuerOfAccession = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    ReferringPhysicianName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    ReferringPhysicianNameNorm = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    StudyId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    StudyDescription = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Modalities = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    TimezoneOffset = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SeriesCount = table.Column<int>(type: "INTEGER", nullable: false),
                    InstanceCount = table.Column<int>(type: "INTEGER", nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Studies", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Tenants",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    IsReader = table.Column<bool>(type: "INTEGER", nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tenants", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Cases",
                columns: table => new
                {
                    OrderKey = table.Column<long>(type: "INTEGER", nullable: false),
                    OrderId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ReaderTenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TaskKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Patient = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    IsOpen = table.Column<bool>(type: "INTEGER", nullable: false),
                    ReportKey = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Cases", x => x.OrderKey);
                    table.ForeignKey(
                        name: "FK_Cases_Resources_OrderKey",
                        column: x => x.OrderKey,
                        principalTable: "Resources",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "ResourceVersions",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    IsDeleted = table.Column<bool>(type: "INTEGER", nullable: false),
                    Method = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceVersions", x => new { x.ResourceKey, x.Version });
                    table.ForeignKey(
                        name: "FK_ResourceVersions_Resources_ResourceKey",
                        column: x => x.ResourceKey,
                        principalTable: "Resources",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "Shares",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CaseId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CanWrite = table.Column<bool>(type: "INTEGER", nullable: false),
                    FromVersion = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Shares", x => new { x.TenantId, x.ResourceKey, x.CaseId });
                    table.ForeignKey(
                        name: "FK_Shares_Resources_ResourceKey",
                        column: x => x.ResourceKey,
                        principalTable: "Resources",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "Workitems",
                columns: table => new
                {
                    TaskKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    WorkitemUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Priority = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    PatientNameNorm = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    AccessionNumber = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    ScheduledStart = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ExpectedCompletion = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    PerformerTenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Workitems", x => x.TaskKey);
                    table.ForeignKey(
                        name: "FK_Workitems_Resources_TaskKey",
                        column: x => x.TaskKey,
                        principalTable: "Resources",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "Series",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    StudyKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SeriesInstanceUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Modality = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SeriesNumber = table.Column<int>(type: "INTEGER", nullable: true),
                    SeriesDescription = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    PerformedProcedureStepStartDate = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    PerformedProcedureStepStartTime = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ScheduledProcedureStepId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    RequestedProcedureId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    BodyPartExamined = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Laterality = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Manufacturer = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    InstanceCount = table.Column<int>(type: "INTEGER", nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Series", x => x.Key);
                    table.ForeignKey(
                        name: "FK_Series_Studies_StudyKey",
                        column: x => x.StudyKey,
                        principalTable: "Studies",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "StudyShares",
                columns: table => new
                {
                    StudyKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CaseId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StudyShares", x => new { x.TenantId, x.StudyKey, x.CaseId });
                    table.ForeignKey(
                        name: "FK_StudyShares_Studies_StudyKey",
                        column: x => x.StudyKey,
                        principalTable: "Studies",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "Clients",
                columns: table => new
                {
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", nullable: false),
                    Jwks = table.Column<string>(type: "TEXT", nullable: false),
                    JwksUrl = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    FhirUser = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Clients", x => x.ClientId);
                    table.ForeignKey(
                        name: "FK_Clients_Tenants_TenantId",
                        column: x => x.TenantId,
                        principalTable: "Tenants",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "CaseKeys",
                columns: table => new
                {
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    OrderKey = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseKeys", x => new { x.TenantId, x.Kind, x.Value, x.OrderKey });
                    table.ForeignKey(
                        name: "FK_CaseKeys_Cases_OrderKey",
                        column: x => x.OrderKey,
                        principalTable: "Cases",
                        principalColumn: "OrderKey");
                });

            migrationBuilder.CreateTable(
                name: "CaseStudies",
                columns: table => new
                {
                    OrderKey = table.Column<long>(type: "INTEGER", nullable: false),
                    StudyKey = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseStudies", x => new { x.OrderKey, x.StudyKey });
                    table.ForeignKey(
                        name: "FK_CaseStudies_Cases_OrderKey",
                        column: x => x.OrderKey,
                        principalTable: "Cases",
                        principalColumn: "OrderKey");
                });

            migrationBuilder.CreateTable(
                name: "Instances",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SeriesKey = table.Column<long>(type: "INTEGER", nullable: false),
                    StudyKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SopInstanceUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SopClassUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    InstanceNumber = table.Column<int>(type: "INTEGER", nullable: true),
                    TransferSyntaxUid = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: true),
                    Columns = table.Column<int>(type: "INTEGER", nullable: true),
                    BitsAllocated = table.Column<int>(type: "INTEGER", nullable: true),
                    NumberOfFrames = table.Column<int>(type: "INTEGER", nullable: true),
                    BlobId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Digest = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    PixelOffset = table.Column<long>(type: "INTEGER", nullable: true),
                    PixelLength = table.Column<long>(type: "INTEGER", nullable: true),
                    Fragments = table.Column<byte[]>(type: "BLOB", nullable: false),
                    FrameStarts = table.Column<byte[]>(type: "BLOB", nullable: false),
                    FrameLength = table.Column<long>(type: "INTEGER", nullable: true),
                    IsFloatPixels = table.Column<bool>(type: "INTEGER", nullable: false),
                    Created = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Instances", x => x.Key);
                    table.ForeignKey(
                        name: "FK_Instances_Series_SeriesKey",
                        column: x => x.SeriesKey,
                        principalTable: "Series",
                        principalColumn: "Key");
                    table.ForeignKey(
                        name: "FK_Instances_Studies_StudyKey",
                        column: x => x.StudyKey,
                        principalTable: "Studies",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateTable(
                name: "InstanceMetadata",
                columns: table => new
                {
                    InstanceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    SeriesKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InstanceMetadata", x => x.InstanceKey);
                    table.ForeignKey(
                        name: "FK_InstanceMetadata_Instances_InstanceKey",
                        column: x => x.InstanceKey,
                        principalTable: "Instances",
                        principalColumn: "Key");
                });

            migrationBuilder.CreateIndex(
                name: "IX_CaseKeys_OrderKey",
                table: "CaseKeys",
                column: "OrderKey");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_OrderId",
                table: "Cases",
                column: "OrderId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Cases_ReaderTenantId",
                table: "Cases",
                column: "ReaderTenantId");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_ReportKey",
                table: "Cases",
                column: "ReportKey");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_TaskKey",
                table: "Cases",
                column: "TaskKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Cases_TenantId_ReaderTenantId",
                table: "Cases",
                columns: new[] { "TenantId", "ReaderTenantId" });

            migrationBuilder.CreateIndex(
                name: "IX_CaseStudies_StudyKey",
                table: "CaseStudies",
                column: "StudyKey");

            migrationBuilder.CreateIndex(
                name: "IX_Clients_TenantId",
                table: "Clients",
                column: "TenantId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_NextAttempt_Id",
                table: "Deliveries",
                columns: new[] { "NextAttempt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubscriptionKey_Id",
                table: "Deliveries",
                columns: new[] { "SubscriptionKey", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_InstanceMetadata_SeriesKey",
                table: "InstanceMetadata",
                column: "SeriesKey");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_BlobId",
                table: "Instances",
                column: "BlobId");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_SeriesKey",
                table: "Instances",
                column: "SeriesKey");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_StudyKey",
                table: "Instances",
                column: "StudyKey");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_TenantId_Key",
                table: "Instances",
                columns: new[] { "TenantId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Instances_TenantId_SopClassUid_Key",
                table: "Instances",
                columns: new[] { "TenantId", "SopClassUid", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Instances_TenantId_SopInstanceUid",
                table: "Instances",
                columns: new[] { "TenantId", "SopInstanceUid" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Resources_TenantId_LastUpdated_Key",
                table: "Resources",
                columns: new[] { "TenantId", "LastUpdated", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Resources_TenantId_Type_Key",
                table: "Resources",
                columns: new[] { "TenantId", "Type", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Resources_TenantId_Type_LastUpdated_Key",
                table: "Resources",
                columns: new[] { "TenantId", "Type", "LastUpdated", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Resources_Type_Id",
                table: "Resources",
                columns: new[] { "Type", "Id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersions_TenantId_LastUpdated_ResourceKey",
                table: "ResourceVersions",
                columns: new[] { "TenantId", "LastUpdated", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersions_TenantId_Type_LastUpdated_ResourceKey",
                table: "ResourceVersions",
                columns: new[] { "TenantId", "Type", "LastUpdated", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchDates_Parameter_From_To_ResourceKey",
                table: "SearchDates",
                columns: new[] { "Parameter", "From", "To", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchNumbers_Parameter_CanonicalUnit_CanonicalLow_CanonicalHigh_ResourceKey",
                table: "SearchNumbers",
                columns: new[] { "Parameter", "CanonicalUnit", "CanonicalLow", "CanonicalHigh", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchNumbers_Parameter_Low_High_ResourceKey",
                table: "SearchNumbers",
                columns: new[] { "Parameter", "Low", "High", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchReferences_TargetId_TargetType_Parameter_ResourceKey",
                table: "SearchReferences",
                columns: new[] { "TargetId", "TargetType", "Parameter", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchStrings_Parameter_Text_ResourceKey",
                table: "SearchStrings",
                columns: new[] { "Parameter", "Text", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchTokens_Parameter_Code_SystemId_ResourceKey",
                table: "SearchTokens",
                columns: new[] { "Parameter", "Code", "SystemId", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SearchUris_Parameter_Uri_ResourceKey",
                table: "SearchUris",
                columns: new[] { "Parameter", "Uri", "ResourceKey" });

            migrationBuilder.CreateIndex(
                name: "IX_SeenAssertions_Expires",
                table: "SeenAssertions",
                column: "Expires");

            migrationBuilder.CreateIndex(
                name: "IX_Series_StudyKey_SeriesInstanceUid",
                table: "Series",
                columns: new[] { "StudyKey", "SeriesInstanceUid" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_Key",
                table: "Series",
                columns: new[] { "TenantId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_Modality_Key",
                table: "Series",
                columns: new[] { "TenantId", "Modality", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_PerformedProcedureStepStartDate_Key",
                table: "Series",
                columns: new[] { "TenantId", "PerformedProcedureStepStartDate", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_RequestedProcedureId_Key",
                table: "Series",
                columns: new[] { "TenantId", "RequestedProcedureId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_ScheduledProcedureStepId_Key",
                table: "Series",
                columns: new[] { "TenantId", "ScheduledProcedureStepId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Series_TenantId_SeriesInstanceUid",
                table: "Series",
                columns: new[] { "TenantId", "SeriesInstanceUid" });

            migrationBuilder.CreateIndex(
                name: "IX_Shares_ResourceKey",
                table: "Shares",
                column: "ResourceKey");

            migrationBuilder.CreateIndex(
                name: "IX_Shares_TenantId_CaseId",
                table: "Shares",
                columns: new[] { "TenantId", "CaseId" });

            migrationBuilder.CreateIndex(
                name: "IX_SigningKeys_Use_Created",
                table: "SigningKeys",
                columns: new[] { "Use", "Created" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_StudyInstanceUid",
                table: "Studies",
                column: "StudyInstanceUid");

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_AccessionNumber_Key",
                table: "Studies",
                columns: new[] { "TenantId", "AccessionNumber", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_Modalities_Key",
                table: "Studies",
                columns: new[] { "TenantId", "Modalities", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_PatientId_Key",
                table: "Studies",
                columns: new[] { "TenantId", "PatientId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_PatientNameNorm_Key",
                table: "Studies",
                columns: new[] { "TenantId", "PatientNameNorm", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_ReferringPhysicianNameNorm_Key",
                table: "Studies",
                columns: new[] { "TenantId", "ReferringPhysicianNameNorm", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_StudyDate_StudyTime_Key",
                table: "Studies",
                columns: new[] { "TenantId", "StudyDate", "StudyTime", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_StudyId_Key",
                table: "Studies",
                columns: new[] { "TenantId", "StudyId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_StudyInstanceUid",
                table: "Studies",
                columns: new[] { "TenantId", "StudyInstanceUid" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Studies_TenantId_StudyTime_Key",
                table: "Studies",
                columns: new[] { "TenantId", "StudyTime", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_StudyShares_StudyKey",
                table: "StudyShares",
                column: "StudyKey");

            migrationBuilder.CreateIndex(
                name: "IX_StudyShares_TenantId_CaseId",
                table: "StudyShares",
                columns: new[] { "TenantId", "CaseId" });

            migrationBuilder.CreateIndex(
                name: "IX_Workitems_PerformerTenantId_State_ScheduledStart",
                table: "Workitems",
                columns: new[] { "PerformerTenantId", "State", "ScheduledStart" });

            migrationBuilder.CreateIndex(
                name: "IX_Workitems_TenantId_AccessionNumber",
                table: "Workitems",
                columns: new[] { "TenantId", "AccessionNumber" });

            migrationBuilder.CreateIndex(
                name: "IX_Workitems_TenantId_PatientId",
                table: "Workitems",
                columns: new[] { "TenantId", "PatientId" });

            migrationBuilder.CreateIndex(
                name: "IX_Workitems_TenantId_State_ScheduledStart",
                table: "Workitems",
                columns: new[] { "TenantId", "State", "ScheduledStart" });

            migrationBuilder.CreateIndex(
                name: "IX_Workitems_WorkitemUid",
                table: "Workitems",
                column: "WorkitemUid",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CaseKeys");

            migrationBuilder.DropTable(
                name: "CaseStudies");

            migrationBuilder.DropTable(
                name: "Clients");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "InstanceMetadata");

            migrationBuilder.DropTable(
                name: "Leases");

            migrationBuilder.DropTable(
                name: "ResourceVersions");

            migrationBuilder.DropTable(
                name: "SearchDates");

            migrationBuilder.DropTable(
                name: "SearchNumbers");

            migrationBuilder.DropTable(
                name: "SearchReferences");

            migrationBuilder.DropTable(
                name: "SearchStrings");

            migrationBuilder.DropTable(
                name: "SearchTokens");

            migrationBuilder.DropTable(
                name: "SearchUris");

            migrationBuilder.DropTable(
                name: "SeenAssertions");

            migrationBuilder.DropTable(
                name: "Shares");

            migrationBuilder.DropTable(
                name: "SigningKeys");

            migrationBuilder.DropTable(
                name: "StudyShares");

            migrationBuilder.DropTable(
                name: "Workitems");

            migrationBuilder.DropTable(
                name: "Cases");

            migrationBuilder.DropTable(
                name: "Tenants");

            migrationBuilder.DropTable(
                name: "Instances");

            migrationBuilder.DropTable(
                name: "Resources");

            migrationBuilder.DropTable(
                name: "Series");

            migrationBuilder.DropTable(
                name: "Studies");
        }
    }
}
