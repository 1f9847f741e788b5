using System.CommandLine;

namespace SecondOpinion.Interop.Commands;

/// <summary>What a command makes of a file, and what was wrong with the file all the same.</summary>
internal sealed record FileOutput(byte[] Bytes, string? Fault = null);

/// <summary>Commands over files: arguments may be folders, one output a file, errors on stderr that name the file, exit code 1 when any file failed.</summary>
internal static class FileArguments
{
    public static Argument<string[]> Files() => new("FILE") { Description = "Files, or folders that are walked.", Arity = ArgumentArity.OneOrMore };

    public static Option<string?> Out() => new("--out") { Description = "Folder for one output per file; default: standard output." };

    /// <summary>Runs <paramref name="convert"/> on each file and writes what it returns.</summary>
    /// <param name="extension">Of the outputs, with its dot.</param>
    /// <returns>0, or 1 when a file was refused.</returns>
    public static int Each(IEnumerable<string> arguments, string? outFolder, string extension, Func<string, FileOutput> convert, Func<Exception, bool> isRefusal)
    {
        var failed = 0;
        var done = 0;
        var files = Expand(arguments).ToList();
        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, relative) in files)
        {
            try
            {
                if (outFolder is not null && !targets.Add(relative))
                {
                    throw new IOException($"another input of the same name was written to '{relative}{extension}'; give the folder above both");
                }

                var made = convert(path);
                if (outFolder is null)
                {
                    using var output = Console.OpenStandardOutput();
                    output.Write(made.Bytes);
                    output.WriteByte((byte)'\n');
                }
                else
                {
                    var target = Path.Combine(outFolder, relative + extension);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.WriteAllBytes(target, made.Bytes);
                }

                if (made.Fault is not null)
                {
                    failed++;
                    Console.Error.WriteLine($"{path}: {made.Fault}");
                }
            }
            catch (Exception e) when (isRefusal(e) || e is IOException or UnauthorizedAccessException)
            {
                failed++;
                Console.Error.WriteLine($"{path}: {e.Message}");
            }

            Progress(++done, files.Count);
        }

        Finish(files.Count, failed);
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Each file with its name relative to the argument it came from.</summary>
    public static IEnumerable<(string Path, string Relative)> Expand(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (Directory.Exists(argument))
            {
                foreach (var file in Directory.EnumerateFiles(argument, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    yield return (file, Path.GetRelativePath(argument, file));
                }
            }
            else
            {
                yield return (argument, Path.GetFileName(argument));
            }
        }
    }

    /// <summary>A line on a terminal that counts up; nothing when stderr goes to a file.</summary>
    public static void Progress(int done, int total)
    {
        if (total > 1 && !Console.IsErrorRedirected && (done % 20 == 0 || done == total))
        {
            Console.Error.Write($"\r{done} of {total}");
        }
    }

    public static void Finish(int total, int failed)
    {
        if (total > 1)
        {
            Console.Error.WriteLine($"{(Console.IsErrorRedirected ? "" : "\r")}{total} files, {failed} failed");
        }
    }
}
