namespace SecondOpinion.Dicom.Imaging;

/// <summary>The layers of a presentation state (PS3.3 C.10.7): the order they are drawn in, and their recommended colours.</summary>
internal sealed class GraphicLayers
{
    private readonly Dictionary<string, (int Order, Ink Ink)> _layers = new(StringComparer.Ordinal);

    public GraphicLayers(DicomDataset state)
    {
        foreach (var item in state.GetItems(DicomTags.GraphicLayerSequence))
        {
            if (item.GetString(DicomTags.GraphicLayer) is { } name)
            {
                var ink = Ink.Of(item, DicomTags.GraphicLayerRecommendedDisplayGrayscaleValue, DicomTags.GraphicLayerRecommendedDisplayCIELabValue) ?? Ink.White;
                _layers.TryAdd(name, (item.GetInt32(DicomTags.GraphicLayerOrder) ?? 0, ink));
            }
        }
    }

    /// <summary>Lower ones are drawn first.</summary>
    public int OrderOf(string? layer) => layer is not null && _layers.TryGetValue(layer, out var found) ? found.Order : int.MaxValue;

    /// <summary>White when the state recommends nothing.</summary>
    public Ink InkOf(string? layer) => layer is not null && _layers.TryGetValue(layer, out var found) ? found.Ink : Ink.White;
}
