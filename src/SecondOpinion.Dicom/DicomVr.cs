namespace SecondOpinion.Dicom;

/// <summary>Value representations (PS3.5 6.2). <see cref="None"/> is that of items and delimiters.</summary>
public enum DicomVr : byte
{
    /// <summary>No VR: items and delimiters.</summary>
    None,

    /// <summary>Application Entity.</summary>
    AE,

    /// <summary>Age String.</summary>
    AS,

    /// <summary>Attribute Tag: two 16-bit numbers.</summary>
    AT,

    /// <summary>Code String.</summary>
    CS,

    /// <summary>Date.</summary>
    DA,

    /// <summary>Decimal String.</summary>
    DS,

    /// <summary>Date Time.</summary>
    DT,

    /// <summary>64-bit floating point.</summary>
    FD,

    /// <summary>32-bit floating point.</summary>
    FL,

    /// <summary>Integer String.</summary>
    IS,

    /// <summary>Long String.</summary>
    LO,

    /// <summary>Long Text.</summary>
    LT,

    /// <summary>Bytes.</summary>
    OB,

    /// <summary>64-bit floating point numbers, binary.</summary>
    OD,

    /// <summary>32-bit floating point numbers, binary.</summary>
    OF,

    /// <summary>32-bit words.</summary>
    OL,

    /// <summary>64-bit words.</summary>
    OV,

    /// <summary>16-bit words.</summary>
    OW,

    /// <summary>Person Name.</summary>
    PN,

    /// <summary>Short String.</summary>
    SH,

    /// <summary>Signed 32-bit integer.</summary>
    SL,

    /// <summary>Sequence of items.</summary>
    SQ,

    /// <summary>Signed 16-bit integer.</summary>
    SS,

    /// <summary>Short Text.</summary>
    ST,

    /// <summary>Signed 64-bit integer.</summary>
    SV,

    /// <summary>Time.</summary>
    TM,

    /// <summary>Unlimited Characters.</summary>
    UC,

    /// <summary>UID.</summary>
    UI,

    /// <summary>Unsigned 32-bit integer.</summary>
    UL,

    /// <summary>Unknown.</summary>
    UN,

    /// <summary>URI or URL.</summary>
    UR,

    /// <summary>Unsigned 16-bit integer.</summary>
    US,

    /// <summary>Unlimited Text.</summary>
    UT,

    /// <summary>Unsigned 64-bit integer.</summary>
    UV,
}

/// <summary>What a value representation says about its bytes (PS3.5 6.2, 7.1.2).</summary>
public static class DicomVrs
{
    [Flags]
    private enum Trait : byte
    {
        None = 0,
        Long = 1,         // 32-bit length in explicit syntaxes
        Text = 2,         // characters
        Charset = 4,      // characters of Specific Character Set
        Single = 8,       // never more than one value: backslash is an ordinary character
        Leading = 16,     // leading spaces are significant
        Bulk = 32,        // may be replaced by a BulkDataURI although not binary, PS3.18 F.2.2
    }

    private static readonly (Trait Traits, byte Unit)[] s_rows = Rows();
    private static readonly string[] s_names = Enum.GetNames<DicomVr>();
    private static readonly DicomVr[] s_byCode = ByCode();

    /// <summary>The two letters.</summary>
    public static string Name(this DicomVr vr) => s_names[(int)vr];

    /// <summary>Explicit syntaxes write a 32-bit length after two reserved bytes (PS3.5 7.1.2, table 7.1-1).</summary>
    public static bool IsLongLength(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Long) != Trait.None;

    /// <summary>The value is characters.</summary>
    public static bool IsText(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Text) != Trait.None;

    /// <summary>The value is characters of the Specific Character Set (PS3.5 6.1.2.2).</summary>
    public static bool UsesCharacterSet(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Charset) != Trait.None;

    /// <summary>Text with one value, where a backslash does not separate values: ST, LT, UT, UR.</summary>
    public static bool IsSingleText(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Single) != Trait.None;

    /// <summary>Text whose leading spaces are significant: ST, LT, UT, UC.</summary>
    public static bool KeepsLeadingSpaces(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Leading) != Trait.None;

    /// <summary>OB, OD, OF, OL, OV, OW, UN: written to JSON as InlineBinary or BulkDataURI.</summary>
    public static bool IsBinary(this DicomVr vr) => vr is DicomVr.OB or DicomVr.OD or DicomVr.OF or DicomVr.OL or DicomVr.OV or DicomVr.OW or DicomVr.UN;

    /// <summary>May be replaced by a BulkDataURI (PS3.18 F.2.2).</summary>
    public static bool MayBeBulk(this DicomVr vr) => (s_rows[(int)vr].Traits & Trait.Bulk) != Trait.None;

    /// <summary>Bytes of one number, 1 where byte order does not matter. AT is two numbers of two bytes.</summary>
    public static int SwapUnit(this DicomVr vr) => s_rows[(int)vr].Unit;

    /// <summary>Bytes of one value of a fixed-size binary VR (AT: 4), 0 for text, OB, UN and SQ.</summary>
    public static int ValueSize(this DicomVr vr) => vr switch
    {
        DicomVr.AT => 4,
        DicomVr.OB or DicomVr.UN or DicomVr.SQ or DicomVr.None => 0,
        _ => s_rows[(int)vr].Unit > 1 ? s_rows[(int)vr].Unit : 0,
    };

    /// <summary>The byte that makes an odd length even: NUL for UI and binary, space for other text (PS3.5 6.2).</summary>
    public static byte PaddingByte(this DicomVr vr) => vr.IsText() && vr != DicomVr.UI ? (byte)' ' : (byte)0;

    /// <summary>The VR of two ASCII letters, <see cref="DicomVr.None"/> for anything else.</summary>
    public static DicomVr Parse(byte first, byte second)
    {
        var a = first - 'A';
        var b = second - 'A';
        return (uint)a < 26 && (uint)b < 26 ? s_byCode[(a * 26) + b] : DicomVr.None;
    }

    /// <summary>The VR of two letters; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomVr vr)
    {
        vr = text.Length == 2 && text[0] < 128 && text[1] < 128 ? Parse((byte)text[0], (byte)text[1]) : DicomVr.None;
        return vr != DicomVr.None;
    }

    private static (Trait Traits, byte Unit)[] Rows()
    {
        const Trait text = Trait.Text;
        const Trait charset = Trait.Text | Trait.Charset;
        var rows = new (Trait, byte)[(int)DicomVr.UV + 1];
        Array.Fill(rows, (Trait.None, (byte)1));
        rows[(int)DicomVr.AE] = (text, 1);
        rows[(int)DicomVr.AS] = (text, 1);
        rows[(int)DicomVr.AT] = (Trait.None, 2);
        rows[(int)DicomVr.CS] = (text, 1);
        rows[(int)DicomVr.DA] = (text, 1);
        rows[(int)DicomVr.DS] = (text | Trait.Bulk, 1);
        rows[(int)DicomVr.DT] = (text, 1);
        rows[(int)DicomVr.FD] = (Trait.Bulk, 8);
        rows[(int)DicomVr.FL] = (Trait.Bulk, 4);
        rows[(int)DicomVr.IS] = (text | Trait.Bulk, 1);
        rows[(int)DicomVr.LO] = (charset, 1);
        rows[(int)DicomVr.LT] = (charset | Trait.Single | Trait.Leading | Trait.Bulk, 1);
        rows[(int)DicomVr.OB] = (Trait.Long | Trait.Bulk, 1);
        rows[(int)DicomVr.OD] = (Trait.Long | Trait.Bulk, 8);
        rows[(int)DicomVr.OF] = (Trait.Long | Trait.Bulk, 4);
        rows[(int)DicomVr.OL] = (Trait.Long | Trait.Bulk, 4);
        rows[(int)DicomVr.OV] = (Trait.Long | Trait.Bulk, 8);
        rows[(int)DicomVr.OW] = (Trait.Long | Trait.Bulk, 2);
        rows[(int)DicomVr.PN] = (charset, 1);
        rows[(int)DicomVr.SH] = (charset, 1);
        rows[(int)DicomVr.SL] = (Trait.Bulk, 4);
        rows[(int)DicomVr.SQ] = (Trait.Long, 1);
        rows[(int)DicomVr.SS] = (Trait.Bulk, 2);
        rows[(int)DicomVr.ST] = (charset | Trait.Single | Trait.Leading | Trait.Bulk, 1);
        rows[(int)DicomVr.SV] = (Trait.Long | Trait.Bulk, 8);
        rows[(int)DicomVr.TM] = (text, 1);
        rows[(int)DicomVr.UC] = (charset | Trait.Long | Trait.Leading | Trait.Bulk, 1);
        rows[(int)DicomVr.UI] = (text, 1);
        rows[(int)DicomVr.UL] = (Trait.Bulk, 4);
        rows[(int)DicomVr.UN] = (Trait.Long | Trait.Bulk, 1);
        rows[(int)DicomVr.UR] = (text | Trait.Long | Trait.Single, 1);
        rows[(int)DicomVr.US] = (Trait.Bulk, 2);
        rows[(int)DicomVr.UT] = (charset | Trait.Long | Trait.Single | Trait.Leading | Trait.Bulk, 1);
        rows[(int)DicomVr.UV] = (Trait.Long | Trait.Bulk, 8);
        return rows;
    }

    private static DicomVr[] ByCode()
    {
        var table = new DicomVr[26 * 26];
        for (var vr = DicomVr.AE; vr <= DicomVr.UV; vr++)
        {
            var name = s_names[(int)vr];
            table[((name[0] - 'A') * 26) + (name[1] - 'A')] = vr;
        }

        return table;
    }
}
