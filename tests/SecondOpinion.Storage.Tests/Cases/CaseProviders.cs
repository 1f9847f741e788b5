using SecondOpinion.Storage.Tests.Contracts;
using SecondOpinion.TestKit;

namespace SecondOpinion.Storage.Tests.Cases;

public sealed class SqliteCaseTests : CaseContractTests
{
    protected override Task<TestStore> OpenStoreAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class PostgresCaseTests(PostgresCluster cluster) : CaseContractTests
{
    protected override Task<TestStore> OpenStoreAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}
