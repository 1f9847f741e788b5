namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Decoded samples of a component: all lines, or the latest ones when they are put out while the scan goes on.</summary>
/// <param name="lines">Lines that are kept, whole blocks: line y lies where line y - lines lay.</param>
internal sealed class JpegPlane<T>(JpegComponent component, int lines)
    where T : unmanaged
{
    private readonly int _stride = component.Stride;
    private readonly int _blockWidth = component.BlockWidth;
    private readonly int _blockHeight = component.BlockHeight;

    // Not cleared: every sample of the image is decoded before it is read, or the image is refused.
    private readonly T[] _samples = GC.AllocateUninitializedArray<T>(component.Stride * lines);

    public ReadOnlySpan<T> Line(int y) => _samples.AsSpan(y % lines * _stride, _stride);

    /// <summary>From the first sample of a block on.</summary>
    /// <param name="row">In blocks.</param>
    /// <param name="column">In blocks.</param>
    public Span<T> Block(int row, int column) => _samples.AsSpan((row * _blockHeight % lines * _stride) + (column * _blockWidth));
}
