using System.Diagnostics;
using System.Globalization;

namespace SecondOpinion.Benchmarks.Fhir;

/// <summary>The npm packages <c>fhir</c> and <c>fhirpath</c>, when a folder with them is given with <c>--npm</c>: the same work in a Node process, CPU time measured inside it.</summary>
internal static class NodePeer
{
    /// <summary>The folder that holds node_modules; null measures nothing.</summary>
    public static string? Folder { get; set; }

    /// <summary>Microseconds of CPU by operation name, a resource or an evaluation; empty when the packages are not there.</summary>
    public static Dictionary<string, double> Run(IEnumerable<byte[]> resources)
    {
        var results = new Dictionary<string, double>(StringComparer.Ordinal);
        if (Folder is null)
        {
            return results;
        }

        var input = Path.GetTempFileName();
        try
        {
            File.WriteAllText(input, "[" + string.Join(",", resources.Select(System.Text.Encoding.UTF8.GetString)) + "]");
            using var process = new Process { StartInfo = new ProcessStartInfo("node", [Path.Combine(Samples.Repository, "tests", "SecondOpinion.Benchmarks", "Fhir", "peers.cjs"), Path.GetFullPath(Folder), input]) { UseShellExecute = false, RedirectStandardOutput = true } };
            process.Start();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var cells = line.Split('\t');
                results[cells[0]] = double.Parse(cells[1], CultureInfo.InvariantCulture);
            }

            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine("node is not installed: no peers");
        }
        finally
        {
            File.Delete(input);
        }

        return results;
    }
}
