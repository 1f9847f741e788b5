using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Text of any script through pango and cairo, where they are installed.</summary>
internal static unsafe class PangoText
{
    private const int CoverageOnly = 2; // CAIRO_FORMAT_A8
    private const int PangoScale = 1024;

    private static readonly Lazy<Functions?> s_functions = new(Functions.Load);

    public static bool IsPresent => s_functions.Value is not null;

    /// <summary>Coverage by pixel, cut at the limits; null when the libraries are missing or fail.</summary>
    /// <param name="size">Of the font, in pixels.</param>
    public static (int Width, int Height, byte[] Coverage)? Draw(string text, double size, TextAlignment alignment, int mostWidth, int mostHeight)
    {
        if (s_functions.Value is not { } library)
        {
            return null;
        }

        // A context of one pixel to measure with, then one of the size of the text.
        if (OnSurface(library, 1, 1, text, size, alignment, isDrawn: false) is not var (width, height, _)
            || OnSurface(library, Math.Clamp(width, 1, mostWidth), Math.Clamp(height, 1, mostHeight), text, size, alignment, isDrawn: true) is not var (_, _, coverage))
        {
            return null;
        }

        return (Math.Clamp(width, 1, mostWidth), Math.Clamp(height, 1, mostHeight), coverage);
    }

    private static (int Width, int Height, byte[] Coverage)? OnSurface(Functions library, int width, int height, string text, double size, TextAlignment alignment, bool isDrawn)
    {
        var surface = library.CreateSurface(CoverageOnly, width, height);
        var context = library.CreateContext(surface);
        var layout = library.CreateLayout(context);
        var font = library.CreateFont();
        try
        {
            if (library.SurfaceStatus(surface) != 0 || layout == 0)
            {
                return null;
            }

            var utf8 = Encoding.UTF8.GetBytes(text);
            fixed (byte* bytes = utf8, family = "sans-serif\0"u8)
            {
                library.SetFamily(font, family);
                library.SetSize(font, size * PangoScale);
                library.SetFont(layout, font);
                library.SetAlignment(layout, (int)alignment);
                library.SetText(layout, bytes, utf8.Length);
            }

            int textWidth, textHeight;
            library.GetPixelSize(layout, &textWidth, &textHeight);
            return isDrawn ? (textWidth, textHeight, Pixels(library, surface, context, layout, width, height)) : (textWidth, textHeight, []);
        }
        finally
        {
            library.FreeFont(font);
            if (layout != 0)
            {
                library.Unref(layout);
            }

            library.DestroyContext(context);
            library.DestroySurface(surface);
        }
    }

    private static byte[] Pixels(Functions library, nint surface, nint context, nint layout, int width, int height)
    {
        library.ShowLayout(context, layout);
        library.Flush(surface);
        var data = (byte*)library.Data(surface);
        var stride = library.Stride(surface);
        var coverage = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            new ReadOnlySpan<byte>(data + ((long)y * stride), width).CopyTo(coverage.AsSpan(y * width));
        }

        return coverage;
    }

    private sealed class Functions
    {
        private Functions(nint cairo, nint pango, nint both, nint gobject)
        {
            CreateSurface = (delegate* unmanaged[Cdecl]<int, int, int, nint>)NativeLibrary.GetExport(cairo, "cairo_image_surface_create");
            SurfaceStatus = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(cairo, "cairo_surface_status");
            DestroySurface = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(cairo, "cairo_surface_destroy");
            Flush = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(cairo, "cairo_surface_flush");
            Data = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(cairo, "cairo_image_surface_get_data");
            Stride = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(cairo, "cairo_image_surface_get_stride");
            CreateContext = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(cairo, "cairo_create");
            DestroyContext = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(cairo, "cairo_destroy");
            CreateLayout = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(both, "pango_cairo_create_layout");
            ShowLayout = (delegate* unmanaged[Cdecl]<nint, nint, void>)NativeLibrary.GetExport(both, "pango_cairo_show_layout");
            SetText = (delegate* unmanaged[Cdecl]<nint, byte*, int, void>)NativeLibrary.GetExport(pango, "pango_layout_set_text");
            SetAlignment = (delegate* unmanaged[Cdecl]<nint, int, void>)NativeLibrary.GetExport(pango, "pango_layout_set_alignment");
            SetFont = (delegate* unmanaged[Cdecl]<nint, nint, void>)NativeLibrary.GetExport(pango, "pango_layout_set_font_description");
            GetPixelSize = (delegate* unmanaged[Cdecl]<nint, int*, int*, void>)NativeLibrary.GetExport(pango, "pango_layout_get_pixel_size");
            CreateFont = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(pango, "pango_font_description_new");
            FreeFont = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(pango, "pango_font_description_free");
            SetFamily = (delegate* unmanaged[Cdecl]<nint, byte*, void>)NativeLibrary.GetExport(pango, "pango_font_description_set_family");
            SetSize = (delegate* unmanaged[Cdecl]<nint, double, void>)NativeLibrary.GetExport(pango, "pango_font_description_set_absolute_size");
            Unref = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(gobject, "g_object_unref");
        }

        public delegate* unmanaged[Cdecl]<int, int, int, nint> CreateSurface { get; }

        public delegate* unmanaged[Cdecl]<nint, int> SurfaceStatus { get; }

        public delegate* unmanaged[Cdecl]<nint, void> DestroySurface { get; }

        public delegate* unmanaged[Cdecl]<nint, void> Flush { get; }

        public delegate* unmanaged[Cdecl]<nint, nint> Data { get; }

        public delegate* unmanaged[Cdecl]<nint, int> Stride { get; }

        public delegate* unmanaged[Cdecl]<nint, nint> CreateContext { get; }

        public delegate* unmanaged[Cdecl]<nint, void> DestroyContext { get; }

        public delegate* unmanaged[Cdecl]<nint, nint> CreateLayout { get; }

        public delegate* unmanaged[Cdecl]<nint, nint, void> ShowLayout { get; }

        public delegate* unmanaged[Cdecl]<nint, byte*, int, void> SetText { get; }

        public delegate* unmanaged[Cdecl]<nint, int, void> SetAlignment { get; }

        public delegate* unmanaged[Cdecl]<nint, nint, void> SetFont { get; }

        public delegate* unmanaged[Cdecl]<nint, int*, int*, void> GetPixelSize { get; }

        public delegate* unmanaged[Cdecl]<nint> CreateFont { get; }

        public delegate* unmanaged[Cdecl]<nint, void> FreeFont { get; }

        public delegate* unmanaged[Cdecl]<nint, byte*, void> SetFamily { get; }

        public delegate* unmanaged[Cdecl]<nint, double, void> SetSize { get; }

        public delegate* unmanaged[Cdecl]<nint, void> Unref { get; }

        public static Functions? Load() =>
            First("libcairo.so.2", "libcairo.2.dylib", "libcairo-2.dll") is var cairo and not 0
            && First("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll") is var pango and not 0
            && First("libpangocairo-1.0.so.0", "libpangocairo-1.0.0.dylib", "libpangocairo-1.0-0.dll") is var both and not 0
            && First("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll") is var gobject and not 0
                ? new Functions(cairo, pango, both, gobject)
                : null;

        private static nint First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (NativeLibrary.TryLoad(name, out var library))
                {
                    return library;
                }
            }

            return 0;
        }
    }
}
