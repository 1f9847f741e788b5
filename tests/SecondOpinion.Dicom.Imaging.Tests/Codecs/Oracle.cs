using System.Diagnostics;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Converts files with independent programs.</summary>
internal static class Oracle
{
    /// <summary>Runs a converter that takes options, an input and an output file.</summary>
    public static DicomFile Convert(string tool, DicomFile file, params string[] options) => Convert(tool, file.ToArray(), options);

    public static DicomFile Convert(string tool, byte[] file, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("codec");
        try
        {
            var input = Path.Combine(folder.FullName, "in.dcm");
            var output = Path.Combine(folder.FullName, "out.dcm");
            File.WriteAllBytes(input, file);
            var result = Shell.Run(Requires.Tool(tool), [.. options, input, output]);
            Assert.True(result.ExitCode == 0 && File.Exists(output), $"{tool} ({result.ExitCode}, {file.Length} bytes) {string.Join(' ', options)}: {result.Error}{result.Output}");
            return DicomFile.Read(File.ReadAllBytes(output));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static DicomFile DecompressWithPydicom(DicomFile file)
    {
        var folder = Directory.CreateTempSubdirectory("codec");
        try
        {
            var input = Path.Combine(folder.FullName, "in.dcm");
            var output = Path.Combine(folder.FullName, "out.dcm");
            File.WriteAllBytes(input, file.ToArray());
            const string Program = "import sys, pydicom; d = pydicom.dcmread(sys.argv[1]); d.decompress(); d.save_as(sys.argv[2])";
            var result = Shell.Run(Python(), "-c", Program, input, output);
            Assert.True(result.ExitCode == 0, result.Error);
            return DicomFile.Read(File.ReadAllBytes(output));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a script of this folder prints for lines of input.</summary>
    public static string RunPython(string script, string[] lines, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python()) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Codecs", script));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(string.Join('\n', lines));
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.GetAwaiter().GetResult();
    }

    /// <summary>The system's interpreter, which has pydicom, even where another comes first on PATH.</summary>
    private static string Python()
    {
        const string System = "/usr/bin/python3";
        if (!File.Exists(System) || Shell.Run(System, "-c", "import pydicom, numpy").ExitCode != 0)
        {
            Requires.Missing("pydicom is not installed");
        }

        return System;
    }
}
