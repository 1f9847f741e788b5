using System.Buffers.Binary;
using System.Numerics;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Preset coding parameters of a scan (ITU-T T.87 C.2.4.1.1) and what follows from them (A.2.1).</summary>
internal sealed record JpegLsParameters
{
    public required int MaxVal { get; init; }

    public required int T1 { get; init; }

    public required int T2 { get; init; }

    public required int T3 { get; init; }

    public required int Reset { get; init; }

    public required int Near { get; init; }

    /// <summary>RANGE (T.87 A.2.1).</summary>
    public int Range => Near == 0 ? MaxVal + 1 : ((MaxVal + (2 * Near)) / ((2 * Near) + 1)) + 1;

    /// <summary>qbpp: bits of a mapped error.</summary>
    public int ErrorBits => Log2(Range);

    /// <summary>LIMIT: longest code of a sample.</summary>
    public int Limit
    {
        get
        {
            var bits = Math.Max(2, Log2(MaxVal + 1));
            return 2 * (bits + Math.Max(8, bits));
        }
    }

    /// <summary>Parameters of a scan; those that are 0, or all of them when there is no segment, take their defaults (T.87 Table C.3).</summary>
    /// <param name="preset">MAXVAL, T1, T2, T3, RESET of an LSE segment of type 1, or empty.</param>
    public static JpegLsParameters Of(int precision, int near, ReadOnlySpan<int> preset)
    {
        var top = (1 << precision) - 1;
        var max = preset.Length > 0 && preset[0] != 0 ? preset[0] : top;
        if (max > top || near > Math.Min(255, max / 2))
        {
            throw CodecError.Invalid("JPEG-LS MAXVAL or NEAR out of range"); // T.87 Table C.1, C.3
        }

        var (t1, t2, t3) = Thresholds(max, near);
        var parameters = new JpegLsParameters
        {
            MaxVal = max,
            T1 = preset.Length > 0 && preset[1] != 0 ? preset[1] : t1,
            T2 = preset.Length > 0 && preset[2] != 0 ? preset[2] : t2,
            T3 = preset.Length > 0 && preset[3] != 0 ? preset[3] : t3,
            Reset = preset.Length > 0 && preset[4] != 0 ? preset[4] : 64,
            Near = near,
        };
        if (parameters.T1 < near + 1 || parameters.T2 < parameters.T1 || parameters.T3 < parameters.T2 || parameters.T3 > max
            || parameters.Reset < 3 || parameters.Reset > Math.Max(255, max))
        {
            throw CodecError.Invalid("JPEG-LS thresholds or RESET out of range"); // T.87 Table C.2
        }

        return parameters;
    }

    /// <summary>The values of an LSE segment of type 1, its type byte left out (T.87 C.2.4.1.1).</summary>
    public static int[] ReadPreset(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 10)
        {
            throw CodecError.Truncated("JPEG-LS preset parameters");
        }

        var values = new int[5];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt16BigEndian(payload[(2 * i)..]);
        }

        return values;
    }

    /// <summary>T.87 C.2.4.1.1.1.</summary>
    private static (int T1, int T2, int T3) Thresholds(int max, int near)
    {
        int t1;
        int t2;
        int t3;
        if (max >= 128)
        {
            var factor = (Math.Min(max, 4095) + 128) / 256;
            t1 = Clamp(factor + 2 + (3 * near), near + 1);
            t2 = Clamp((factor * 4) + 3 + (5 * near), t1);
            t3 = Clamp((factor * 17) + 4 + (7 * near), t2);
        }
        else
        {
            var factor = 256 / (max + 1);
            t1 = Clamp(Math.Max(2, (3 / factor) + (3 * near)), near + 1);
            t2 = Clamp(Math.Max(3, (7 / factor) + (5 * near)), t1);
            t3 = Clamp(Math.Max(4, (21 / factor) + (7 * near)), t2);
        }

        return (t1, t2, t3);

        int Clamp(int value, int low) => value > max || value < low ? low : value;
    }

    private static int Log2(int value) => BitOperations.Log2((uint)value - 1) + 1;
}
