namespace SecondOpinion.Storage.Tests.Contracts;

public sealed class SqliteStoreTests : StoreContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => TestStore.SqliteAsync(hooks);
}
