namespace SecondOpinion.Fuzz;

/// <summary>Makes damaged inputs from good ones, the same ones for the same seed.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private static readonly byte[] s_bytes = [0, 1, 0x1B, 0x20, 0x5C, 0x7F, 0x80, 0xFE, 0xFF];
    private static readonly uint[] s_words = [0, 1, 2, 7, 8, 12, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF];
    private static readonly byte[][] s_tokens =
    [
        [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], // item of undefined length
        [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0],
        [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0],
        [0x08, 0x00, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x08, 0x00, 0x40, 0x11, (byte)'U', (byte)'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x08, 0x00, 0x05, 0x00, (byte)'C', (byte)'S', 0x10, 0, .. "\\ISO 2022 IR 87 "u8],
        [0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        [.. "\u001B$B"u8],
        [.. ",\"Value\":[null,-1,1e999,\"\\u0000\\\\\"]"u8], [.. "{\"00081140\":{\"vr\":\"SQ\",\"Value\":[{}]}}"u8], [.. "\"InlineBinary\":\"AAA=\""u8],
        [.. "<Value number=\"65535\">&#x10FFFF;</Value>"u8], [.. "<Item number=\"2\"/>"u8],
        [0xFF, 0xDA], [0xFF, 0xC4], [0xFF, 0xD0], [0xFF, 0xDD, 0, 4, 0, 1], [0xFF, 0x90, 0, 10],
        [.. "UN"u8], [.. "SQ"u8], [.. "OB"u8], [.. "UT"u8], [.. "AT"u8], [.. "FD"u8], [.. "1e999"u8],
    ];

    private readonly Sequence _random = new((uint)seed);

    internal byte[] Next()
    {
        var bytes = new List<byte>(corpus[_random.Next(corpus.Count)]);
        for (var count = 1 + _random.Next(1 + _random.Next(9)); count > 0; count--)
        {
            Mutate(bytes);
        }

        return [.. bytes];
    }

    private void Mutate(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)_random.Next(256));
            return;
        }

        var at = At(bytes.Count);
        switch (_random.Next(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = s_bytes[_random.Next(s_bytes.Length)];
                break;
            case 2:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 3 or 4:
                Overwrite(bytes, at, s_words[_random.Next(s_words.Length)], _random.Next(2) == 0 ? 2 : 4);
                break;
            case 5:
                bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at));
                break;
            case 6:
                bytes.InsertRange(at, bytes.GetRange(At(bytes.Count), 0).Concat(new byte[Length()]));
                break;
            case 7:
                var from = At(bytes.Count);
                bytes.InsertRange(at, bytes.GetRange(from, Math.Min(Length() * 4, bytes.Count - from)));
                break;
            case 8:
                var other = corpus[_random.Next(corpus.Count)];
                var start = _random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(start, Math.Min(Length() * 8, other.Length - start)).ToArray());
                break;
            case 9:
                bytes.InsertRange(at, s_tokens[_random.Next(s_tokens.Length)]);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    /// <summary>A place, more often near the start, where headers are.</summary>
    private int At(int count) => _random.Next(3) == 0 ? _random.Next(Math.Min(count, 600)) : _random.Next(count);

    private int Length() => 1 + _random.Next(2 << _random.Next(6));

    private static void Overwrite(List<byte> bytes, int at, uint value, int size)
    {
        for (var i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>Numbers that are the same on every run and every runtime (xorshift).</summary>
    private sealed class Sequence(uint seed)
    {
        private uint _state = (seed * 2654435761u) | 1;

        internal int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)below);
        }
    }
}
