using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// Decodes TIFF files with libtiff, in the worker process only. Grey, RGB and palette samples are taken as they are (16 bits stay 16); YCbCr, CMYK, Lab and what else
/// the library can turn into RGB of 8 bits comes out as that.
/// </summary>
internal static unsafe class TiffDecoder
{
    /// <summary>The pages, upright.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="page">From 0, thumbnails not counted; negative for all.</param>
    /// <param name="maxPixels">Of all pages read together, in pixels of three bytes.</param>
    /// <exception cref="ImagingException">Damaged, too large, of a kind that the library does not read, or there is no such page.</exception>
    public static List<RenderedImage> Read(ReadOnlyMemory<byte> file, int page, long maxPixels)
    {
        var library = TiffLibrary.Instance;
        using var tiff = new TiffMemory(library, file);
        var images = new List<RenderedImage>();
        var (pages, left) = (0, maxPixels);
        while (true)
        {
            uint subfile = 0;
            library.GetField(tiff.Handle, 254, &subfile);
            if ((subfile & 1) == 0 || pages == 0)
            {
                if (page < 0 || page == pages)
                {
                    images.Add(Page(library, tiff, ref left));
                }

                pages++; // NewSubfileType 1 is a thumbnail of another page.
            }

            if (page >= 0 && images.Count > 0)
            {
                return images;
            }

            if (library.LastDirectory(tiff.Handle) != 0)
            {
                break;
            }

            if (pages > TiffHeader.MaxPages || library.ReadDirectory(tiff.Handle) == 0)
            {
                throw TiffMemory.Damaged("its directories do not end");
            }
        }

        return images.Count > 0 ? images : throw new ImagingException(ImagingError.FrameOutOfRange, $"The TIFF file has {pages} pages.");
    }

    private static RenderedImage Page(TiffLibrary library, TiffMemory tiff, ref long left)
    {
        var page = TiffPage.Of(library, tiff.Handle);
        left -= page.Cost;
        if (left < 0 || (long)page.Width * page.Height * Math.Max(4, page.Samples * page.BytesPerSample) > Array.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        var image = page.IsPlain ? TiffColors.ToImage(page, Samples(library, tiff.Handle, page)) : Rgb(library, tiff.Handle, page);
        return Upright.Turn(image, page.Orientation);
    }

    /// <summary>Samples by pixel of 1 byte (also for fewer bits) or 2 little endian ones.</summary>
    private static byte[] Samples(TiffLibrary library, void* tiff, TiffPage page)
    {
        var result = new byte[(long)page.Width * page.Height * page.Samples * page.BytesPerSample];
        var (planes, perBlock) = page.IsPlanar ? (page.Samples, 1) : (1, page.Samples);
        var across = (page.Width + page.BlockWidth - 1) / page.BlockWidth;
        var down = (page.Height + page.BlockHeight - 1) / page.BlockHeight;
        var rowBytes = (int)((((long)page.BlockWidth * perBlock * page.Bits) + 7) / 8);
        var block = new byte[page.BlockBytes];
        for (var plane = 0; plane < planes; plane++)
        {
            for (var at = 0; at < across * down; at++)
            {
                var (top, left) = (at / across * page.BlockHeight, at % across * page.BlockWidth);
                var rows = Math.Min(page.BlockHeight, page.Height - top);
                var needed = (nint)rowBytes * rows;
                if (needed > block.Length || Load(library, tiff, page, (uint)((plane * across * down) + at), block) < needed)
                {
                    throw TiffMemory.Damaged("a strip or tile is too short");
                }

                for (var row = 0; row < rows; row++)
                {
                    Copy(block.AsSpan(row * rowBytes, rowBytes), result, page, top + row, left, plane, perBlock);
                }
            }
        }

        return result;
    }

    private static nint Load(TiffLibrary library, void* tiff, TiffPage page, uint number, byte[] block)
    {
        fixed (byte* buffer = block)
        {
            return page.IsTiled ? library.ReadEncodedTile(tiff, number, buffer, block.Length) : library.ReadEncodedStrip(tiff, number, buffer, block.Length);
        }
    }

    private static void Copy(ReadOnlySpan<byte> line, byte[] result, TiffPage page, int row, int left, int plane, int perBlock)
    {
        var (bits, size) = (page.Bits, page.BytesPerSample);
        var columns = Math.Min(page.BlockWidth, page.Width - left);
        var to = ((((row * page.Width) + left) * page.Samples) + plane) * size;
        if (bits >= 8 && !page.IsPlanar)
        {
            line[..(columns * perBlock * size)].CopyTo(result.AsSpan(to));
            return;
        }

        for (var column = 0; column < columns; column++, to += page.Samples * size)
        {
            if (bits < 8)
            {
                result[to] = (byte)(line[column * bits / 8] >> (8 - bits - (column * bits % 8)) & ((1 << bits) - 1));
            }
            else
            {
                line.Slice(column * size, size).CopyTo(result.AsSpan(to));
            }
        }
    }

    /// <summary>Through the library's own conversion: red in the low byte, colours multiplied with the opacity in the high one.</summary>
    private static RenderedImage Rgb(TiffLibrary library, void* tiff, TiffPage page)
    {
        var reason = stackalloc byte[1024];
        reason[0] = 0;
        if (library.RgbaImageOk(tiff, reason) == 0)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, $"A TIFF image of this kind is not supported: {Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(reason)).TrimEnd('.')}.");
        }

        // Asked for as it is stored, so that nothing is turned here.
        var pixels = new uint[page.Width * page.Height];
        fixed (uint* raster = pixels)
        {
            if (library.ReadRgbaImage(tiff, (uint)page.Width, (uint)page.Height, raster, page.Orientation, 1) == 0)
            {
                throw TiffMemory.Damaged();
            }
        }

        var data = new byte[pixels.Length * 3];
        for (int i = 0, to = 0; i < pixels.Length; i++, to += 3)
        {
            var white = 255 - (pixels[i] >> 24);
            data[to] = (byte)Math.Min(255, (pixels[i] & 0xFF) + white);
            data[to + 1] = (byte)Math.Min(255, (pixels[i] >> 8 & 0xFF) + white);
            data[to + 2] = (byte)Math.Min(255, (pixels[i] >> 16 & 0xFF) + white);
        }

        return new RenderedImage(page.Width, page.Height, 3, 8, data);
    }
}
