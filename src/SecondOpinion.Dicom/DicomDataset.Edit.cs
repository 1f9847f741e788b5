using System.Globalization;

namespace SecondOpinion.Dicom;

/// <content>Setting values. The VR is the dictionary's, or that of the element already there when the dictionary does not know the tag.</content>
public sealed partial class DicomDataset
{
    /// <summary>Text values; for number VRs their decimal text, for AT eight hex digits. No value sets an empty element.</summary>
    /// <exception cref="DicomException">A value cannot be written in the VR.</exception>
    public DicomDataset Set(DicomTag tag, params string[] values) => Set(tag, VrForSetting(tag, DicomVr.LO), values);

    /// <summary>Text values in a VR that the caller knows better than the dictionary.</summary>
    public DicomDataset Set(DicomTag tag, DicomVr vr, params string[] values)
    {
        if (vr.IsText())
        {
            if (values.Length > 1 && vr.IsSingleText())
            {
                throw new DicomException(DicomError.InvalidValue, $"{vr} holds one value", tag);
            }

            return Set(new DicomElement(tag, vr, string.Join('\\', values)));
        }

        return vr == DicomVr.SQ && values.Length > 0
            ? throw new DicomException(DicomError.InvalidValue, "a sequence holds items, not text", tag)
            : Set(new DicomElement(tag, vr, DicomNumbers.Parse(tag, vr, values)));
    }

    /// <summary>Whole numbers, in a number VR or as text in IS and DS.</summary>
    public DicomDataset Set(DicomTag tag, params int[] values) => Set(tag, Array.ConvertAll(values, v => (long)v));

    /// <summary>Whole numbers, in a number VR or as text in IS (of 32 bits, PS3.5 6.2) and DS.</summary>
    /// <exception cref="DicomException">A number is beyond the VR.</exception>
    public DicomDataset Set(DicomTag tag, params long[] values)
    {
        var vr = VrForSetting(tag, DicomVr.SL);
        return Set(tag, vr, Array.ConvertAll(values, v => vr switch
        {
            DicomVr.AT => v.ToString("X8", CultureInfo.InvariantCulture),
            DicomVr.IS when v is < int.MinValue or > int.MaxValue => throw new DicomException(DicomError.InvalidValue, $"{v} is no IS", tag),
            DicomVr.DS => DicomNumbers.DecimalString(v),
            _ => v.ToString(CultureInfo.InvariantCulture),
        }));
    }

    /// <summary>Numbers; as DS at most 16 characters (PS3.5 6.2), otherwise in shortest form.</summary>
    /// <exception cref="DicomException">A number is not finite where the VR is text, or not whole, or beyond the VR.</exception>
    public DicomDataset Set(DicomTag tag, params double[] values)
    {
        var vr = VrForSetting(tag, DicomVr.FD);
        return Set(tag, vr, Array.ConvertAll(values, v => vr switch
        {
            DicomVr.DS when double.IsFinite(v) => DicomNumbers.DecimalString(v),
            DicomVr.DS => throw new DicomException(DicomError.InvalidValue, $"{v} is no DS", tag),
            DicomVr.IS when v != Math.Truncate(v) || v is < int.MinValue or > int.MaxValue => throw new DicomException(DicomError.InvalidValue, $"{v} is no IS", tag),
            _ => v.ToString("R", CultureInfo.InvariantCulture),
        }));
    }

    /// <summary>A date as DA (or DT).</summary>
    public DicomDataset Set(DicomTag tag, DateOnly value) => Set(tag, value.ToString("yyyyMMdd", CultureInfo.InvariantCulture));

    /// <summary>A time as TM, with six fraction digits where it has any.</summary>
    public DicomDataset Set(DicomTag tag, TimeOnly value) =>
        Set(tag, value.ToString(value.Ticks % TimeSpan.TicksPerSecond == 0 ? "HHmmss" : "HHmmss.ffffff", CultureInfo.InvariantCulture));

    /// <summary>An element of zero length.</summary>
    public DicomDataset SetEmpty(DicomTag tag)
    {
        var vr = VrForSetting(tag, DicomVr.LO);
        return vr == DicomVr.SQ ? SetItems(tag) : Set(new DicomElement(tag, vr, default(ReadOnlyMemory<byte>)));
    }

    /// <summary>Bytes as they shall stand in a little endian file; the array is not copied.</summary>
    public DicomDataset SetBytes(DicomTag tag, DicomVr vr, ReadOnlyMemory<byte> value) => Set(new DicomElement(tag, vr, value));

    /// <summary>A sequence. The items belong to this data set from now on and take its character set unless they have one.</summary>
    public DicomDataset SetItems(DicomTag tag, params DicomDataset[] items) => Set(new DicomElement(tag, items));

    /// <summary>Appends an item to a sequence that need not exist yet.</summary>
    public DicomDataset AddItem(DicomTag tag, DicomDataset item) =>
        SetItems(tag, TryGet(tag, out var element) ? [.. element.ItemArray, item] : [item]);

    /// <summary>Encapsulated pixel data: an offset table (or none) and fragments.</summary>
    public DicomDataset SetFragments(DicomTag tag, DicomVr vr, DicomFragments fragments) => Set(new DicomElement(tag, vr, fragments));

    /// <summary>Takes elements over from another data set, text with its meaning; those that it does not hold are left alone.</summary>
    public DicomDataset CopyFrom(DicomDataset source, params ReadOnlySpan<DicomTag> tags)
    {
        foreach (var tag in tags)
        {
            if (source.TryGet(tag, out var element))
            {
                if (element.Vr == DicomVr.SQ)
                {
                    SetItems(tag, Array.ConvertAll(element.ItemArray, item => item.Clone()));
                }
                else if (element.Vr.UsesCharacterSet() && element.RawLength > 0 && !DicomCharacterSet.IsPlain(element.RawSpan))
                {
                    Set(new DicomElement(tag, element.Vr, source.TextOf(element)));
                }
                else
                {
                    Set(element);
                }
            }
        }

        return this;
    }

    /// <summary>Makes the data set and its items UTF-8 (ISO_IR 192) without changing the meaning of their text.</summary>
    public DicomDataset UseUtf8()
    {
        Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        foreach (var element in this)
        {
            foreach (var item in element.ItemArray)
            {
                item.UseUtf8Inside();
            }
        }

        return this;
    }

    private void UseUtf8Inside()
    {
        if (TryGet(DicomTags.SpecificCharacterSet, out var own))
        {
            if (own.IsEmpty)
            {
                Remove(DicomTags.SpecificCharacterSet);
            }
            else
            {
                Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
            }
        }

        foreach (var element in this)
        {
            foreach (var item in element.ItemArray)
            {
                item.UseUtf8Inside();
            }
        }
    }

    /// <summary>Pixel Representation of this data set, or of the nearest one around it that has one.</summary>
    private bool HasSignedPixels()
    {
        for (var dataset = this; dataset is not null; dataset = dataset._parent)
        {
            if (dataset.GetInt32(DicomTags.PixelRepresentation) is { } representation)
            {
                return representation == 1;
            }
        }

        return false;
    }

    private DicomVr VrForSetting(DicomTag tag, DicomVr unknown)
    {
        var signed = DicomDictionary.DependsOnPixelRepresentation(tag.Value) && HasSignedPixels();
        var vr = DicomDictionary.VrOf(tag.Value, signed);
        return vr is not (DicomVr.UN or DicomVr.None) ? vr : TryGet(tag, out var present) && present.Vr != DicomVr.UN ? present.Vr : unknown;
    }
}
