using System.Text;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Xml;

/// <summary>Where elements of a resource stand in the XML it was read from; attributes (id, url) stand where their element does.</summary>
internal static class XmlPlaces
{
    private sealed class Place
    {
        public List<int> Rows { get; } = [];

        public Dictionary<(string Name, int Index), Place> Below { get; } = [];

        public Dictionary<string, int> Count { get; } = new(StringComparer.Ordinal);

        /// <summary>Whether its XML element holds one of a resource, which is not a step of its own in the tree.</summary>
        public bool HoldsResource { get; set; }
    }

    /// <summary>Offsets of the tags of those rows, in one walk over the text; <paramref name="xml"/> has been read without an error.</summary>
    public static Dictionary<int, int> Find(ReadOnlySpan<byte> xml, ResourceTree tree, IEnumerable<int> rows)
    {
        var root = new Place();
        foreach (var row in rows)
        {
            PlaceOf(tree, row, root).Rows.Add(row);
        }

        var found = new Dictionary<int, int>();
        var tokens = new XmlTokenizer(xml) { AllowText = true };
        var open = new Stack<(Place? Place, bool IsWrapper)>();
        for (var token = tokens.Next(); token != XmlToken.EndOfDocument; token = tokens.Next())
        {
            if (token == XmlToken.End)
            {
                open.Pop();
                continue;
            }

            Place? place;
            if (open.Count == 0)
            {
                place = root;
            }
            else if (open.Peek() is { Place: { HoldsResource: true } holder, IsWrapper: true })
            {
                open.Push((holder, false));
                continue;
            }
            else
            {
                place = open.Peek().Place is { } parent ? Child(parent, tokens.Name) : null;
            }

            foreach (var row in place?.Rows ?? [])
            {
                found[row] = tokens.TagStart;
            }

            open.Push((place, place is { HoldsResource: true } && open.Count > 0));
        }

        return found;
    }

    private static Place? Child(Place parent, ReadOnlySpan<byte> name)
    {
        if (parent.Below.Count == 0)
        {
            return null;
        }

        var local = Encoding.UTF8.GetString(name[(name.IndexOf((byte)':') + 1)..]);
        var index = parent.Count.GetValueOrDefault(local);
        parent.Count[local] = index + 1;
        return parent.Below.GetValueOrDefault((local, index));
    }

    private static Place PlaceOf(ResourceTree tree, int row, Place root)
    {
        if (row == 0)
        {
            return root;
        }

        ref readonly var r = ref tree.Rows[row];
        var parent = PlaceOf(tree, r.Parent, root);
        if (tree.Slots[row]?.Element is { IsXmlAttribute: true })
        {
            return parent;
        }

        var key = (tree.NameText(row), Math.Max(r.Index, 0));
        if (!parent.Below.TryGetValue(key, out var place))
        {
            parent.Below[key] = place = new Place { HoldsResource = (r.Flags & RowFlags.Resource) != RowFlags.None };
        }

        return place;
    }
}
