using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using SecondOpinion.Dicom;

namespace SecondOpinion.Fuzz;

/// <summary>One input run through a target, and what it may cost (docs/security.md).</summary>
internal static partial class FuzzCase
{
    /// <summary>Of the thread, not of the clock: a busy machine slows no case down.</summary>
    internal static readonly TimeSpan MaxCpu = TimeSpan.FromSeconds(2);

    /// <returns>CPU time that it took.</returns>
    /// <exception cref="FuzzFailureException">It took too long, or a property of the target does not hold.</exception>
    internal static TimeSpan Run(Action<byte[]> target, byte[] input)
    {
        var start = ThreadTime();
        target(input);
        var took = ThreadTime() - start;
        return took <= MaxCpu ? took : throw new FuzzFailureException($"slow: {took.TotalMilliseconds:F0} ms of CPU for {input.Length} bytes");
    }

    /// <summary>Loads the tables that are loaded once, so that no case pays for them.</summary>
    static FuzzCase()
    {
        _ = DicomTags.PatientID.Keyword;
        _ = DicomUids.NameOf(DicomUids.RLELossless);
        _ = DicomTag.TryParse("PatientID", out _);
    }

    /// <summary>Does work that may allocate so many bytes on this thread, whether it ends well or is refused.</summary>
    internal static T Within<T>(string what, long bytes, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        T? result = default;
        ExceptionDispatchInfo? refusal = null;
        try
        {
            result = work();
        }
        catch (Exception e)
        {
            refusal = ExceptionDispatchInfo.Capture(e);
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > bytes)
        {
            throw new FuzzFailureException($"memory of {what}: {taken} bytes, not {bytes}");
        }

        refusal?.Throw();
        return result!;
    }

    private static TimeSpan ThreadTime()
    {
        const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID
        return OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100)
            : Stopwatch.GetElapsedTime(0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeOfClock time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeOfClock
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
