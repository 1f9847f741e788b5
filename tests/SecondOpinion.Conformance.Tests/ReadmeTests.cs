using System.Text.RegularExpressions;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>The README's shell lines are run, one after the other, as a reader would.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_first_order_of_the_readme_works_as_written()
    {
        await using var server = await ServerProcess.StartAsync();
        var curl = Requires.Tool("curl");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var lines = string.Join('\n', ShellBlock().Matches(text).Select(m => m.Groups[1].Value));
        Assert.Contains("docs/examples/order-bundle.json", lines);

        // The same lines against this server; -f makes curl fail on an error status.
        var script = "set -e\n" + lines
            .Replace("./run.sh token", $"dotnet '{ServerProcess.Program}' token --data '{server.DataFolder}'", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8080", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("> order.json", $"> '{Path.Combine(server.DataFolder, "order.json")}'", StringComparison.Ordinal)
            .Replace("curl -s", $"echo; {curl} -sSf", StringComparison.Ordinal);
        var file = Path.Combine(server.DataFolder, "readme.sh");
        await File.WriteAllTextAsync(file, script);
        var result = Shell.Run("bash", "-c", $"cd '{Repository.Root}' && bash '{file}'");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);

        // The reader's last three requests show the case.
        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("\"assigned\"", result.Output);
        Assert.Contains("ACC-88421", answers[^1]);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
