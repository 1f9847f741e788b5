using System.Collections.Concurrent;
using System.Reflection;
using SecondOpinion.Dicom.Imaging.Codecs;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;
using SecondOpinion.Dicom.Imaging.Worker;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>How codec workers (JPEG 2000, TIFF) are started and what they may take.</summary>
public sealed record CodecWorkerOptions
{
    /// <summary>Program and arguments of a worker; default: this program with the argument <c>codec-worker</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Processes at most; they start when needed. Default: one per core, four at most.</summary>
    public int MaxWorkers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Time of one frame or TIFF file, after which its worker is killed; 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that a request waits for a worker; 60 s.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that a worker may take beyond those of an idle one (Linux); 2 GiB.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>The clock of <see cref="Timeout"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// JPEG 2000, HTJ2K and TIFF through worker processes (<see cref="CodecWorker"/>). A worker that crashes, hangs or answers nonsense is killed and
/// replaced; the request that it served fails. Safe for use by several threads: they wait when all workers are busy.
/// </summary>
public sealed class CodecWorkerPool : IDisposable
{
    private const int RefusalLength = 4096;

    /// <summary>A worker that had a larger frame than this is not kept: a new one starts faster than an idle one is worth its memory.</summary>
    private const long KeptFrameBytes = 64L << 20;

    private static Lazy<CodecWorkerPool> s_shared = new(() => new CodecWorkerPool(new CodecWorkerOptions()));

    private readonly CodecWorkerOptions _options;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentStack<WorkerProcess> _idle = new();
    private bool _disposed;

    /// <summary>No process starts before the first request.</summary>
    public CodecWorkerPool(CodecWorkerOptions options)
    {
        _options = options;
        _places = new SemaphoreSlim(options.MaxWorkers);
    }

    /// <summary>The pool that decoding and transcoding use; made on first use with default options unless <see cref="Configure"/> came before.</summary>
    public static CodecWorkerPool Shared => s_shared.Value;

    /// <summary>Sets the options of <see cref="Shared"/>: once, when the program starts.</summary>
    public static void Configure(CodecWorkerOptions options)
    {
        var former = Interlocked.Exchange(ref s_shared, new Lazy<CodecWorkerPool>(() => new CodecWorkerPool(options)));
        if (former.IsValueCreated)
        {
            former.Value.Dispose();
        }
    }

    internal CodecImage Decode(ReadOnlySpan<byte> codestream, int width, int height, int components)
    {
        Span<byte> header = stackalloc byte[Jpeg2000Messages.DecodeHeader];
        Jpeg2000Messages.WriteDecode(header, width, height, components);
        var answer = Exchange(header, codestream, CodecImage.SizeOf(width, height, components, sizeof(ushort)) + RefusalLength);
        try
        {
            return Jpeg2000Messages.ReadDecoded(answer);
        }
        catch (InvalidDataException e)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The JPEG 2000 worker gave an answer that makes no sense.", e);
        }
    }

    /// <summary>Pages of a TIFF file; see <see cref="ImageFile.ReadTiff"/>.</summary>
    internal IReadOnlyList<RenderedImage> DecodeTiff(ReadOnlySpan<byte> file, int? page, long maxPixels)
    {
        Span<byte> header = stackalloc byte[TiffMessages.RequestHeader];
        TiffMessages.WriteRequest(header, page, maxPixels);
        var answer = Exchange(header, file, TiffMessages.MostOf(maxPixels) + RefusalLength);
        try
        {
            return TiffMessages.ReadAnswer(answer);
        }
        catch (InvalidDataException e)
        {
            throw new ImagingException(ImagingError.InvalidImage, "The worker gave an answer that makes no sense.", e);
        }
    }

    internal byte[] Encode(ReadOnlySpan<byte> samples, in Jpeg2000EncodeRequest request)
    {
        Span<byte> header = stackalloc byte[Jpeg2000Messages.EncodeHeader];
        Jpeg2000Messages.WriteEncode(header, request);
        return Exchange(header, samples, WorkerMessages.MaxLength)[1..];
    }

    /// <summary>Ends the idle workers; busy ones end with their request.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var worker))
        {
            worker.Dispose();
        }
    }

    internal int MaxWorkers => _options.MaxWorkers;

    /// <summary>All workers are at work.</summary>
    internal bool IsBusy => _places.CurrentCount == 0;

    /// <summary>For tests: ends the processes of idle workers as the system would.</summary>
    internal void KillIdle()
    {
        foreach (var worker in _idle)
        {
            worker.Kill();
        }
    }

    private byte[] Exchange(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, int most)
    {
        if (body.Length > CodecImage.MaxBytes)
        {
            throw CodecError.TooLarge();
        }

        if (!_places.Wait(_options.QueueTimeout))
        {
            throw new ImagingException(ImagingError.LimitExceeded, $"No codec worker became free within {_options.QueueTimeout.TotalSeconds:0.#} s.");
        }

        try
        {
            var worker = TakeIdle();
            // A worker that waited may die just now: that is not the request's fault, so a fresh one gets the request too.
            var answer = (worker is null ? null : Ask(worker, header, body, most, isFresh: false))
                ?? Ask(WorkerProcess.Start(CommandOf(_options), _options), header, body, most, isFresh: true)!;
            return answer[0] == WorkerMessages.Done ? answer : throw WorkerMessages.ReadRefusal(answer);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The answer; null when a worker that is not fresh stopped without one.</summary>
    private byte[]? Ask(WorkerProcess worker, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, int most, bool isFresh)
    {
        var keep = false;
        try
        {
            var answer = worker.Exchange(header, body, most);
            keep = body.Length + (long)answer.Length <= KeptFrameBytes;
            return answer;
        }
        catch (ImagingException e) when (!isFresh && e.Code == ImagingError.InvalidPixelData)
        {
            return null;
        }
        finally
        {
            if (keep && worker.IsUsable && !_disposed)
            {
                _idle.Push(worker);
            }
            else
            {
                worker.Dispose();
            }
        }
    }

    /// <summary>A worker that waits for work. One that has died meanwhile (killed by the system for want of memory, say) is not offered.</summary>
    private WorkerProcess? TakeIdle()
    {
        while (_idle.TryPop(out var worker))
        {
            if (worker.IsUsable)
            {
                return worker;
            }

            worker.Dispose();
        }

        return null;
    }

    private static IReadOnlyList<string> CommandOf(CodecWorkerOptions options)
    {
        if (options.Command is { Count: > 0 } command)
        {
            return command;
        }

        var program = Environment.ProcessPath;
        var entry = Assembly.GetEntryAssembly()?.Location;
        if (program is null)
        {
            throw new ImagingException(ImagingError.MissingLibrary, "The command of codec workers is not configured.");
        }

        return Path.GetFileNameWithoutExtension(program) == "dotnet" && !string.IsNullOrEmpty(entry)
            ? [program, entry, "codec-worker"]
            : [program, "codec-worker"];
    }
}
