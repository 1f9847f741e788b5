using System.CommandLine;
using SecondOpinion.Interop.Demo;
using SecondOpinion.Interop.Hosting;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>demo [--data DIR] [--server URL] [--out DIR]</c>: a whole case, each step printed, on a temporary server or on a running one.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder; default: a temporary one, or ./data with --server." };
        var server = new Option<string?>("--server") { Description = "A running Development server on this data folder; default: a temporary server." };
        var output = new Option<string?>("--out") { Description = "Where the PDF and the picture go; default: a new folder below the temporary folder." };
        var command = new Command("demo", "Runs a whole second-opinion case and shows each step.") { data, server, output };
        command.SetAction(async (result, cancellation) =>
        {
            var outFolder = Path.GetFullPath(result.GetValue(output) ?? Path.Combine(Path.GetTempPath(), "secondopinion-demo-" + Guid.NewGuid().ToString("N")[..8]));
            Directory.CreateDirectory(outFolder);
            var running = result.GetValue(server);
            var dataFolder = result.GetValue(data) ?? (running is null ? Path.Combine(outFolder, "data") : "data");
            try
            {
                await using var app = InteropApplication.BuildQuiet(running is null ? ["--Urls", "http://127.0.0.1:0"] : [], dataFolder);
                if (!app.Environment.IsDevelopment())
                {
                    throw new StartRefusedException("'demo' makes up a patient; it runs in Development only.");
                }

                if (running is null)
                {
                    await app.StartAsync(cancellation);
                }
                else
                {
                    await Startup.PrepareAsync(app.Services, cancellation);
                }

                var address = new Uri(running ?? app.Urls.First());
                await using var demo = await DemoCase.CreateAsync(app.Services, address, outFolder, Console.Out, cancellation);
                await demo.RunAsync(cancellation);
                if (running is null)
                {
                    await app.StopAsync(cancellation);
                }

                return 0;
            }
            catch (Exception e) when (e is StartRefusedException or DemoException or HttpRequestException)
            {
                await Console.Error.WriteLineAsync("The demo stopped: " + e.Message);
                return 1;
            }
        });
        return command;
    }
}
