using System.Collections;

namespace SecondOpinion.Dicom;

/// <summary>
/// A data set or an item: elements in ascending order of tags (PS3.5 7.1). Not safe for use by several threads while one of them changes it.
/// </summary>
public sealed partial class DicomDataset : IEnumerable<DicomElement>
{
    private DicomElement[] _elements;
    private DicomDataset? _parent;
    private DicomCharacterSet? _characterSet;

    /// <summary>A data set without elements.</summary>
    public DicomDataset()
    {
        _elements = [];
    }

    /// <summary>Takes over an array that is sorted and holds no tag twice.</summary>
    internal DicomDataset(DicomElement[] sorted)
    {
        _elements = sorted;
        Count = sorted.Length;
        foreach (ref readonly var element in sorted.AsSpan())
        {
            if (element.Vr == DicomVr.SQ)
            {
                Adopt(element);
            }
        }
    }

    /// <summary>Number of elements, items' elements not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Specific Character Set (0008,0005) of this data set, or of the one that this is an item of (PS3.5 6.1.2.5, PS3.3 C.12.1.1.2).</summary>
    public DicomCharacterSet CharacterSet
    {
        get
        {
            if (_characterSet is not null)
            {
                return _characterSet;
            }

            for (var dataset = this; dataset is not null; dataset = dataset._parent)
            {
                var at = dataset.IndexOf(0x00080005);
                if (at >= 0 && !dataset._elements[at].IsEmpty)
                {
                    ref readonly var element = ref dataset._elements[at];
                    return _characterSet = element.Text is { } text ? DicomCharacterSet.Of(text) : DicomCharacterSet.Of(element.RawSpan);
                }
            }

            return DicomCharacterSet.Default;
        }
    }

    internal ReadOnlySpan<DicomElement> Elements => _elements.AsSpan(0, Count);

    /// <summary>Index of the first element with this tag or a greater one.</summary>
    internal int FirstFrom(DicomTag tag) => IndexOf(tag.Value) is var at && at < 0 ? ~at : at;

    /// <summary>There is an element with this tag, empty or not.</summary>
    public bool Contains(DicomTag tag) => IndexOf(tag.Value) >= 0;

    /// <summary>The element with this tag; false if there is none.</summary>
    public bool TryGet(DicomTag tag, out DicomElement element)
    {
        var at = IndexOf(tag.Value);
        element = at >= 0 ? _elements[at] : default;
        return at >= 0;
    }

    /// <summary>Puts an element in, in place of one with the same tag.</summary>
    /// <exception cref="DicomException">The tag is that of an item or a delimiter, which are no elements of a data set (PS3.5 7.5).</exception>
    public DicomDataset Set(DicomElement element)
    {
        if (element.Tag.IsItemOrDelimiter)
        {
            throw new DicomException(DicomError.InvalidStructure, "items and delimiters are no elements of a data set (PS3.5 7.5)", element.Tag);
        }

        if (element.Tag.Value == 0x00080005)
        {
            DecodeTexts();
            ForgetCharacterSet();
        }

        Adopt(element);
        var at = IndexOf(element.Tag.Value);
        if (at >= 0)
        {
            _elements[at] = element;
            return this;
        }

        at = ~at;
        if (Count == _elements.Length)
        {
            Array.Resize(ref _elements, Math.Max(8, Count * 2));
        }

        Array.Copy(_elements, at, _elements, at + 1, Count - at);
        _elements[at] = element;
        Count++;
        return this;
    }

    /// <summary>Takes an element out; false if there is none with that tag.</summary>
    public bool Remove(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        if (at < 0)
        {
            return false;
        }

        if (tag.Value == 0x00080005)
        {
            DecodeTexts();
            ForgetCharacterSet();
        }

        at = IndexOf(tag.Value);
        Count--;
        Array.Copy(_elements, at + 1, _elements, at, Count - at);
        _elements[Count] = default;
        return true;
    }

    /// <summary>Takes out every element that the condition holds for, in one pass.</summary>
    public DicomDataset RemoveWhere(Func<DicomElement, bool> condition)
    {
        if (TryGet(DicomTags.SpecificCharacterSet, out var characterSet) && condition(characterSet))
        {
            Remove(DicomTags.SpecificCharacterSet); // what it says of the text that stays is not lost
        }

        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!condition(_elements[i]))
            {
                _elements[kept++] = _elements[i];
            }
        }

        Array.Clear(_elements, kept, Count - kept);
        Count = kept;
        return this;
    }

    /// <summary>A copy whose items are copies too; values are shared, since they never change.</summary>
    public DicomDataset Clone()
    {
        var copy = new DicomElement[Count];
        for (var i = 0; i < copy.Length; i++)
        {
            ref readonly var element = ref _elements[i];
            copy[i] = element.Vr == DicomVr.SQ ? new DicomElement(element.Tag, Array.ConvertAll(element.ItemArray, item => item.Clone())) : element;
        }

        var clone = new DicomDataset(copy);
        if (_parent is not null && !Contains(DicomTags.SpecificCharacterSet) && CharacterSet != DicomCharacterSet.Default)
        {
            // A copied item keeps the meaning of its text outside its parent.
            clone._characterSet = CharacterSet;
            clone.DecodeTexts();
            clone._characterSet = null;
        }

        return clone;
    }

    /// <summary>The elements in ascending order of tags; those of items are not among them.</summary>
    public IEnumerator<DicomElement> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _elements[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Turns text that stands as bytes into text, so that the character set can change without changing its meaning.</summary>
    internal void DecodeTexts()
    {
        var characterSet = CharacterSet;
        for (var i = 0; i < Count; i++)
        {
            ref var element = ref _elements[i];
            if (element.Vr == DicomVr.SQ)
            {
                foreach (var item in element.ItemArray)
                {
                    if (!item.Contains(DicomTags.SpecificCharacterSet))
                    {
                        item.DecodeTexts();
                        item.ForgetCharacterSet();
                    }
                }
            }
            else if (element.Vr.UsesCharacterSet() && element.RawLength > 0 && !DicomCharacterSet.IsPlain(element.RawSpan))
            {
                element = new DicomElement(element.Tag, element.Vr, characterSet.Decode(element.RawSpan, element.Vr));
            }
        }
    }

    /// <summary>What an implicit syntax let be read as US is SS, as Pixel Representation says; in items too, unless they have their own.</summary>
    internal void TakeUsForSs()
    {
        for (var i = 0; i < Count; i++)
        {
            ref var element = ref _elements[i];
            if (element.Vr == DicomVr.US && DicomDictionary.DependsOnPixelRepresentation(element.Tag.Value))
            {
                element = element.WithVr(DicomVr.SS);
            }

            foreach (var item in element.ItemArray)
            {
                if (!item.Contains(DicomTags.PixelRepresentation))
                {
                    item.TakeUsForSs();
                }
            }
        }
    }

    private void ForgetCharacterSet()
    {
        _characterSet = null;
        foreach (ref readonly var element in Elements)
        {
            if (element.Vr == DicomVr.SQ)
            {
                foreach (var item in element.ItemArray)
                {
                    item.ForgetCharacterSet();
                }
            }
        }
    }

    private void Adopt(in DicomElement element)
    {
        foreach (var item in element.ItemArray)
        {
            if (item._parent is { } former && !ReferenceEquals(former, this))
            {
                // The bytes mean what the former parent's character set says.
                item.DecodeTexts();
                item.ForgetCharacterSet();
            }

            item._parent = this;
        }
    }

    /// <summary>Where the tag is, or the complement of where it belongs.</summary>
    private int IndexOf(uint tag)
    {
        var low = 0;
        var high = Count - 1;
        var elements = _elements;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var value = elements[middle].Tag.Value;
            if (value == tag)
            {
                return middle;
            }

            if (value < tag)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
