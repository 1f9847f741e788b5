using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Codecs;

/// <summary>
/// Overlays in unused bits of pixel cells (retired in PS3.5 2004, PS3.5 8.1.2). Codecs carry values, not cells, so before pixels are transcoded such
/// overlays move to Overlay Data (60xx,3000), where PS3.3 C.9.2 wants them.
/// </summary>
internal static class EmbeddedOverlays
{
    private const ushort OverlayRows = 0x0010;
    private const ushort OverlayColumns = 0x0011;
    private const ushort NumberOfFramesInOverlay = 0x0015;
    private const ushort ImageFrameOrigin = 0x0051;
    private const ushort OverlayBitsAllocated = 0x0100;
    private const ushort OverlayBitPosition = 0x0102;
    private const ushort OverlayData = 0x3000;

    /// <param name="dataset">The copy that is being transcoded.</param>
    public static void MoveOut(DicomDataset dataset, DicomImage image)
    {
        for (ushort group = 0x6000; group <= 0x601E; group += 2)
        {
            if (dataset.GetInt32(new DicomTag(group, OverlayBitPosition)) is { } position && !dataset.Contains(new DicomTag(group, OverlayData)))
            {
                MoveOut(dataset, image, group, position);
            }
        }
    }

    /// <summary>There is one, as far as the data set says.</summary>
    public static bool IsIn(DicomDataset dataset)
    {
        for (ushort group = 0x6000; group <= 0x601E; group += 2)
        {
            if (dataset.Contains(new DicomTag(group, OverlayBitPosition)) && dataset.GetBytes(new DicomTag(group, OverlayData)).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private static void MoveOut(DicomDataset dataset, DicomImage image, ushort group, int position)
    {
        var description = image.Description;
        var fits = position >= 0 && position < description.BitsAllocated && description is { SamplesPerPixel: 1, BitsAllocated: 8 or 16 }
            && dataset.GetInt32(new DicomTag(group, OverlayRows)) == description.Rows
            && dataset.GetInt32(new DicomTag(group, OverlayColumns)) == description.Columns;
        var total = description.PixelsPerFrame * image.FrameCount;
        if (!fits || total > Array.MaxLength)
        {
            return;
        }

        var bits = new byte[(((total + 7) / 8) + 1) & ~1L];
        var at = 0L;
        for (var frame = 0; frame < image.FrameCount; frame++)
        {
            if (image.Cells(frame) is not { } cells)
            {
                return; // the codestream holds no cells, so it never held the overlay
            }

            var span = cells.Span;
            for (var i = 0; i < description.PixelsPerFrame; i++, at++)
            {
                var cell = description.BitsAllocated == 8 ? span[i] : BinaryPrimitives.ReadUInt16LittleEndian(span[(2 * i)..]);
                bits[at >> 3] |= (byte)((cell >> position & 1) << (int)(at & 7));
            }
        }

        dataset.Set(new DicomTag(group, OverlayBitsAllocated), 1);
        dataset.Set(new DicomTag(group, OverlayBitPosition), 0);
        dataset.SetBytes(new DicomTag(group, OverlayData), DicomVr.OW, bits);
        if (image.FrameCount > 1)
        {
            dataset.Set(new DicomTag(group, NumberOfFramesInOverlay), image.FrameCount);
            dataset.Set(new DicomTag(group, ImageFrameOrigin), 1);
        }
    }
}
