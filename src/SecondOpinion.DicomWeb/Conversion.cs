using Microsoft.Extensions.Options;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Which transfer syntax an instance or frame is sent in (PS3.18 8.7.3), and the work of getting there: a bounded number of conversions at once.</summary>
internal sealed class Conversion(IOptions<DicomWebOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentRenders > 0 ? options.Value.ConcurrentRenders : Environment.ProcessorCount);

    /// <summary>The transfer syntax to send an instance in; null when what is asked for cannot be had.</summary>
    /// <param name="asked">A UID, <c>*</c> for as stored, null for the default.</param>
    public string? Choose(InstanceRow row, string? asked)
    {
        var stored = row.TransferSyntaxUid;
        if (asked == stored && !MediaTypes.IsForbidden(stored))
        {
            return stored;
        }

        var wanted = asked is null or "*" ? DicomUids.ExplicitVRLittleEndian : asked;
        if (asked == "*" && !MediaTypes.IsForbidden(stored))
        {
            return stored;
        }

        if (!MediaTypes.IsForbidden(wanted) && CanConvert(row, wanted))
        {
            return wanted;
        }

        // PS3.18 8.7.3.5.2: without a transfer syntax asked for, what exists in a lossy or unknown form only may be sent so.
        return asked is null && !MediaTypes.IsForbidden(stored) ? stored : null;
    }

    public bool CanConvert(InstanceRow row, string target)
    {
        var stored = DicomTransferSyntax.Of(row.TransferSyntaxUid);
        if (target == row.TransferSyntaxUid)
        {
            return true;
        }

        if (target == DicomUids.ExplicitVRLittleEndian && !stored.IsEncapsulated)
        {
            // Implicit little endian is copied pixel for pixel; big endian and deflated are turned in memory.
            return row.Size <= options.Value.MaxTranscodeBytes || CanStream(row);
        }

        return row.Size <= options.Value.MaxTranscodeBytes && NativeSize(row) <= options.Value.MaxTranscodeBytes
            && DicomImage.CanDecode(row.TransferSyntaxUid) && PixelTranscoder.CanWrite(target) && (row.PixelOffset is not null || target == DicomUids.ExplicitVRLittleEndian);
    }

    /// <summary>Implicit little endian with nothing after its pixels: only the header changes.</summary>
    public static bool CanStream(InstanceRow row) =>
        row.TransferSyntaxUid == DicomUids.ImplicitVRLittleEndian && row.PixelOffset is { } offset && row.Fragments.Length == 0 && offset + row.PixelLength == row.Size;

    /// <summary>Runs decoding or rendering when a slot is free, on the thread of the request: it is one of the pool already.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return work();
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Bytes of the pixels once decompressed, for one sample per pixel.</summary>
    private static long NativeSize(InstanceRow row) =>
        Math.Max(0, (long)(row.Rows ?? 0)) * Math.Max(0, row.Columns ?? 0) * InstanceFiles.FrameCount(row) * Math.Max(1, (row.BitsAllocated ?? 8) / 8);

    public void Dispose() => _slots.Dispose();
}
