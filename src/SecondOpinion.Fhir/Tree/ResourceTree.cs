using System.Text;
using System.Text.Unicode;

namespace SecondOpinion.Fhir.Tree;

/// <summary>The flat table of a resource's values over its source bytes.</summary>
internal sealed class ResourceTree(ReadOnlyMemory<byte> json, Row[] rows, int count)
{
    public ReadOnlyMemory<byte> Json { get; } = json;

    public Row[] Rows { get; } = rows;

    public int Count { get; } = count;

    /// <summary>The definition of each row; null where the element is unknown.</summary>
    public ElementSlot?[] Slots { get; } = new ElementSlot?[count];

    public ReadOnlySpan<byte> Name(int row) => Json.Span.Slice(Rows[row].NameStart, Rows[row].NameLength);

    /// <summary>The bytes of the value as written: strings without quotes and still escaped.</summary>
    public ReadOnlySpan<byte> Raw(int row) => Json.Span.Slice(Rows[row].Start, Rows[row].Length);

    /// <summary>The exact text of a primitive; null for objects and placeholders.</summary>
    public string? Text(int row)
    {
        ref readonly var r = ref Rows[row];
        return r.Kind switch
        {
            RowKind.String when (r.Flags & RowFlags.Escaped) != RowFlags.None => JsonText.Unescape(Raw(row)),
            RowKind.String or RowKind.Number => Encoding.UTF8.GetString(Raw(row)),
            RowKind.True => "true",
            RowKind.False => "false",
            _ => null,
        };
    }

    /// <summary>The JSON property name without a leading underscore.</summary>
    public string NameText(int row) =>
        (Rows[row].Flags & RowFlags.EscapedName) != RowFlags.None ? JsonText.Unescape(Name(row)) : Encoding.UTF8.GetString(Name(row));

    public bool NameEquals(int row, ReadOnlySpan<char> name)
    {
        ref readonly var r = ref Rows[row];
        if ((r.Flags & RowFlags.EscapedName) != RowFlags.None)
        {
            return name.SequenceEqual(JsonText.Unescape(Name(row)));
        }

        return r.NameLength == name.Length && Ascii.Equals(Name(row), name);
    }

    public bool NameEquals(int row, ReadOnlySpan<byte> name) =>
        Rows[row].NameLength == name.Length && Name(row).SequenceEqual(name);

    /// <summary>First row below <paramref name="row"/> that may be a child, and the row behind the last.</summary>
    public (int Start, int End) ChildRange(int row)
    {
        ref readonly var r = ref Rows[row];
        if (r.Kind == RowKind.Object)
        {
            return (row + 1, r.Next);
        }

        // FHIR R4 json.html#primitive: id and extensions of a primitive stand in its underscore sibling.
        return r.Extra != 0 ? (r.Extra + 1, Rows[r.Extra].Next) : (0, 0);
    }

    /// <summary>The first direct property of an object row with this name, hidden or not; -1 when there is none.</summary>
    public int FindProperty(int row, ReadOnlySpan<byte> name)
    {
        for (var (i, end) = (row + 1, Rows[row].Next); i < end; i = Rows[i].Next)
        {
            if (!Rows[i].IsUnderscore && NameEquals(i, name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Line and column, both from 1, of a byte offset.</summary>
    public (int Line, int Column) Locate(int offset) => JsonText.Locate(Json.Span, offset);
}
