namespace SecondOpinion.Storage.Tests.Contracts;

public sealed class SqliteStoreTests : StoreContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class SqliteVisibilityTests : VisibilityContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class SqliteHistoryTests : HistoryContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class SqliteConcurrencyTests : ConcurrencyContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class SqliteTenantTests : TenantContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}

public sealed class SqliteSearchTests(Search.SearchData data) : Search.SearchContractTests(data)
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}
