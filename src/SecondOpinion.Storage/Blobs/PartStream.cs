namespace SecondOpinion.Storage.Blobs;

/// <summary>A range of a local file; owns it.</summary>
internal sealed class PartStream : Stream
{
    private readonly FileStream _whole;
    private readonly long _start;
    private long _position;

    public PartStream(FileStream whole, long offset, long? length)
    {
        _whole = whole;
        _start = Math.Clamp(offset, 0, whole.Length);
        Length = Math.Clamp(length ?? long.MaxValue, 0, whole.Length - _start);
        _whole.Position = _start;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _whole.Read(buffer[..Room(buffer.Length)]);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads at once: there is no other way to read a file, and asking another thread of the pool to do it only adds a wait.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        _position = target;
        _whole.Position = _start + target;
        return target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _whole.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _whole.DisposeAsync();
        await base.DisposeAsync();
    }

    private int Room(int wanted) => (int)Math.Clamp(Length - _position, 0, wanted);
}
