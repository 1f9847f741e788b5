using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>Every provider that can run here is held to every contract.</summary>
public sealed class CompletenessTests
{
    private static readonly Type[] Types = typeof(CompletenessTests).Assembly.GetTypes();

    public static TheoryData<string> Contracts => new(Types.Where(t => t.IsAbstract && t.Name.EndsWith("ContractTests", StringComparison.Ordinal)).Select(t => t.Name));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_is_kept_by_every_provider(string contract)
    {
        string[] providers = contract == nameof(BlobContractTests) ? ["Folder", "S3"] : ["Sqlite", "Postgres"];
        var classes = Types.Where(t => t is { IsAbstract: false, IsPublic: true } && t.BaseType?.Name == contract).Select(t => t.Name);
        var expected = providers.Select(p => p + contract.Replace("ContractTests", "Tests", StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), classes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_are_contracts() => Assert.True(Contracts.Count >= 6);
}
