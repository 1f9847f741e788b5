using SecondOpinion.Fhir.Tree;
using SecondOpinion.Fhir.Xml;

namespace SecondOpinion.Fhir;

/// <summary>Values of <c>_summary</c> (FHIR R4 search.html#summary).</summary>
public enum SummaryMode
{
    /// <summary>Everything.</summary>
    False,

    /// <summary>Elements marked as summary, and mandatory ones in them.</summary>
    True,

    /// <summary>text, id, meta and mandatory top-level elements.</summary>
    Text,

    /// <summary>Everything but text.</summary>
    Data,
}

/// <summary>Partial forms of a resource; each is tagged SUBSETTED, so that nobody takes it for the whole.</summary>
public static class ResourceSummary
{
    private static ReadOnlySpan<byte> Tag => """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}"""u8;

    /// <summary>The resource for a value of <c>_summary</c>; the same for <see cref="SummaryMode.False"/>.</summary>
    public static FhirResource Apply(FhirResource resource, SummaryMode mode) => mode switch
    {
        SummaryMode.True => Filter(resource, (element, _) => element.IsSummary || element.Min > 0, deep: true),
        SummaryMode.Text => Filter(resource, (element, depth) => depth > 0 || element.Min > 0 || element.Name is "id" or "meta" or "text", deep: false),
        SummaryMode.Data => Filter(resource, (element, depth) => depth > 0 || element.Path != "DomainResource.text", deep: false),
        _ => resource,
    };

    /// <summary>
    /// The named top-level elements with id, meta, and what is mandatory (FHIR R4 search.html#elements). A name may be <c>Patient.name</c>, which counts for that type only;
    /// the name of a choice stands for all its types.
    /// </summary>
    public static FhirResource Elements(FhirResource resource, IReadOnlyCollection<string> names)
    {
        var prefix = resource.ResourceType + ".";
        var wanted = names
            .Where(n => !n.Contains('.', StringComparison.Ordinal) || n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => n.Contains('.', StringComparison.Ordinal) ? n[prefix.Length..] : n)
            .ToHashSet(StringComparer.Ordinal);
        return Filter(resource, (element, depth) => depth > 0 || element.Min > 0 || element.Name is "id" or "meta" || wanted.Contains(element.Name), deep: false);
    }

    private static FhirResource Filter(FhirResource resource, Func<ElementDefinition, int, bool> keep, bool deep)
    {
        using var output = new Utf8Text(resource.Tree.Json.Length);
        new Filtering(resource.Tree, output, keep, deep).Resource(0);
        return FhirResource.Parse(output.Written.ToArray());
    }

    private readonly struct Filtering(ResourceTree tree, Utf8Text output, Func<ElementDefinition, int, bool> keep, bool deep)
    {
        public void Resource(int row)
        {
            output.Append("{\"resourceType\":\""u8);
            output.Append(tree.Slots[row]!.Type.Utf8Name);
            output.Append((byte)'"');
            var hasMeta = tree.FindProperty(row, "meta"u8) >= 0;
            if (!hasMeta)
            {
                output.Append(",\"meta\":{\"tag\":["u8);
                output.Append(Tag);
                output.Append("]}"u8);
            }

            Children(row, 0, first: false);
            output.Append((byte)'}');
        }

        private void Children(int row, int depth, bool first)
        {
            var end = tree.Rows[row].Next;
            for (var i = row + 1; i < end;)
            {
                var next = EndOfRun(i, end);
                if (Keeps(i, next, depth))
                {
                    output.Append(first ? default : ","u8);
                    first = false;
                    Property(i, next, tree.Slots[i]!.Element!, depth);
                }

                i = next;
            }
        }

        /// <summary>Whether anything of the rows of a property stays.</summary>
        private bool Keeps(int first, int end, int depth)
        {
            if (tree.Rows[first].Kind == RowKind.EmptyArray || tree.Slots[first] is not { Element: { } element } || !keep(element, depth))
            {
                return false;
            }

            for (var i = first; i < end; i = tree.Rows[i].Next)
            {
                if (KeepsValue(i, element, depth))
                {
                    return true;
                }
            }

            return false;
        }

        private bool KeepsValue(int row, ElementDefinition element, int depth)
        {
            if (!IsFiltered(row, element))
            {
                return true;
            }

            for (var (i, end) = (row + 1, tree.Rows[row].Next); i < end; i = EndOfRun(i, end))
            {
                if (Keeps(i, EndOfRun(i, end), depth + 1))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Only backbones are filtered further: a data type is shown whole.</summary>
        private bool IsFiltered(int row, ElementDefinition element) =>
            deep && tree.Rows[row].Kind == RowKind.Object && tree.Slots[row]!.Type.Kind == TypeKind.Backbone && element.IsSummary;

        private int EndOfRun(int first, int end)
        {
            var i = tree.Rows[first].Next;
            while (i < end && tree.Rows[i].NameStart == tree.Rows[first].NameStart)
            {
                i = tree.Rows[i].Next;
            }

            return i;
        }

        private void Property(int first, int end, ElementDefinition element, int depth)
        {
            output.Append(tree.Rows[first].IsUnderscore ? "\"_"u8 : "\""u8);
            output.Append(tree.Name(first));
            output.Append("\":"u8);
            var isArray = tree.Rows[first].Index >= 0;
            output.Append(isArray ? "["u8 : default);
            var isFirst = true;
            for (var i = first; i < end; i = tree.Rows[i].Next)
            {
                if (!KeepsValue(i, element, depth))
                {
                    continue;
                }

                output.Append(isFirst ? default : ","u8);
                isFirst = false;
                if (element.Path == "Resource.meta" && depth == 0)
                {
                    Meta(i);
                }
                else
                {
                    Value(i, element, depth);
                }
            }

            output.Append(isArray ? "]"u8 : default);
        }

        private void Value(int row, ElementDefinition element, int depth)
        {
            if (IsFiltered(row, element))
            {
                output.Append((byte)'{');
                Children(row, depth + 1, first: true);
                output.Append((byte)'}');
                return;
            }

            Raw(row);
        }

        private void Raw(int row)
        {
            var quoted = tree.Rows[row].Kind == RowKind.String;
            output.Append(quoted ? "\""u8 : default);
            output.Append(tree.Raw(row));
            output.Append(quoted ? "\""u8 : default);
        }

        private void Meta(int row)
        {
            var raw = tree.Raw(row);
            var tag = tree.Rows[row].Kind == RowKind.Object ? tree.FindProperty(row, "tag"u8) : -1;
            if (tag >= 0 && tree.Rows[tag].Kind == RowKind.Object)
            {
                var at = tree.Rows[tag].Start - tree.Rows[row].Start;
                output.Append(raw[..at]);
                output.Append(Tag);
                output.Append((byte)',');
                output.Append(raw[at..]);
                return;
            }

            var empty = tree.Rows[row].Next == row + 1;
            output.Append("{\"tag\":["u8);
            output.Append(Tag);
            output.Append(empty ? "]"u8 : "],"u8);
            output.Append(raw[1..]);
        }
    }
}
