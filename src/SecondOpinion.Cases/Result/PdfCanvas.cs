using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecondOpinion.Cases.Result;

/// <summary>The text renderer (pango, cairo) is missing or failed.</summary>
public sealed class PdfUnavailableException(string message) : Exception(message);

/// <summary>How a run of text looks. Sizes in points; weight as in CSS.</summary>
internal readonly record struct TextStyle(double Size, int Weight, int Color, bool IsItalic = false, double LineSpacing = 1.18, bool AlignsRight = false);

/// <summary>
/// A4 pages of shaped text. Pango chooses fonts and directions for any script, cairo embeds what is used. The vertical position runs down the page; text
/// that does not fit goes on on the next one.
/// </summary>
internal sealed unsafe class PdfCanvas : IDisposable
{
    public const double Width = 595.28;
    public const double Height = 841.89;
    private const string Family = "Noto Sans, DejaVu Sans, sans-serif";

    private readonly MemoryStream _output = new();
    private readonly GCHandle _self;
    private readonly double _top;
    private readonly double _bottom;
    private readonly Action<PdfCanvas> _decorate;
    private nint _surface;
    private nint _context;

    /// <param name="top">Where text begins on each page.</param>
    /// <param name="bottom">Where it ends.</param>
    /// <param name="decorate">Draws head and foot of the current page.</param>
    public PdfCanvas(double top, double bottom, Action<PdfCanvas> decorate)
    {
        if (!PangoCairo.IsPresent)
        {
            throw new PdfUnavailableException("The PDF of a report needs pango and cairo (Debian: libpangocairo-1.0-0; Alpine: pango; macOS: pango), which are not installed");
        }

        (_top, _bottom, _decorate) = (top, bottom, decorate);
        _self = GCHandle.Alloc(_output);
        _surface = PangoCairo.cairo_pdf_surface_create_for_stream(&Write, GCHandle.ToIntPtr(_self), Width, Height);
        _context = PangoCairo.cairo_create(_surface);
        Y = top;
        _decorate(this);
    }

    /// <summary>The page being written, from 1.</summary>
    public int Page { get; private set; } = 1;

    public double Y { get; set; }

    /// <summary>Room left on this page.</summary>
    public double Left => _bottom - Y;

    // Values of cairo_pdf_metadata_t.
    public void Describe(string title, string author, string subject, DateTimeOffset created)
    {
        PangoCairo.cairo_pdf_surface_set_metadata(_surface, 0, title);
        PangoCairo.cairo_pdf_surface_set_metadata(_surface, 1, author);
        PangoCairo.cairo_pdf_surface_set_metadata(_surface, 2, subject);
        PangoCairo.cairo_pdf_surface_set_metadata(_surface, 4, "SecondOpinion.Interop");
        PangoCairo.cairo_pdf_surface_set_metadata(_surface, 5, Life.TaskWriter.Instant(created)[..19] + "Z");
    }

    public void NewPage()
    {
        PangoCairo.cairo_show_page(_context);
        Page++;
        Y = _top;
        _decorate(this);
    }

    /// <summary>Begins a new page when less than that is left.</summary>
    public void Keep(double height)
    {
        if (height > Left && Y > _top)
        {
            NewPage();
        }
    }

    public double Measure(string text, TextStyle style, double width)
    {
        var layout = Layout(text, style, width);
        PangoCairo.Rectangle logical;
        PangoCairo.pango_layout_get_extents(layout, null, &logical);
        PangoCairo.g_object_unref(layout);
        return (double)logical.Height / PangoCairo.Scale;
    }

    /// <summary>Draws text at a place of this page, whatever is below; returns its height.</summary>
    public double Draw(string text, TextStyle style, double x, double y, double width)
    {
        var end = y;
        Lines(text, style, width, (line, lineX, top, baseline, height) =>
        {
            Show(line, style, x + lineX, y + baseline);
            end = y + top + height;
        });
        return end - y;
    }

    /// <summary>Writes text from the present position on, over as many pages as it takes.</summary>
    public void Flow(string text, TextStyle style, double x, double width, Action<double, double>? beside = null)
    {
        Lines(text, style, width, (line, lineX, top, baseline, height) =>
        {
            Keep(height);
            beside?.Invoke(Y, height);
            Show(line, style, x + lineX, Y + baseline - top);
            Y += height;
        });
    }

    public void Fill(double x, double y, double width, double height, int color)
    {
        SetColor(color);
        PangoCairo.cairo_rectangle(_context, x, y, width, height);
        PangoCairo.cairo_fill(_context);
    }

    /// <summary>Ends the file.</summary>
    public byte[] Finish()
    {
        PangoCairo.cairo_show_page(_context);
        PangoCairo.cairo_surface_finish(_surface);
        var status = PangoCairo.cairo_status(_context) is var first and not 0 ? first : PangoCairo.cairo_surface_status(_surface);
        return status == 0 ? _output.ToArray() : throw new PdfUnavailableException($"cairo failed with status {status}");
    }

    public void Dispose()
    {
        if (_context != 0)
        {
            PangoCairo.cairo_destroy(_context);
            PangoCairo.cairo_surface_destroy(_surface);
            _context = 0;
            _surface = 0;
            _self.Free();
        }
    }

    private delegate void LineAction(nint line, double x, double top, double baseline, double height);

    private void Lines(string text, TextStyle style, double width, LineAction action)
    {
        var layout = Layout(text, style, width);
        var iterator = PangoCairo.pango_layout_get_iter(layout);
        try
        {
            do
            {
                PangoCairo.Rectangle logical;
                PangoCairo.pango_layout_iter_get_line_extents(iterator, null, &logical);
                var baseline = PangoCairo.pango_layout_iter_get_baseline(iterator);
                action(
                    PangoCairo.pango_layout_iter_get_line_readonly(iterator),
                    (double)logical.X / PangoCairo.Scale, (double)logical.Y / PangoCairo.Scale, (double)baseline / PangoCairo.Scale, (double)logical.Height / PangoCairo.Scale);
            }
            while (PangoCairo.pango_layout_iter_next_line(iterator) != 0);
        }
        finally
        {
            PangoCairo.pango_layout_iter_free(iterator);
            PangoCairo.g_object_unref(layout);
        }
    }

    private void Show(nint line, TextStyle style, double x, double baseline)
    {
        SetColor(style.Color);
        PangoCairo.cairo_move_to(_context, x, baseline);
        PangoCairo.pango_cairo_show_layout_line(_context, line);
    }

    private nint Layout(string text, TextStyle style, double width)
    {
        var layout = PangoCairo.pango_cairo_create_layout(_context);
        UnhintedMetrics(layout);
        var font = PangoCairo.pango_font_description_new();
        PangoCairo.pango_font_description_set_family(font, Family);
        PangoCairo.pango_font_description_set_weight(font, style.Weight);
        PangoCairo.pango_font_description_set_style(font, style.IsItalic ? 2 : 0);
        PangoCairo.pango_font_description_set_absolute_size(font, style.Size * PangoCairo.Scale);
        PangoCairo.pango_layout_set_font_description(layout, font);
        PangoCairo.pango_font_description_free(font);
        PangoCairo.pango_layout_set_width(layout, (int)(width * PangoCairo.Scale));
        // PANGO_WRAP_WORD_CHAR
        PangoCairo.pango_layout_set_wrap(layout, 2);
        PangoCairo.pango_layout_set_line_spacing(layout, (float)style.LineSpacing);
        PangoCairo.pango_layout_set_alignment(layout, style.AlignsRight ? 2 : 0);
        var bytes = Encoding.UTF8.GetBytes(Clean(text));
        fixed (byte* start = bytes)
        {
            PangoCairo.pango_layout_set_text(layout, start, bytes.Length);
        }

        return layout;
    }

    // On paper, letters stand where their outlines want them, not on a pixel grid.
    private static void UnhintedMetrics(nint layout)
    {
        var options = PangoCairo.cairo_font_options_create();
        PangoCairo.cairo_font_options_set_hint_style(options, 1);
        PangoCairo.cairo_font_options_set_hint_metrics(options, 1);
        var context = PangoCairo.pango_layout_get_context(layout);
        PangoCairo.pango_cairo_context_set_font_options(context, options);
        PangoCairo.pango_context_set_round_glyph_positions(context, 0);
        PangoCairo.pango_layout_context_changed(layout);
        PangoCairo.cairo_font_options_destroy(options);
    }

    private void SetColor(int color) =>
        PangoCairo.cairo_set_source_rgb(_context, ((color >> 16) & 0xFF) / 255.0, ((color >> 8) & 0xFF) / 255.0, (color & 0xFF) / 255.0);

    // Control characters have no glyphs; a lone surrogate becomes U+FFFD in the encoder.
    private static string Clean(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(source[i]) && source[i] != '\n' ? ' ' : source[i];
        }
    });

    [UnmanagedCallersOnly]
    private static int Write(nint closure, byte* data, uint length)
    {
        try
        {
            Unsafe.As<MemoryStream>(GCHandle.FromIntPtr(closure).Target!).Write(new ReadOnlySpan<byte>(data, (int)length));
            return 0;
        }
        catch (IOException)
        {
            // CAIRO_STATUS_WRITE_ERROR
            return 11;
        }
    }
}
