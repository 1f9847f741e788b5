using System.Reflection;
using System.Runtime.InteropServices;

namespace SecondOpinion.Cases.Result;

/// <summary>The functions of cairo, pango and gobject that the report needs, loaded at first use.</summary>
internal static unsafe partial class PangoCairo
{
    public const int Scale = 1024;

    private const string Cairo = "cairo";
    private const string Pango = "pango";
    private const string Both = "pangocairo";
    private const string GObject = "gobject";

    private static readonly Dictionary<string, string[]> Names = new()
    {
        [Cairo] = ["libcairo.so.2", "libcairo.2.dylib", "libcairo-2.dll"],
        [Pango] = ["libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"],
        [Both] = ["libpangocairo-1.0.so.0", "libpangocairo-1.0.0.dylib", "libpangocairo-1.0-0.dll"],
        [GObject] = ["libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"],
    };

    static PangoCairo() => NativeLibrary.SetDllImportResolver(typeof(PangoCairo).Assembly, Resolve);

    /// <summary>Whether all four libraries are on this machine.</summary>
    public static bool IsPresent { get; } = Names.Values.All(candidates => candidates.Any(CanLoad));

    [LibraryImport(Cairo)]
    public static partial nint cairo_pdf_surface_create_for_stream(delegate* unmanaged<nint, byte*, uint, int> write, nint closure, double width, double height);

    [LibraryImport(Cairo, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void cairo_pdf_surface_set_metadata(nint surface, int metadata, string text);

    [LibraryImport(Cairo)]
    public static partial void cairo_surface_destroy(nint surface);

    [LibraryImport(Cairo)]
    public static partial void cairo_surface_finish(nint surface);

    [LibraryImport(Cairo)]
    public static partial int cairo_surface_status(nint surface);

    [LibraryImport(Cairo)]
    public static partial nint cairo_create(nint surface);

    [LibraryImport(Cairo)]
    public static partial int cairo_status(nint context);

    [LibraryImport(Cairo)]
    public static partial void cairo_destroy(nint context);

    [LibraryImport(Cairo)]
    public static partial void cairo_show_page(nint context);

    [LibraryImport(Cairo)]
    public static partial void cairo_set_source_rgb(nint context, double red, double green, double blue);

    [LibraryImport(Cairo)]
    public static partial void cairo_rectangle(nint context, double x, double y, double width, double height);

    [LibraryImport(Cairo)]
    public static partial void cairo_fill(nint context);

    [LibraryImport(Cairo)]
    public static partial void cairo_move_to(nint context, double x, double y);

    [LibraryImport(Cairo)]
    public static partial nint cairo_font_options_create();

    [LibraryImport(Cairo)]
    public static partial void cairo_font_options_destroy(nint options);

    [LibraryImport(Cairo)]
    public static partial void cairo_font_options_set_hint_style(nint options, int style);

    [LibraryImport(Cairo)]
    public static partial void cairo_font_options_set_hint_metrics(nint options, int metrics);

    [LibraryImport(Both)]
    public static partial nint pango_cairo_create_layout(nint context);

    [LibraryImport(Both)]
    public static partial void pango_cairo_context_set_font_options(nint pangoContext, nint options);

    [LibraryImport(Both)]
    public static partial void pango_cairo_show_layout_line(nint context, nint line);

    [LibraryImport(Pango)]
    public static partial nint pango_layout_get_context(nint layout);

    [LibraryImport(Pango)]
    public static partial void pango_context_set_round_glyph_positions(nint pangoContext, int round);

    [LibraryImport(Pango)]
    public static partial void pango_layout_context_changed(nint layout);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_text(nint layout, byte* text, int length);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_width(nint layout, int width);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_wrap(nint layout, int wrap);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_line_spacing(nint layout, float factor);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_alignment(nint layout, int alignment);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_font_description(nint layout, nint description);

    [LibraryImport(Pango)]
    public static partial void pango_layout_get_extents(nint layout, Rectangle* ink, Rectangle* logical);

    [LibraryImport(Pango)]
    public static partial nint pango_layout_get_iter(nint layout);

    [LibraryImport(Pango)]
    public static partial void pango_layout_iter_free(nint iterator);

    [LibraryImport(Pango)]
    public static partial int pango_layout_iter_next_line(nint iterator);

    [LibraryImport(Pango)]
    public static partial nint pango_layout_iter_get_line_readonly(nint iterator);

    [LibraryImport(Pango)]
    public static partial int pango_layout_iter_get_baseline(nint iterator);

    [LibraryImport(Pango)]
    public static partial void pango_layout_iter_get_line_extents(nint iterator, Rectangle* ink, Rectangle* logical);

    [LibraryImport(Pango)]
    public static partial nint pango_font_description_new();

    [LibraryImport(Pango)]
    public static partial void pango_font_description_free(nint description);

    [LibraryImport(Pango, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void pango_font_description_set_family(nint description, string family);

    [LibraryImport(Pango)]
    public static partial void pango_font_description_set_weight(nint description, int weight);

    [LibraryImport(Pango)]
    public static partial void pango_font_description_set_style(nint description, int style);

    [LibraryImport(Pango)]
    public static partial void pango_font_description_set_absolute_size(nint description, double size);

    [LibraryImport(GObject)]
    public static partial void g_object_unref(nint instance);

    [StructLayout(LayoutKind.Sequential)]
    public struct Rectangle
    {
        public int X;
        public int Y;
        public int Width;
        public int Height;
    }

    private static bool CanLoad(string name)
    {
        // Kept loaded: it is used next.
        return NativeLibrary.TryLoad(name, out _);
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var candidate in Names.GetValueOrDefault(library) ?? [])
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
