using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;

namespace SecondOpinion.DicomWeb;

/// <summary>The query parameters of rendered resources and thumbnails (PS3.18 8.3.5).</summary>
internal static class RenderParameters
{
    private const int MaxSide = 65_535;
    private const int ThumbnailSide = 128;

    public static DicomProblem? Parse(DicomWebRequest request, bool isThumbnail, out RenderOptions options)
    {
        options = RenderOptions.Default with { MaxPixels = request.Options.MaxRenderPixels };
        var query = request.Request.Query;
        if (query.TryGetValue("viewport", out var viewport) && viewport.ToString().Length > 0)
        {
            if (ParseViewport(viewport.ToString()) is not { } parsed)
            {
                return DicomProblem.BadRequest("viewport is width,height[,x,y[,width,height]], the first two from 1 to 65535.");
            }

            options = options with { Viewport = parsed };
        }
        else if (isThumbnail)
        {
            options = options with { Viewport = new Viewport(ThumbnailSide, ThumbnailSide) };
        }

        return isThumbnail ? null : ParseRest(request, query, ref options);
    }

    private static DicomProblem? ParseRest(DicomWebRequest request, IQueryCollection query, ref RenderOptions options)
    {
        if (query.TryGetValue("quality", out var quality))
        {
            if (!int.TryParse(quality.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 100)
            {
                return DicomProblem.BadRequest("quality is a number from 1 to 100.");
            }

            options = options with { Quality = number };
        }

        if (query.TryGetValue("window", out var window))
        {
            if (ParseWindow(window.ToString()) is not { } parsed)
            {
                return DicomProblem.BadRequest("window is center,width,function, the function linear, linear-exact or sigmoid, the width at least 1 for linear and above 0 otherwise.");
            }

            options = options with { Window = parsed };
        }

        if (query.TryGetValue("annotation", out var annotation))
        {
            foreach (var item in annotation.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                options = item switch
                {
                    "patient" => options with { AnnotatePatient = true },
                    "technique" => options with { AnnotateTechnique = true },
                    _ => Unknown(request, item, options), // PS3.18 8.3.5.1.1: a warning, no refusal
                };
            }
        }

        if (query.ContainsKey("iccprofile"))
        {
            request.Warn("The iccprofile parameter is not supported. It was ignored.");
        }

        return null;
    }

    public static (double Center, double Width, VoiFunction Function)? ParseWindow(string text)
    {
        var parts = text.Split(',');
        if (parts.Length != 3 || Number(parts[0]) is not { } center || Number(parts[1]) is not { } width)
        {
            return null;
        }

        VoiFunction? function = parts[2].Trim().ToLowerInvariant() switch
        {
            "linear" => VoiFunction.Linear,
            "linear-exact" => VoiFunction.LinearExact,
            "sigmoid" => VoiFunction.Sigmoid,
            _ => null,
        };
        // PS3.3 C.11.2.1.2.1, C.11.2.1.3
        return function is { } known && (known == VoiFunction.Linear ? width >= 1 : width > 0) ? (center, width, known) : null;
    }

    private static Viewport? ParseViewport(string text)
    {
        var parts = text.Split(',');
        if (parts.Length is not (2 or 4 or 6) || Side(parts[0]) is not { } width || Side(parts[1]) is not { } height)
        {
            return null;
        }

        var viewport = new Viewport(width, height);
        if (parts.Length >= 4)
        {
            // Empty means from the origin.
            var (x, y) = (parts[2].Length == 0 ? 0 : Number(parts[2]), parts[3].Length == 0 ? 0 : Number(parts[3]));
            if (x is null || y is null)
            {
                return null;
            }

            viewport = viewport with { SourceX = x.Value, SourceY = y.Value };
        }

        if (parts.Length == 6)
        {
            var (w, h) = (parts[4].Length == 0 ? null : Number(parts[4]), parts[5].Length == 0 ? null : Number(parts[5]));
            if ((w is null && parts[4].Length > 0) || (h is null && parts[5].Length > 0) || w == 0 || h == 0)
            {
                return null;
            }

            viewport = viewport with { SourceWidth = w, SourceHeight = h };
        }

        return viewport;
    }

    private static int? Side(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= MaxSide ? side : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && Math.Abs(number) < 1e9 ? number : null;

    private static RenderOptions Unknown(DicomWebRequest request, string item, RenderOptions options)
    {
        request.Warn($"The annotation '{(item.Length > 32 ? item[..32] : item)}' is not supported. It was ignored.");
        return options;
    }
}
