using System.Buffers;

namespace SecondOpinion.Dicom;

/// <summary>Growing scratch space shared by all levels of one read: each level takes its part off the top as one exact array.</summary>
internal struct ScratchStack<T>(int capacity)
{
    private T[] _items = ArrayPool<T>.Shared.Rent(capacity);
    private int _high;

    internal int Count { get; private set; }

    internal ref T this[int index] => ref _items[index];

    internal void Push(in T item)
    {
        if (Count == _items.Length)
        {
            var larger = ArrayPool<T>.Shared.Rent(Count * 2);
            Array.Copy(_items, larger, Count);
            Return();
            _items = larger;
        }

        _items[Count++] = item;
    }

    internal readonly Span<T> From(int start) => _items.AsSpan(start, Count - start);

    /// <summary>Takes everything above the start off.</summary>
    internal T[] Pop(int start)
    {
        var taken = From(start).ToArray();
        Drop(start);
        return taken;
    }

    internal void Drop(int start)
    {
        _high = Math.Max(_high, Count);
        Count = start;
    }

    internal void Return()
    {
        if (_items.Length > 0)
        {
            Array.Clear(_items, 0, Math.Max(_high, Count));
            ArrayPool<T>.Shared.Return(_items);
            _items = [];
        }
    }
}
