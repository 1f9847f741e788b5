namespace SecondOpinion.Dicom.Imaging;

/// <summary>A tooth in fractions of the picture's width (across) and height (along).</summary>
/// <param name="Across">Middle of the crown.</param>
/// <param name="Edge">Where the biting edge is.</param>
/// <param name="Width">Of the crown.</param>
/// <param name="Crown">Height of the crown.</param>
/// <param name="Number">Makes teeth differ.</param>
/// <param name="Root">Length of the roots below the crown.</param>
internal sealed record PhantomTooth(double Across, double Edge, double Width, double Crown, double Root, bool Upper, bool Molar, int Number)
{
    /// <summary>Share of the crown's width that a metal filling takes; 0 for none.</summary>
    public double Filling { get; init; }

    /// <summary>-1 or 1: decay in the enamel of that side; 0 for none.</summary>
    public int Lesion { get; init; }
}
