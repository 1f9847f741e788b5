using System.Text;
using SecondOpinion.Shared;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Where the lines of a text go in the width of the longest.</summary>
internal enum TextAlignment
{
    Left,
    Center,
    Right,
}

/// <summary>
/// A text as coverage, 0 to 255 by pixel: by pango in any script where it is installed, otherwise, and for small ASCII, which it makes sharper, in a font of dots that
/// needs nothing: other letters lose their accents there or become question marks.
/// </summary>
internal sealed class TextMask
{
    private const int MostCharacters = 2000;
    private const int DotLine = 10; // dots of a line with its distance to the next
    private const int DotAdvance = 6;

    private TextMask(int width, int height, byte[] coverage)
    {
        Width = width;
        Height = height;
        Coverage = coverage;
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Coverage { get; }

    /// <param name="text">One or more lines; control characters are left out.</param>
    /// <param name="lineHeight">In pixels, 10 at least.</param>
    /// <param name="alignment">Of the lines.</param>
    /// <param name="mostWidth">What goes beyond is cut off.</param>
    /// <param name="mostHeight">What goes beyond is cut off.</param>
    public static TextMask Of(string text, int lineHeight, TextAlignment alignment, int mostWidth, int mostHeight)
    {
        var lines = Lines(text);
        var isSmall = lineHeight < 2 * DotLine && lines.All(l => l.All(c => c is >= ' ' and <= '~'));
        return !isSmall && PangoText.Draw(string.Join('\n', lines), lineHeight * 0.75, alignment, mostWidth, mostHeight) is var (width, height, coverage)
            ? new TextMask(width, height, coverage)
            : Dots([.. lines.Select(ToFont)], lineHeight, alignment, mostWidth, mostHeight);
    }

    /// <summary>Every pixel as covered as the most covered one within a distance.</summary>
    public TextMask Grown(int by)
    {
        var (width, height) = (Width + (2 * by), Height + (2 * by));
        var result = new byte[width * height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var value = Coverage[(y * Width) + x];
                for (var row = y; value != 0 && row <= y + (2 * by); row++)
                {
                    foreach (ref var cell in result.AsSpan((row * width) + x, (2 * by) + 1))
                    {
                        cell = Math.Max(cell, value);
                    }
                }
            }
        }

        return new TextMask(width, height, result);
    }

    /// <summary>Letters that the font of dots has: accents are dropped, other scripts become question marks.</summary>
    internal static string ToFont(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in PlainLetters.Of(text))
        {
            result.Append(c switch
            {
                >= ' ' and <= '~' => c,
                'ß' => 's',
                'ø' => 'o',
                'Ø' => 'O',
                'ł' => 'l',
                'Ł' => 'L',
                _ => '?',
            });
        }

        return result.ToString();
    }

    private static string[] Lines(string text)
    {
        var whole = text.Length > MostCharacters ? text[..MostCharacters] : text;
        var builder = new StringBuilder();
        foreach (var rune in whole.ReplaceLineEndings("\n").EnumerateRunes()) // a lone surrogate becomes U+FFFD
        {
            builder.Append(rune.Value == '\n' || !Rune.IsControl(rune) ? rune.ToString() : "");
        }

        return builder.ToString().Split('\n');
    }

    /// <summary>For a machine without pango.</summary>
    internal static TextMask Dots(string[] lines, int lineHeight, TextAlignment alignment, int mostWidth, int mostHeight)
    {
        var scale = Math.Max(1, lineHeight / DotLine);
        var longest = lines.Max(l => l.Length);
        var width = Math.Clamp(longest * DotAdvance * scale, 1, Math.Max(1, mostWidth));
        var height = Math.Clamp(lines.Length * DotLine * scale, 1, Math.Max(1, mostHeight));
        var coverage = new byte[width * height];
        for (var line = 0; line < lines.Length; line++)
        {
            var free = (longest - lines[line].Length) * DotAdvance * scale;
            var x = alignment switch { TextAlignment.Right => free, TextAlignment.Center => free / 2, _ => 0 };
            foreach (var c in lines[line])
            {
                Glyph(coverage, width, height, BitmapFont.Columns(c), x, line * DotLine * scale, scale);
                x += DotAdvance * scale;
            }
        }

        return new TextMask(width, height, coverage);
    }

    private static void Glyph(byte[] coverage, int width, int height, ReadOnlySpan<byte> glyph, int x, int y, int scale)
    {
        for (var i = 0; i < 8 * scale && y + i < height; i++)
        {
            for (var j = 0; j < 5 * scale && x + j < width; j++)
            {
                if ((glyph[j / scale] >> (i / scale) & 1) != 0)
                {
                    coverage[((y + i) * width) + x + j] = 255;
                }
            }
        }
    }
}
