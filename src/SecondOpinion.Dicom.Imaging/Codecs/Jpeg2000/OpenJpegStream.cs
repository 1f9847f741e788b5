using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>A stream of libopenjp2 over bytes in memory: a buffer to read, or a growing one to write.</summary>
internal sealed unsafe class OpenJpegStream : IDisposable
{
    private const nuint ChunkSize = 1 << 20;

    private readonly GCHandle _self;
    private readonly OpenJpegLibrary _library;
    private byte[] _bytes;
    private int _length;
    private int _position;

    private OpenJpegStream(OpenJpegLibrary library, byte[] bytes, int length, bool reading)
    {
        _library = library;
        _bytes = bytes;
        _length = length;
        _self = GCHandle.Alloc(this);
        Handle = library.CreateStream(ChunkSize, reading ? 1 : 0);
        if (Handle is null)
        {
            _self.Free();
            throw new ImagingException(ImagingError.LimitExceeded, "No memory for a JPEG 2000 stream.");
        }

        library.SetUserData(Handle, (void*)GCHandle.ToIntPtr(_self), null);
        library.SetUserDataLength(Handle, (ulong)length);
        library.SetRead(Handle, &Read);
        library.SetWrite(Handle, &Write);
        library.SetSkip(Handle, &Skip);
        library.SetSeek(Handle, &Seek);
    }

    public void* Handle { get; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public static OpenJpegStream Over(OpenJpegLibrary library, byte[] bytes) => new(library, bytes, bytes.Length, reading: true);

    public static OpenJpegStream ForWriting(OpenJpegLibrary library, int capacity) => new(library, new byte[Math.Max(4096, capacity)], 0, reading: false);

    public void Dispose()
    {
        _library.DestroyStream(Handle);
        _self.Free();
    }

    private static OpenJpegStream Of(void* user) => (OpenJpegStream)GCHandle.FromIntPtr((nint)user).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(void* buffer, nuint count, void* user)
    {
        var stream = Of(user);
        var left = stream._length - stream._position;
        if (left <= 0)
        {
            return nuint.MaxValue; // (OPJ_SIZE_T)-1: end of the stream
        }

        var size = (int)Math.Min(count, (nuint)left);
        stream._bytes.AsSpan(stream._position, size).CopyTo(new Span<byte>(buffer, size));
        stream._position += size;
        return (nuint)size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Write(void* buffer, nuint count, void* user)
    {
        var stream = Of(user);
        if (count > (nuint)(Array.MaxLength - stream._position))
        {
            return nuint.MaxValue;
        }

        var end = stream._position + (int)count;
        stream.Grow(end);
        new ReadOnlySpan<byte>(buffer, (int)count).CopyTo(stream._bytes.AsSpan(stream._position));
        stream._position = end;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long count, void* user)
    {
        var stream = Of(user);
        var target = stream._position + count;
        if (target < 0 || target > stream._length)
        {
            return -1;
        }

        stream._position = (int)target;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long position, void* user)
    {
        var stream = Of(user);
        if (position < 0 || position > stream._length)
        {
            return 0;
        }

        stream._position = (int)position;
        return 1;
    }

    private void Grow(int end)
    {
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        }

        _length = Math.Max(_length, end);
    }
}
