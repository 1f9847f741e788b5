using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A TIFF file in memory, open in libtiff, and what the library complained of.</summary>
internal sealed unsafe partial class TiffMemory : IDisposable
{
    private const int LongestMessage = 300;

    [ThreadStatic]
    private static string? s_lastError;

    private readonly GCHandle _self;
    private readonly TiffLibrary _library;
    private readonly ReadOnlyMemory<byte> _file;
    private long _position;

    /// <exception cref="ImagingException">No directory can be read.</exception>
    public TiffMemory(TiffLibrary library, ReadOnlyMemory<byte> file)
    {
        _library = library;
        _file = file;
        _self = GCHandle.Alloc(this);
        s_lastError = null;
        library.SetErrorHandler((nint)(delegate* unmanaged[Cdecl]<byte*, byte*, void*, void>)&OnError);
        library.SetWarningHandler(0);

        // r: read, m: not mapped, so that every access goes through Read and its bounds
        fixed (byte* name = "file\0"u8, mode = "rm\0"u8)
        {
            Handle = library.ClientOpen(
                name,
                mode,
                GCHandle.ToIntPtr(_self),
                (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)&Read,
                (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)&Write,
                (nint)(delegate* unmanaged[Cdecl]<nint, ulong, int, ulong>)&Seek,
                (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Close,
                (nint)(delegate* unmanaged[Cdecl]<nint, ulong>)&Size,
                0,
                0);
        }

        if (Handle is null)
        {
            _self.Free();
            throw Damaged();
        }
    }

    public void* Handle { get; }

    public void Dispose()
    {
        _library.Close(Handle);
        _self.Free();
    }

    /// <summary>An exception with the library's own words, or the given ones.</summary>
    public static ImagingException Damaged(string otherwise = "it cannot be read")
    {
        var message = s_lastError ?? otherwise;
        return message.Contains("memory", StringComparison.OrdinalIgnoreCase)
            ? new ImagingException(ImagingError.LimitExceeded, "The TIFF file needs more memory than the limit.")
            : new ImagingException(ImagingError.InvalidImage, $"The TIFF file is damaged: {message}.");
    }

    private static TiffMemory Of(nint handle) => (TiffMemory)GCHandle.FromIntPtr(handle).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Read(nint handle, byte* buffer, nint count)
    {
        var memory = Of(handle);
        if (count <= 0 || memory._position >= memory._file.Length)
        {
            return 0;
        }

        var size = (int)Math.Min(count, memory._file.Length - memory._position);
        memory._file.Span.Slice((int)memory._position, size).CopyTo(new Span<byte>(buffer, size));
        memory._position += size;
        return size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Write(nint handle, byte* buffer, nint count) => -1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ulong Seek(nint handle, ulong offset, int whence)
    {
        var memory = Of(handle);
        var origin = whence switch { 1 => memory._position, 2 => memory._file.Length, _ => 0 };
        var target = unchecked(origin + (long)offset);
        if (target < 0)
        {
            return ulong.MaxValue;
        }

        memory._position = target; // beyond the end nothing is read
        return (ulong)target;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(nint handle) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ulong Size(nint handle) => (ulong)Of(handle)._file.Length;

    /// <summary>Keeps the first message. A va_list is passed on as the pointer that it is passed as by every 64-bit ABI in use.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* module, byte* format, void* arguments)
    {
        if (s_lastError is not null)
        {
            return;
        }

        var buffer = stackalloc byte[LongestMessage];
        var length = OperatingSystem.IsWindows() ? -1 : Print(buffer, LongestMessage, format, arguments);
        s_lastError = Encoding.ASCII.GetString(length > 0 ? new ReadOnlySpan<byte>(buffer, Math.Min(length, LongestMessage - 1)) : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(format)).TrimEnd('.', ' ');
    }

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Print(byte* buffer, nint size, byte* format, void* arguments);
}
