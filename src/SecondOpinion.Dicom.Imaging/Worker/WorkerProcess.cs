using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SecondOpinion.Dicom.Imaging.Worker;

/// <summary>One worker process, used by one thread at a time.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly CodecWorkerOptions _options;
    private bool _failed;

    private WorkerProcess(Process process, CodecWorkerOptions options)
    {
        _process = process;
        _options = options;
    }

    public bool IsUsable => !_failed && !_process.HasExited;

    public static WorkerProcess Start(IReadOnlyList<string> command, CodecWorkerOptions options)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        var limit = options.MemoryLimit.ToString(CultureInfo.InvariantCulture);
        start.Environment[CodecWorker.MemoryLimitVariable] = limit;
        // The managed heap reserves address space up front: as much as it may use, and no server heaps per core.
        start.Environment["DOTNET_GCHeapHardLimit"] = options.MemoryLimit.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { }; // drained, so that a worker that complains does not stop
            process.BeginErrorReadLine();
            return new WorkerProcess(process, options);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new ImagingException(ImagingError.MissingLibrary, "The codec worker cannot be started; check the configured command.", e);
        }
    }

    /// <summary>Sends a request and waits for the answer, which has a byte at least.</summary>
    /// <param name="most">Bytes that the answer may have.</param>
    public byte[] Exchange(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, int most)
    {
        var late = false;
        using var timer = _options.Time.CreateTimer(
            _ =>
            {
                late = true;
                Kill();
            },
            null,
            _options.Timeout,
            Timeout.InfiniteTimeSpan);
        try
        {
            WorkerMessages.Send(_process.StandardInput.BaseStream, header, body);
            if (WorkerMessages.Receive(_process.StandardOutput.BaseStream, most) is { } answer)
            {
                return answer;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ObjectDisposedException)
        {
            _failed = true;
            throw Failure(late, e);
        }

        _failed = true;
        throw Failure(late, null);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private ImagingException Failure(bool late, Exception? cause) => late
        ? new ImagingException(ImagingError.LimitExceeded, $"The image took longer than {_options.Timeout.TotalSeconds:0.#} s.", cause)
        : new ImagingException(ImagingError.InvalidPixelData, "The codec worker stopped while it worked on this image.", cause);

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }
}
