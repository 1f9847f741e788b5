using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecondOpinion.TestKit;

namespace SecondOpinion.Dicom.Tests.Oracle;

/// <summary>What pydicom reads of many files, from one run of a script, and the same listing of what this library reads.</summary>
internal static class Pydicom
{
    internal sealed record Row(string Path, string Vr, string Value)
    {
        public override string ToString() => $"{Path} {Vr} '{(Value.Length > 100 ? Value[..100] : Value)}'";
    }

    /// <summary>Runs the script over these files and those that the package ships; a file that pydicom refuses has no rows.</summary>
    internal static IReadOnlyDictionary<string, List<Row>?> Dump(IEnumerable<string> files)
    {
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Requires.Tool("python3");
        if (Shell.Run(python, "-c", "import pydicom").ExitCode != 0)
        {
            Requires.Missing("python package 'pydicom' is not installed");
        }

        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Oracle", "pydicom_dump.py"));
        start.ArgumentList.Add("--shipped");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(string.Join('\n', files));
        process.StandardInput.Close();
        var lines = output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return lines.Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            line => line.GetProperty("file").GetString()!,
            line => line.TryGetProperty("elements", out var rows)
                ? rows.EnumerateArray().Select(r => new Row(r[0].GetString()!, r[1].GetString()!, r[2].GetString()!)).ToList()
                : null);
    }

    /// <summary>The same rows of a data set of ours.</summary>
    internal static List<Row> List(DicomDataset dataset)
    {
        var rows = new List<Row>();
        Add(dataset, "", rows);
        return rows;
    }

    private static void Add(DicomDataset dataset, string path, List<Row> rows)
    {
        foreach (var element in dataset)
        {
            var name = path + element.Tag.ToHex();
            if (element.Vr == DicomVr.SQ)
            {
                rows.Add(new Row(name, "SQ", element.Items.Count.ToString(CultureInfo.InvariantCulture)));
                for (var i = 0; i < element.Items.Count; i++)
                {
                    Add(element.Items[i], $"{name}/{i + 1}/", rows);
                }
            }
            else
            {
                rows.Add(new Row(name, element.Vr.Name(), Show(dataset, element)));
            }
        }
    }

    private static string Show(DicomDataset dataset, DicomElement element)
    {
        if (element.IsEmpty)
        {
            return "";
        }

        if (element.Fragments is { } fragments)
        {
            return Digest(Items(fragments));
        }

        if (element.Vr.IsBinary())
        {
            return Digest(element.RawBytes.Span); // as it stands in the file: pydicom does not swap
        }

        return element.Vr is DicomVr.FL or DicomVr.FD
            ? string.Join('\\', dataset.GetDoubles(element.Tag).Select(v => BitConverter.DoubleToInt64Bits(v).ToString("x16", CultureInfo.InvariantCulture)))
            : element.Vr.IsSingleText() ? dataset.GetText(element.Tag)! : string.Join('\\', dataset.GetStrings(element.Tag));
    }

    /// <summary>The items of encapsulated pixel data as they stand in the file, without the delimiter.</summary>
    private static byte[] Items(DicomFragments fragments)
    {
        using var bytes = new MemoryStream();
        AddItem(bytes, fragments.OffsetTable.Span);
        for (var i = 0; i < fragments.Count; i++)
        {
            AddItem(bytes, fragments[i].Span);
        }

        return bytes.ToArray();
    }

    private static void AddItem(MemoryStream to, ReadOnlySpan<byte> value)
    {
        Span<byte> header = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], value.Length);
        to.Write(header);
        to.Write(value);
    }

    internal static string Digest(ReadOnlySpan<byte> bytes) =>
        $"{bytes.Length}:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    /// <summary>Text with each value trimmed, as both readers may trim differently.</summary>
    internal static string Trimmed(string value) => string.Join('\\', value.Split('\\').Select(v => v.Trim(' ', '\0').TrimEnd('=')));

    internal static string Join(IEnumerable<string> lines) => new StringBuilder().AppendJoin('\n', lines).ToString();
}
