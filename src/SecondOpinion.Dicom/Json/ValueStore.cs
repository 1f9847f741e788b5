using System.Buffers;

namespace SecondOpinion.Dicom;

/// <summary>Values of one document: each is put together in scratch space, then moved beside the others into one of a few arrays.</summary>
internal sealed class ValueStore
{
    private const int LargestChunk = 4096;
    private const int OwnArray = 1024;

    private byte[] _scratch = ArrayPool<byte>.Shared.Rent(1024);
    private byte[] _chunk = [];
    private int _taken;

    /// <summary>Bytes of the value so far.</summary>
    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Value => _scratch.AsSpan(0, Length);

    /// <summary>Drops everything of the value from here on.</summary>
    internal void Cut(int length) => Length = length;

    /// <summary>Space behind the value, which <see cref="Advance"/> makes part of it.</summary>
    internal Span<byte> Reserve(int most)
    {
        if (_scratch.Length - Length < most)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_scratch.Length * 2, Length + most));
            Value.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = larger;
        }

        return _scratch.AsSpan(Length, most);
    }

    internal void Advance(int count) => Length += count;

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Gives the scratch space back; the values stay.</summary>
    internal void Return()
    {
        ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = [];
    }

    /// <summary>Ends the value and says where it is.</summary>
    /// <param name="left">Bytes of the document still to be read: about a quarter of a document are values.</param>
    internal (byte[] Source, int Offset) Take(int left)
    {
        var length = Length;
        if (length >= OwnArray)
        {
            var own = Value.ToArray();
            Length = 0;
            return (own, 0);
        }

        if (_chunk.Length - _taken < length)
        {
            _chunk = new byte[Math.Max(length, Math.Min(left / 4, LargestChunk))];
            _taken = 0;
        }

        Value.CopyTo(_chunk.AsSpan(_taken));
        Length = 0;
        _taken += length;
        return (_chunk, _taken - length);
    }
}
