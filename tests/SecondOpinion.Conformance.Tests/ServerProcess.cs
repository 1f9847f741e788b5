using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>The real program as a process of its own, on a port and a data folder of its own.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private string[] _arguments = [];
    private bool _isDisposed;

    private ServerProcess(Process process, string dataFolder)
    {
        _process = process;
        DataFolder = dataFolder;
    }

    public static string Program => Path.Combine(Repository.Root, "artifacts", "bin", "SecondOpinion.Interop", "debug", "SecondOpinion.Interop.dll");

    public Uri Address { get; private set; } = null!;

    public string DataFolder { get; }

    public int ProcessId => _process.Id;

    /// <summary>Peak resident memory so far, in bytes (Linux VmHWM).</summary>
    public long PeakMemory => Status("VmHWM");

    public long Memory => Status("VmRSS");

    public string Output => string.Join('\n', _output);

    public static string NewFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), "interop-test-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Starts and waits until the server answers.</summary>
    public static async Task<ServerProcess> StartAsync(string? dataFolder = null, params string[] arguments)
    {
        var data = dataFolder ?? NewFolder();
        var start = Command(["serve", "--urls", "http://127.0.0.1:0", "--data", data, .. arguments]);
        var server = new ServerProcess(new Process { StartInfo = start }, data) { _arguments = arguments };
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Line(string? line)
        {
            if (line is null)
            {
                return;
            }

            server._output.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                ready.TrySetResult(new Uri(match.Groups[1].Value));
            }
        }

        server._process.OutputDataReceived += (_, e) => Line(e.Data);
        server._process.ErrorDataReceived += (_, e) => Line(e.Data);
        server._process.EnableRaisingEvents = true;
        server._process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("the server ended: " + server.Output));
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        server.Address = await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return server;
    }

    /// <summary>Runs another command of the program to its end.</summary>
    public static Shell.Result Run(params string[] arguments) => Shell.Run("dotnet", [Program, .. arguments]);

    /// <summary>A token by the program's own command.</summary>
    public string Token(string client, params string[] more)
    {
        var result = Run(["token", "--client", client, "--data", DataFolder, .. more, .. _arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Trim();
    }

    public HttpClient Client(string? token = null)
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private long Status(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(new string([.. line.Where(char.IsAsciiDigit)])) * 1024;
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
