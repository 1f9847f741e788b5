using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>One number, exact: a 64-bit integer, an unsigned one beyond that, a float or the text of DS and IS.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DicomNumber
{
    private readonly long _integer;
    private readonly double _real;
    private readonly Kind _kind;

    private DicomNumber(Kind kind, long integer, double real)
    {
        _kind = kind;
        _integer = integer;
        _real = real;
    }

    private enum Kind : byte
    {
        Integer,
        Unsigned,
        Double,
        Single,
    }

    internal static DicomNumber Of(long value) => new(Kind.Integer, value, 0);

    internal static DicomNumber Of(ulong value) => value <= long.MaxValue ? Of((long)value) : new(Kind.Unsigned, unchecked((long)value), 0);

    internal static DicomNumber Of(double value) => new(Kind.Double, 0, value);

    internal static DicomNumber Of(float value) => new(Kind.Single, 0, value);

    internal long? ToInt64() => _kind switch
    {
        Kind.Integer => _integer,
        Kind.Unsigned => null,
        _ => _real == Math.Truncate(_real) && Math.Abs(_real) < 9.2e18 ? (long)_real : null,
    };

    internal double ToDouble() => _kind switch
    {
        Kind.Integer => _integer,
        Kind.Unsigned => unchecked((ulong)_integer),
        _ => _real,
    };

    public override string ToString() => _kind switch
    {
        Kind.Integer => _integer.ToString(CultureInfo.InvariantCulture),
        Kind.Unsigned => unchecked((ulong)_integer).ToString(CultureInfo.InvariantCulture),
        Kind.Single => ((float)_real).ToString("R", CultureInfo.InvariantCulture),
        _ => _real.ToString("R", CultureInfo.InvariantCulture),
    };
}

/// <summary>Numbers in values of every VR (PS3.5 6.2, 7.3).</summary>
internal static class DicomNumbers
{
    internal static DicomNumber? First(DicomDataset dataset, in DicomElement element)
    {
        if (element.IsEmpty)
        {
            return null;
        }

        if (element.Vr.IsText())
        {
            if (element.Text is null)
            {
                var span = element.RawSpan;
                var end = span.IndexOf((byte)'\\');
                return Parse(end < 0 ? span : span[..end]);
            }

            return dataset.TextsOf(element) is [var text, ..] ? Parse(text) : null;
        }

        var size = SizeOf(element.Vr);
        var bytes = element.RawSpan;
        return size > 0 && bytes.Length >= size ? Binary(bytes[..size], element.Vr, element.IsBigEndian) : null;
    }

    internal static DicomNumber?[] All(DicomDataset dataset, in DicomElement element)
    {
        if (element.IsEmpty)
        {
            return [];
        }

        if (element.Vr.IsText())
        {
            return Array.ConvertAll(dataset.TextsOf(element), Parse);
        }

        var size = SizeOf(element.Vr);
        if (size == 0)
        {
            return [];
        }

        var bytes = element.RawSpan;
        var numbers = new DicomNumber?[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Binary(bytes.Slice(i * size, size), element.Vr, element.IsBigEndian);
        }

        return numbers;
    }

    /// <summary>Text of DS or IS in bytes; null when it is no finite number.</summary>
    internal static DicomNumber? Parse(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \0"u8);
        if (text.Length > 1 && text[0] == '+')
        {
            text = text[1..];
        }

        if (Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length)
        {
            return DicomNumber.Of(integer);
        }

        if (Utf8Parser.TryParse(text, out ulong unsigned, out used) && used == text.Length)
        {
            return DicomNumber.Of(unsigned);
        }

        return Utf8Parser.TryParse(text, out double real, out used) && used == text.Length && double.IsFinite(real) ? DicomNumber.Of(real) : null;
    }

    internal static DicomNumber? Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var integer))
        {
            return DicomNumber.Of(integer);
        }

        if (ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unsigned))
        {
            return DicomNumber.Of(unsigned);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? DicomNumber.Of(real) : null;
    }

    /// <summary>One value of a binary VR.</summary>
    internal static DicomNumber Binary(ReadOnlySpan<byte> bytes, DicomVr vr, bool big) => vr switch
    {
        DicomVr.OB or DicomVr.UN => DicomNumber.Of((long)bytes[0]),
        DicomVr.US or DicomVr.OW => DicomNumber.Of((long)U16(bytes, big)),
        DicomVr.SS => DicomNumber.Of((long)(short)U16(bytes, big)),
        DicomVr.UL or DicomVr.OL => DicomNumber.Of((long)U32(bytes, big)),
        DicomVr.SL => DicomNumber.Of((long)(int)U32(bytes, big)),
        DicomVr.UV or DicomVr.OV => DicomNumber.Of(U64(bytes, big)),
        DicomVr.SV => DicomNumber.Of((long)U64(bytes, big)),
        DicomVr.FL or DicomVr.OF => DicomNumber.Of(BitConverter.UInt32BitsToSingle(U32(bytes, big))),
        DicomVr.FD or DicomVr.OD => DicomNumber.Of(BitConverter.UInt64BitsToDouble(U64(bytes, big))),
        DicomVr.AT => DicomNumber.Of(((long)U16(bytes, big) << 16) | U16(bytes[2..], big)),
        _ => throw new ArgumentOutOfRangeException(nameof(vr), vr, "not a number VR"),
    };

    /// <summary>Bytes of decimal texts in a binary number VR, little endian.</summary>
    /// <exception cref="DicomException">A text is no number of the VR's range.</exception>
    internal static byte[] Parse(DicomTag tag, DicomVr vr, ReadOnlySpan<string> texts)
    {
        var size = SizeOf(vr);
        if (size == 0)
        {
            return texts.Length == 0 ? [] : throw new DicomException(DicomError.InvalidValue, $"text cannot be set in {vr}", tag);
        }

        var bytes = new byte[texts.Length * size];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!TryWrite(vr, Encoding.UTF8.GetBytes(texts[i]), bytes.AsSpan(i * size, size)))
            {
                throw new DicomException(DicomError.InvalidValue, $"'{texts[i]}' is no {vr}", tag);
            }
        }

        return bytes;
    }

    /// <summary>The shortest decimal of at most 16 characters that is nearest to the number (PS3.5 6.2, DS).</summary>
    internal static string DecimalString(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (var digits = 16; text.Length > 16 && digits > 0; digits--)
        {
            text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }

        return text;
    }

    /// <summary>Bytes of one number as <see cref="Binary"/> reads it; 0 where there are none.</summary>
    internal static int SizeOf(DicomVr vr) => vr is DicomVr.OB or DicomVr.UN ? 1 : vr.ValueSize();

    /// <summary>One number of a binary VR, little endian, from its decimal text (AT: eight hex digits) in UTF-8. False: it is none, or out of range.</summary>
    /// <param name="target">As many bytes as <see cref="SizeOf"/> says; none for a VR without numbers, which is false.</param>
    internal static bool TryWrite(DicomVr vr, ReadOnlySpan<byte> text, Span<byte> target)
    {
        if (target.IsEmpty)
        {
            return false;
        }

        if (vr == DicomVr.AT)
        {
            if (!uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(tag >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)tag);
            return true;
        }

        if (vr is DicomVr.FL or DicomVr.FD or DicomVr.OF or DicomVr.OD)
        {
            // "Infinity" is a value, a number too large is none.
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                || (!double.IsFinite(target.Length == 4 ? (float)real : real) && text.ContainsAnyInRange((byte)'0', (byte)'9')))
            {
                return false;
            }

            if (target.Length == 4)
            {
                BinaryPrimitives.WriteSingleLittleEndian(target, (float)real);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(target, real);
            }

            return true;
        }

        if (vr is DicomVr.UV or DicomVr.OV)
        {
            var fits = ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unsigned);
            if (!fits && Parse(text)?.ToInt64() is >= 0 and var whole)
            {
                (fits, unsigned) = (true, (ulong)whole); // as 1E3
            }

            BinaryPrimitives.WriteUInt64LittleEndian(target, unsigned);
            return fits;
        }

        if (Parse(text)?.ToInt64() is not { } value)
        {
            return false;
        }

        var (low, high) = vr switch
        {
            DicomVr.US or DicomVr.OW => (0L, ushort.MaxValue),
            DicomVr.SS => (short.MinValue, short.MaxValue),
            DicomVr.UL or DicomVr.OL => (0L, uint.MaxValue),
            DicomVr.SL => (int.MinValue, int.MaxValue),
            DicomVr.OB or DicomVr.UN => (0L, byte.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(wide, value);
        wide[..target.Length].CopyTo(target);
        return value >= low && value <= high;
    }

    private static ushort U16(ReadOnlySpan<byte> b, bool big) => big ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b);

    private static uint U32(ReadOnlySpan<byte> b, bool big) => big ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b);

    private static ulong U64(ReadOnlySpan<byte> b, bool big) => big ? BinaryPrimitives.ReadUInt64BigEndian(b) : BinaryPrimitives.ReadUInt64LittleEndian(b);
}
