using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Benchmarks;

/// <summary>What one operation costs: the median of several rounds.</summary>
/// <param name="Microseconds">CPU time of the whole process, garbage collection included, an operation.</param>
/// <param name="AllocatedBytes">Managed bytes allocated on the calling thread, an operation.</param>
internal sealed record Cost(double Microseconds, double AllocatedBytes)
{
    /// <summary>Megabytes (10^6) a second when an operation handles this many bytes.</summary>
    public double MegabytesPerSecond(long bytes) => bytes / Microseconds;

    public Cost Per(int items) => new(Microseconds / items, AllocatedBytes / items);
}

/// <summary>CPU time rather than the clock, so that another process on the machine disturbs little.</summary>
internal static partial class Measure
{
    private const int Rounds = 9;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(150);

    /// <summary>Runs until the code is compiled at its last tier, then nine rounds of at least 150 ms CPU each.</summary>
    public static Cost Run(Action operation)
    {
        var warm = Environment.CpuUsage.TotalTime;
        var runs = 0;
        while (Environment.CpuUsage.TotalTime - warm < Warm || runs < 3)
        {
            operation();
            runs++;
        }

        GC.Collect();
        var each = new List<Cost>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            var count = 0;
            TimeSpan used;
            do
            {
                operation();
                count++;
                used = Environment.CpuUsage.TotalTime - start;
            }
            while (used < Round);
            each.Add(new Cost(used.TotalMicroseconds / count, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count));
        }

        return new Cost(Median(each.Select(c => c.Microseconds)), Median(each.Select(c => c.AllocatedBytes)));
    }

    /// <summary>User and system CPU time of a child process, in microseconds: the median of three runs; null when the program is not installed or fails.</summary>
    public static double? Process(string program, params string[] arguments)
    {
        var times = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            try
            {
                using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
                var before = ChildrenMicroseconds();
                process.Start();
                process.ErrorDataReceived += static (_, _) => { };
                process.BeginErrorReadLine();
                process.StandardOutput.BaseStream.CopyTo(Stream.Null);
                process.WaitForExit();
                if (process.ExitCode != 0)
                {
                    return null;
                }

                times.Add(ChildrenMicroseconds() - before);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null;
            }
        }

        return Median(times);
    }

    /// <summary>CPU time of the children that have ended: an ended process no longer tells its own.</summary>
    private static double ChildrenMicroseconds()
    {
        const int Children = -1; // RUSAGE_CHILDREN
        Span<long> usage = stackalloc long[32]; // struct rusage of 64-bit Linux begins with user and system time, each seconds and microseconds
        return getrusage(Children, ref usage[0]) == 0 ? ((usage[0] + usage[2]) * 1e6) + usage[1] + usage[3] : throw new InvalidOperationException("getrusage failed.");
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, ref long usage);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
