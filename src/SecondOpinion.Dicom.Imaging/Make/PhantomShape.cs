namespace SecondOpinion.Dicom.Imaging;

/// <summary>The outline of a tooth and of what is in it. Across: -0.5 to 0.5 of the crown's width; depth: fractions of the picture's height from the biting edge.</summary>
internal static class PhantomShape
{
    /// <summary>Half the width of the whole tooth at a depth: narrow at the biting edge, widest at the contact, waisted at the neck.</summary>
    public static double HalfWidth(PhantomTooth tooth, double depth)
    {
        var t = depth / tooth.Crown;
        if (t < 1)
        {
            var shoulder = Math.Sqrt(Math.Clamp((t + 0.10) / 0.36, 0, 1));
            var neck = 1 - (0.22 * PhantomScene.Step(t - 0.42, 0.60));
            return 0.485 * (0.42 + (0.58 * shoulder)) * neck;
        }

        var r = Math.Clamp((depth - tooth.Crown) / tooth.Root, 0, 1);
        return tooth.Molar ? 0.378 * (1 - (0.10 * r)) : 0.378 * Math.Sqrt(Math.Max(0, 1 - Math.Pow(r, 2.1))) * (1 - (0.25 * r));
    }

    /// <summary>How far inside the outline, in crown widths; negative outside.</summary>
    public static double Inside(PhantomTooth tooth, double across, double depth, double outline)
    {
        if (depth < tooth.Crown)
        {
            return Math.Min(outline - Math.Abs(across), (depth - Cusps(tooth, across)) * 2.0);
        }

        var r = (depth - tooth.Crown) / tooth.Root;
        if (!tooth.Molar)
        {
            return r < 1 ? outline - Math.Abs(across - (0.05 * r * r)) : -Beyond(across - 0.05, depth - tooth.Crown - tooth.Root, tooth);
        }

        // Two roots that part at the furcation, bend a little and taper.
        const double Split = 0.16;
        if (r < Split)
        {
            return outline - Math.Abs(across);
        }

        var s = Math.Min(1, (r - Split) / (1 - Split));
        var best = double.MinValue;
        for (var side = -1; side <= 1; side += 2)
        {
            var center = RootCenter(side, s);
            var half = 0.180 * Math.Sqrt(Math.Max(0, 1 - Math.Pow(s, 2.4))) * (1 - (0.30 * s));
            best = Math.Max(best, r < 1 ? half - Math.Abs(across - center) : -Beyond(across - center, depth - tooth.Crown - tooth.Root, tooth));
        }

        // The furcation is an arch.
        var arch = ((Split + 0.08 - r) * 2.6) - (across * across * 2.5);
        return Math.Max(best, Math.Min(arch, outline - Math.Abs(across)));
    }

    private static double RootCenter(int side, double s) => (side * (0.198 + (0.05 * s) - (0.04 * s * s))) + (0.05 * s * s);

    /// <summary>Distance from a root's tip, in crown widths.</summary>
    private static double Beyond(double across, double depth, PhantomTooth tooth) => Math.Sqrt((across * across) + Math.Pow(depth / tooth.Width * 0.8, 2));

    /// <summary>1 in the cap of enamel, thin towards the neck.</summary>
    public static double Enamel(PhantomTooth tooth, double across, double depth, double outline, double inside)
    {
        var t = depth / tooth.Crown;
        if (t > 0.98)
        {
            return 0;
        }

        var side = 0.098 * Math.Sqrt(Math.Max(0, 1 - Math.Pow(Math.Max(0, t), 2.2)));
        var cap = 0.195 - (0.10 * Math.Abs(across));
        var above = t - (Cusps(tooth, across) / tooth.Crown);
        var fromSide = outline - Math.Abs(across);
        return Math.Max(PhantomScene.Step(side - fromSide + 0.012, 0.024), PhantomScene.Step(cap - above + 0.02, 0.04)) * (inside > 0 ? 1 : 0);
    }

    /// <summary>1 in the pulp chamber and the root canals.</summary>
    public static double Pulp(PhantomTooth tooth, double across, double depth)
    {
        var t = depth / tooth.Crown;
        var r = Math.Max(0, (depth - tooth.Crown) / tooth.Root);
        if (r > 0.95)
        {
            return 0;
        }

        if (!tooth.Molar)
        {
            var half = r > 0 ? 0.080 * (1 - (0.75 * Math.Sqrt(r))) : 0.080 * Math.Sqrt(Math.Clamp((t - 0.52) / 0.40, 0, 1));
            return half <= 0 ? 0 : PhantomScene.Step(half - Math.Abs(across - (0.05 * r * r)) + 0.02, 0.045) * (1 - (0.45 * r));
        }

        // A chamber with two horns, and a canal in each root.
        var horns = 0.56 + (0.075 * Math.Cos(across * 15));
        var chamber = PhantomScene.Step(t - horns, 0.10) * PhantomScene.Step(0.09 - r - (across * across * 0.6), 0.12) * PhantomScene.Step(0.205 - Math.Abs(across), 0.07);
        var canal = 0.0;
        for (var side = -1; side <= 1; side += 2)
        {
            var half = 0.042 * (1 - (0.6 * Math.Sqrt(r)));
            canal = Math.Max(canal, PhantomScene.Step(half - Math.Abs(across - RootCenter(side, Math.Max(0, r - 0.10)) + (side * 0.05 * (1 - Math.Min(1, r * 4)))) + 0.01, 0.04));
        }

        return Math.Max(0.9 * chamber, canal * PhantomScene.Step(t - 0.86, 0.2) * (0.85 - (0.5 * r)));
    }

    /// <summary>A triangle in the enamel below the contact, pointing inward.</summary>
    public static double Lesion(PhantomTooth tooth, double across, double depth)
    {
        var t = depth / tooth.Crown;
        var fromSide = HalfWidth(tooth, depth) - (across * tooth.Lesion);
        var reach = 0.17 * (1 - (Math.Abs(t - 0.52) / 0.13));
        return PhantomScene.Step(reach - fromSide, 0.05);
    }

    /// <summary>An inlay from the biting surface with an uneven floor and a step to one side.</summary>
    public static bool Filling(PhantomTooth tooth, double across, double depth, PhantomNoise noise)
    {
        var t = (depth - Cusps(tooth, across)) / tooth.Crown;
        var edge = 0.03 * (noise.Smooth(across * 14, depth * 30, 11) - 0.5);
        var floor = 0.26 + (0.13 * PhantomScene.Step(across + 0.02, 0.12)) + edge;
        return t > 0.0 && t < floor && across > (-tooth.Filling / 2) + edge && across < (tooth.Filling / 2) + edge - (t * 0.12);
    }

    /// <summary>Depth of the biting surface: cusps with grooves between them.</summary>
    private static double Cusps(PhantomTooth tooth, double across)
    {
        var waves = tooth.Molar ? Math.Cos(across * 4 * Math.PI) : Math.Cos(across * 2 * Math.PI);
        var lift = tooth.Molar ? -waves : waves;
        return tooth.Crown * (0.055 - (0.055 * lift) + (0.18 * across * across));
    }
}
