using System.Diagnostics;
using System.Text.Json;

namespace SecondOpinion.Benchmarks.Dicom;

/// <summary>What other programs need for the same files, by their own CPU time; nothing where they are not installed.</summary>
internal sealed class DicomPeers
{
    private readonly Dictionary<string, double> _pydicom;
    private readonly Dictionary<string, double> _dcmtk = new(StringComparer.Ordinal);

    private DicomPeers(Dictionary<string, double> pydicom)
    {
        _pydicom = pydicom;
    }

    /// <summary>Microseconds of CPU a file, or null.</summary>
    public double? Pydicom(string operation) => _pydicom.TryGetValue(operation, out var cost) ? cost : null;

    /// <summary>Microseconds of CPU a file, or null.</summary>
    public double? Dcmtk(string operation) => _dcmtk.TryGetValue(operation, out var cost) ? cost : null;

    public static DicomPeers Measure(List<byte[]> files)
    {
        var folder = Directory.CreateTempSubdirectory("second-opinion-benchmark-");
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i:D4}.dcm"), files[i]);
            }

            var peers = new DicomPeers(RunPydicom(folder.FullName));

            // One process for the whole folder: its start is in the number, spread over the files. What dcmtk refuses is left out of the average.
            var refused = Directory.GetFiles(folder.FullName).Where(file => Shell("dcmdump", "-q", file) is null or { ExitCode: not 0 }).ToList();
            refused.ForEach(File.Delete);
            if (refused.Count < files.Count && Benchmarks.Measure.Process("dcmdump", "-q", "+sd", folder.FullName) is { } microseconds)
            {
                peers._dcmtk["read"] = microseconds / (files.Count - refused.Count);
            }

            return peers;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, double> RunPydicom(string folder)
    {
        // The system's interpreter has the system's packages; another one in front of it in the path may have none.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        return Shell(python, Path.Combine(AppContext.BaseDirectory, "Dicom", "pydicom_bench.py"), folder) is { ExitCode: 0 } run
            ? JsonSerializer.Deserialize<Dictionary<string, double>>(run.Output)!
            : [];
    }

    /// <summary>Null when the program is not installed.</summary>
    private static (int ExitCode, string Output)? Shell(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
