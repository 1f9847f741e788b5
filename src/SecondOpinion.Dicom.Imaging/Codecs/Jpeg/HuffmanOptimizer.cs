namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>The shortest Huffman code for given frequencies (ITU-T T.81 K.2).</summary>
internal sealed class HuffmanOptimizer
{
    private readonly uint[] _codes;
    private readonly byte[] _lengths;

    /// <param name="frequencies">Per symbol; at most 256.</param>
    public HuffmanOptimizer(ReadOnlySpan<int> frequencies)
    {
        var sizes = CodeSizes(frequencies);
        Counts = CountLengths(sizes);
        var order = new List<byte>();
        for (var size = 1; size < 64; size++)
        {
            for (var symbol = 0; symbol < frequencies.Length; symbol++)
            {
                if (sizes[symbol] == size)
                {
                    order.Add((byte)symbol);
                }
            }
        }

        Values = [.. order];
        _codes = new uint[frequencies.Length];
        _lengths = new byte[frequencies.Length];
        var code = 0u;
        var next = 0;
        for (var length = 1; length <= 16; length++)
        {
            for (var i = 0; i < Counts[length - 1]; i++, next++, code++)
            {
                _codes[Values[next]] = code;
                _lengths[Values[next]] = (byte)length;
            }

            code <<= 1;
        }
    }

    /// <summary>BITS.</summary>
    public byte[] Counts { get; }

    /// <summary>HUFFVAL.</summary>
    public byte[] Values { get; }

    public uint CodeOf(int symbol) => _codes[symbol];

    public int LengthOf(int symbol) => _lengths[symbol];

    /// <summary>T.81 Figure K.1. A further symbol of frequency 1 keeps the code of all ones free.</summary>
    private static int[] CodeSizes(ReadOnlySpan<int> frequencies)
    {
        var count = frequencies.Length + 1;
        long[] weights = [.. frequencies.ToArray(), 1];
        var sizes = new int[count];
        var others = new int[count];
        Array.Fill(others, -1);
        while (true)
        {
            var first = Least(weights, -1);
            var second = Least(weights, first);
            if (second < 0)
            {
                return sizes;
            }

            weights[first] += weights[second];
            weights[second] = 0;
            var at = first;
            for (sizes[at]++; others[at] >= 0; sizes[at]++)
            {
                at = others[at];
            }

            others[at] = second;
            for (at = second, sizes[at]++; others[at] >= 0; sizes[at]++)
            {
                at = others[at];
            }
        }
    }

    /// <summary>The least weight above zero, the last of equals.</summary>
    private static int Least(long[] weights, int except)
    {
        var found = -1;
        for (var i = 0; i < weights.Length; i++)
        {
            if (i != except && weights[i] > 0 && (found < 0 || weights[i] <= weights[found]))
            {
                found = i;
            }
        }

        return found;
    }

    /// <summary>T.81 Figures K.2 and K.3: no code is longer than 16 bits.</summary>
    private static byte[] CountLengths(int[] sizes)
    {
        var bits = new int[Math.Max(17, sizes.Max() + 1)];
        foreach (var size in sizes)
        {
            bits[size]++;
        }

        for (var i = bits.Length - 1; i > 16; i--)
        {
            while (bits[i] > 0)
            {
                var j = i - 2;
                while (bits[j] == 0)
                {
                    j--;
                }

                bits[i] -= 2;
                bits[i - 1]++;
                bits[j + 1] += 2;
                bits[j]--;
            }
        }

        var last = 16;
        while (bits[last] == 0)
        {
            last--;
        }

        bits[last]--; // the symbol that was only there to keep the code of all ones free
        return [.. bits[1..17].Select(b => (byte)b)];
    }
}
