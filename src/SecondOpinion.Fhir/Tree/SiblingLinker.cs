using System.Text;

namespace SecondOpinion.Fhir.Tree;

/// <summary>
/// Joins <c>birthDate</c> with <c>_birthDate</c>, and item i of <c>given</c> with item i of <c>_given</c> (FHIR R4 json.html#primitive).
/// After linking the value row is the node and the underscore row is hidden; an underscore row without a value is the node itself.
/// </summary>
internal static class SiblingLinker
{
    public static void Link(Row[] rows, int parent, ReadOnlySpan<byte> json)
    {
        Dictionary<string, int>? firstOfName = null;
        var runs = 0;
        var end = rows[parent].Next;
        for (var i = parent + 1; i < end;)
        {
            var runEnd = EndOfRun(rows, i, end);
            if (rows[i].IsUnderscore)
            {
                // A few runs are found by scanning; many by a table, so that hostile objects stay linear.
                var value = ++runs <= 8
                    ? Scan(rows, parent, json, i)
                    : Lookup(firstOfName ??= Index(rows, parent, json), rows, json, i);
                LinkRun(rows, i, runEnd, value, end);
            }

            i = runEnd;
        }
    }

    private static int EndOfRun(Row[] rows, int first, int end)
    {
        var i = rows[first].Next;
        while (i < end && rows[i].NameStart == rows[first].NameStart)
        {
            i = rows[i].Next;
        }

        return i;
    }

    private static void LinkRun(Row[] rows, int underscore, int underscoreEnd, int value, int end)
    {
        // Walked side by side: a run of values that many runs of extensions claim is not walked for each of them.
        var name = value < 0 ? -1 : rows[value].NameStart;
        while (underscore < underscoreEnd)
        {
            ref var u = ref rows[underscore];
            if (value >= 0 && value < end && rows[value].NameStart == name && rows[value].Kind is not (RowKind.EmptyArray or RowKind.Object) && u.Kind != RowKind.EmptyArray)
            {
                ref var v = ref rows[value];
                if (u.Kind == RowKind.Object && (v.Index < 0) == (u.Index < 0))
                {
                    v.Extra = underscore;
                    v.Flags &= ~RowFlags.Hidden;
                    u.Extra = value;
                    u.Flags |= RowFlags.Hidden;
                }

                value = v.Next;
            }

            underscore = u.Next;
        }
    }

    private static int Scan(Row[] rows, int parent, ReadOnlySpan<byte> json, int underscore)
    {
        var name = json.Slice(rows[underscore].NameStart, rows[underscore].NameLength);
        for (var (i, end) = (parent + 1, rows[parent].Next); i < end; i = rows[i].Next)
        {
            ref readonly var row = ref rows[i];
            if (!row.IsUnderscore && row.NameLength == name.Length && json.Slice(row.NameStart, row.NameLength).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    private static Dictionary<string, int> Index(Row[] rows, int parent, ReadOnlySpan<byte> json)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var (i, end) = (parent + 1, rows[parent].Next); i < end; i = rows[i].Next)
        {
            if (!rows[i].IsUnderscore)
            {
                index.TryAdd(Encoding.UTF8.GetString(json.Slice(rows[i].NameStart, rows[i].NameLength)), i);
            }
        }

        return index;
    }

    private static int Lookup(Dictionary<string, int> index, Row[] rows, ReadOnlySpan<byte> json, int underscore) =>
        index.GetValueOrDefault(Encoding.UTF8.GetString(json.Slice(rows[underscore].NameStart, rows[underscore].NameLength)), -1);
}
