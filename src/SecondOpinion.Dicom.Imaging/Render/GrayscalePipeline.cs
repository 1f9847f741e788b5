using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Stored value to presentation value (PS3.4 N.2): modality, values of interest, presentation. The result is 0 (black) to 1 (white).</summary>
internal sealed class GrayscalePipeline
{
    private readonly LookupTable? _modality;
    private readonly double _slope = 1;
    private readonly double _intercept;
    private readonly (double Low, double High)? _padding;
    private readonly LookupTable? _voi;
    private readonly int _voiMaximum;
    private readonly Window _window;
    private readonly LookupTable? _presentation;
    private readonly bool _inverse;

    private GrayscalePipeline(DicomDataset dataset, DecodedFrame frame, int frameIndex, RenderOptions options)
    {
        var state = options.PresentationState;
        _padding = Padding(dataset, frame);

        // PS3.3 C.11.1. What a presentation state says takes the place of all that the image says; a step that it lacks is none (PS3.4 N.2).
        var modality = state ?? dataset;
        if (modality.GetItem(DicomTags.ModalityLUTSequence) is { } table)
        {
            _modality = LookupTable.Of(table, DicomTags.LUTDescriptor, DicomTags.LUTData, frame.IsSigned);
        }
        else
        {
            var values = FrameAttributes.Of(modality, frameIndex, DicomTags.PixelValueTransformationSequence);
            _slope = values.GetDouble(DicomTags.RescaleSlope) is { } slope && double.IsFinite(slope) && slope != 0 ? slope : 1;
            _intercept = values.GetDouble(DicomTags.RescaleIntercept) is { } intercept && double.IsFinite(intercept) ? intercept : 0;
        }

        var voi = state is null ? FrameAttributes.Of(dataset, frameIndex, DicomTags.FrameVOILUTSequence) : SoftcopyVoi(state, dataset, frameIndex);
        if (options.Window is { } asked)
        {
            _window = Window.Of(asked.Center, asked.Width, asked.Function) ?? throw new ImagingException(ImagingError.InvalidOption, "The width of a window is greater than zero.");
        }
        else if (voi.GetItem(DicomTags.VOILUTSequence) is { } curve)
        {
            // PS3.3 C.11.2: either may be applied. A curve made for the image says more than a window.
            _voi = LookupTable.Of(curve, DicomTags.LUTDescriptor, DicomTags.LUTData, HasNegative(frame));
            _voiMaximum = (1 << _voi.Bits) - 1;
            if (_voi.Maximum > _voiMaximum)
            {
                _voiMaximum = ushort.MaxValue;
            }
        }
        else
        {
            _window = Window.Of(voi) ?? (state is null || frame.IsFloat ? FullRange(frame) : Identity(frame));
        }

        // PS3.3 C.11.6: INVERSE is what MONOCHROME1 says by itself; a presentation state speaks for both.
        if (state?.GetItem(DicomTags.PresentationLUTSequence) is { } presentation)
        {
            _presentation = LookupTable.Of(presentation, DicomTags.LUTDescriptor, DicomTags.LUTData, false);
        }
        else
        {
            var shape = (state ?? dataset).GetString(DicomTags.PresentationLUTShape);
            _inverse = shape == "INVERSE" || (state is null && frame.PhotometricInterpretation == "MONOCHROME1");
        }
    }

    /// <summary>Grey values of 8 or 16 bits.</summary>
    public static byte[] Apply(DicomDataset dataset, DecodedFrame frame, int frameIndex, RenderOptions options)
    {
        var pipeline = new GrayscalePipeline(dataset, frame, frameIndex, options);
        var pixels = frame.Rows * frame.Columns;
        return options.Deep
            ? pipeline.ToWords(frame, pixels)
            : pipeline.ToBytes(frame, pixels);
    }

    /// <summary>
    /// Values of 8 bits go to the screen in a straight line, whatever the frame holds, so that pixels may be averaged before as well as after: no curve, no window
    /// that cuts off, no padding.
    /// </summary>
    public static bool IsLinear(DicomImage image, int frameIndex, RenderOptions options)
    {
        var any = new DecodedFrame(1, 1, 1, 1, 8, isSigned: false, image.Description.PhotometricInterpretation, [0]);
        var pipeline = new GrayscalePipeline(image.Dataset, any, frameIndex, options);
        var (first, last) = (pipeline.Map(0), pipeline.Map(255));
        for (var value = 1; value < 255; value++)
        {
            if (Math.Abs(pipeline.Map(value) - (first + ((last - first) * value / 255))) > 1.0 / 255)
            {
                return false;
            }
        }

        return true;
    }

    private byte[] ToBytes(DecodedFrame frame, int pixels)
    {
        if (frame.BytesPerSample >= 4)
        {
            var values = new byte[pixels];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (byte)((Map(Wide(frame, i)) * 255) + 0.5);
            }

            return values;
        }

        var table = new byte[frame.BytesPerSample == 1 ? 256 : 65536];
        foreach (var value in Samples.Domain(frame))
        {
            table[value & (table.Length - 1)] = (byte)((Map(value) * 255) + 0.5);
        }

        if (frame.BytesPerSample == 1 && frame.BitsStored == 8 && frame.Data.Length == pixels && IsIdentity(table))
        {
            return frame.Data; // unsigned, no window: ready to be shown
        }

        var result = GC.AllocateUninitializedArray<byte>(pixels);
        ref var first = ref MemoryMarshal.GetArrayDataReference(table); // it has an entry for every value that a sample can have
        if (frame.BytesPerSample == 1)
        {
            var samples = frame.Data.AsSpan(0, pixels);
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = Unsafe.Add(ref first, samples[i]);
            }
        }
        else
        {
            var samples = Samples.UInt16(frame)[..pixels];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = Unsafe.Add(ref first, samples[i]);
            }
        }

        return result;
    }

    private static bool IsIdentity(ReadOnlySpan<byte> table)
    {
        for (var i = 0; i < table.Length; i++)
        {
            if (table[i] != i)
            {
                return false;
            }
        }

        return true;
    }

    private byte[] ToWords(DecodedFrame frame, int pixels)
    {
        var result = new byte[pixels * 2];
        var words = MemoryMarshal.Cast<byte, ushort>(result.AsSpan());
        if (frame.BytesPerSample >= 4)
        {
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = (ushort)((Map(Wide(frame, i)) * 65535) + 0.5);
            }

            return result;
        }

        var table = new ushort[frame.BytesPerSample == 1 ? 256 : 65536];
        foreach (var value in Samples.Domain(frame))
        {
            table[value & (table.Length - 1)] = (ushort)((Map(value) * 65535) + 0.5);
        }

        var wide = frame.BytesPerSample == 2;
        var cells = wide ? Samples.UInt16(frame) : default;
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = table[wide ? cells[i] : frame.Data[i]];
        }

        return result;
    }

    /// <summary>A sample of 4 bytes and more.</summary>
    private static double Wide(DecodedFrame frame, int at) => frame.IsFloat ? Samples.Float(frame, at) : frame.IsSigned ? Samples.Int32(frame)[at] : (uint)Samples.Int32(frame)[at];

    private double Map(double stored)
    {
        if (double.IsNaN(stored) || (_padding is { } padding && stored >= padding.Low && stored <= padding.High))
        {
            return 0; // PS3.3 C.7.5.1.1.2: background, whatever the polarity
        }

        var value = Modality(stored);
        var interest = _voi is not null ? Math.Min(1, _voi[value] / (double)_voiMaximum) : _window.Map(value);
        if (_presentation is not null)
        {
            var entry = _presentation[interest * (_presentation.Count - 1) + _presentation.First];
            return Math.Min(1, entry / (double)((1 << _presentation.Bits) - 1));
        }

        return _inverse ? 1 - interest : interest;
    }

    private double Modality(double stored) => _modality is not null ? _modality[stored] : (stored * _slope) + _intercept;

    /// <summary>A presentation state without a VOI transformation means none (PS3.4 N.2): every value that there could be, from black to white.</summary>
    private Window Identity(DecodedFrame frame) => _modality is not null
        ? Window.Between(0, (1 << _modality.Bits) - 1)
        : Between(Lowest(frame), Lowest(frame) + (1L << frame.BitsStored) - 1);

    /// <summary>No window: values of up to 8 bits are ready to be shown; of others what the frame holds is spread from black to white.</summary>
    private Window FullRange(DecodedFrame frame)
    {
        if (frame.IsFloat)
        {
            var range = Samples.FloatRange(frame, _padding);
            return Between(range.Minimum, range.Maximum);
        }

        if (frame.BitsStored <= 8 && _modality is null)
        {
            return Identity(frame);
        }

        var (minimum, maximum) = Samples.Range(frame, _padding is { } padding ? ((long)padding.Low, (long)padding.High) : null);
        if (_modality is null)
        {
            return Between(minimum, maximum);
        }

        var (least, most) = (double.MaxValue, double.MinValue);
        for (var value = minimum; value <= maximum && value - minimum <= 65536; value++)
        {
            var x = Modality(value);
            least = Math.Min(least, x);
            most = Math.Max(most, x);
        }

        return Window.Between(least, most);
    }

    private Window Between(double minimum, double maximum)
    {
        var (a, b) = (Modality(minimum), Modality(maximum));
        return Window.Between(Math.Min(a, b), Math.Max(a, b));
    }

    /// <summary>What comes to a VOI LUT may be negative, so that its first input is signed (PS3.3 C.11.2.1.1); what a Modality LUT gives never is.</summary>
    private bool HasNegative(DecodedFrame frame) => frame.IsFloat
        || (_modality is null && Math.Min(Modality(Lowest(frame)), Modality(Lowest(frame) + (1L << frame.BitsStored) - 1)) < 0);

    private static long Lowest(DecodedFrame frame) => frame.IsSigned ? -(1L << (frame.BitsStored - 1)) : 0;

    private static (double Low, double High)? Padding(DicomDataset dataset, DecodedFrame frame)
    {
        if (frame.IsFloat)
        {
            var (first, last) = frame.BytesPerSample == 4
                ? (DicomTags.FloatPixelPaddingValue, DicomTags.FloatPixelPaddingRangeLimit)
                : (DicomTags.DoubleFloatPixelPaddingValue, DicomTags.DoubleFloatPixelPaddingRangeLimit);
            return dataset.GetDouble(first) is not { } padding ? null
                : (Math.Min(padding, dataset.GetDouble(last) ?? padding), Math.Max(padding, dataset.GetDouble(last) ?? padding));
        }

        if (dataset.GetInt64(DicomTags.PixelPaddingValue) is not { } value)
        {
            return null;
        }

        var limit = dataset.GetInt64(DicomTags.PixelPaddingRangeLimit) ?? value;
        value = AsSample(value, frame);
        limit = AsSample(limit, frame);
        return (Math.Min(value, limit), Math.Max(value, limit));
    }

    /// <summary>US and SS of these attributes are confused often enough.</summary>
    private static long AsSample(long value, DecodedFrame frame) => frame.IsSigned && value > short.MaxValue ? (short)value : !frame.IsSigned && value < 0 ? (ushort)value : value;

    /// <summary>The item of Softcopy VOI LUT Sequence that refers to the image and frame (PS3.3 C.11.8); an empty data set is no VOI transformation.</summary>
    private static DicomDataset SoftcopyVoi(DicomDataset state, DicomDataset image, int frameIndex) =>
        PresentationState.ItemFor(state.GetItems(DicomTags.SoftcopyVOILUTSequence), image, frameIndex) ?? [];
}
