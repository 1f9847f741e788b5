using System.Buffers;

namespace SecondOpinion.Dicom;

/// <summary>Bytes that are written once and taken as one exact array: memory from the pool, so that growing costs no garbage.</summary>
internal sealed class PooledStream : Stream, IBufferWriter<byte>
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 14);
    private int _count;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _count;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Ensure(buffer.Length);
        buffer.CopyTo(_bytes.AsSpan(_count));
        _count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    internal byte[] ToArray() => _bytes.AsSpan(0, _count).ToArray();

    protected override void Dispose(bool disposing)
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _count) = ([], 0);
        }

        base.Dispose(disposing);
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _count >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(_bytes.Length * 2L, (long)_count + more), Array.MaxLength));
        _bytes.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
