using System.Globalization;
using System.Runtime.InteropServices;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;
using SecondOpinion.Dicom.Imaging.Worker;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// The process that runs libopenjp2 and libtiff: one request at a time over standard input and output, until input ends. A codestream or file that crashes a library
/// or makes it take all memory costs this process, and nothing else.
/// </summary>
public static partial class CodecWorker
{
    /// <summary>Environment variable with the bytes that the process may take beyond what it has at its start.</summary>
    public const string MemoryLimitVariable = "SECONDOPINION_CODEC_MEMORY";

    /// <summary>Serves requests until the input ends.</summary>
    /// <returns>The exit code: 0.</returns>
    public static int Run(Stream input, Stream output)
    {
        LimitMemory();
        while (WorkerMessages.Receive(input, WorkerMessages.MaxLength) is { } request)
        {
            Answer(request, output);
        }

        return 0;
    }

    private static void Answer(byte[] request, Stream output)
    {
        try
        {
            switch (request[0])
            {
                case Jpeg2000Messages.DecodeOperation when request.Length >= Jpeg2000Messages.DecodeHeader:
                    Decode(request, output);
                    break;
                case Jpeg2000Messages.EncodeOperation when request.Length >= Jpeg2000Messages.EncodeHeader:
                    Encode(request, output);
                    break;
                case TiffMessages.Operation when request.Length >= TiffMessages.RequestHeader:
                    TiffMessages.Answer(request, output);
                    break;
                default:
                    throw new ImagingException(ImagingError.InvalidOption, "Unknown request.");
            }
        }
        catch (ImagingException refusal)
        {
            WorkerMessages.Send(output, WorkerMessages.Refusal(refusal), []);
        }
        catch (OutOfMemoryException)
        {
            WorkerMessages.Send(output, WorkerMessages.Refusal(new ImagingException(ImagingError.LimitExceeded, "The image needs more memory than the limit.")), []);
        }
    }

    private static void Decode(ReadOnlySpan<byte> request, Stream output)
    {
        var image = OpenJpegCodec.Decode(
            request[Jpeg2000Messages.DecodeHeader..],
            BitConverter.ToInt32(request[1..]),
            BitConverter.ToInt32(request[5..]),
            BitConverter.ToInt32(request[9..]));
        Span<byte> header = stackalloc byte[Jpeg2000Messages.DecodedHeader];
        Jpeg2000Messages.WriteDecoded(header, image);
        WorkerMessages.Send(output, header, image.Samples);
    }

    private static void Encode(ReadOnlySpan<byte> request, Stream output)
    {
        var codestream = OpenJpegCodec.Encode(request[Jpeg2000Messages.EncodeHeader..], Jpeg2000Messages.ReadEncode(request));
        WorkerMessages.Send(output, [WorkerMessages.Done], codestream);
    }

    /// <summary>Caps the address space: what the runtime has reserved by now, and the limit on top.</summary>
    private static void LimitMemory()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess
            || !long.TryParse(Environment.GetEnvironmentVariable(MemoryLimitVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return;
        }

        const int AddressSpace = 9; // RLIMIT_AS
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture);
        var most = (ulong)((pages * Environment.SystemPageSize) + limit);
        var resource = new ResourceLimit { Soft = most, Hard = most };
        _ = SetResourceLimit(AddressSpace, in resource);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
