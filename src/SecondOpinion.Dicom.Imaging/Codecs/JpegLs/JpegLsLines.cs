namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>
/// The current line and the one above it, per component. Lines have one sample more at each end: the neighbours that the standard supposes beyond the edges
/// (ITU-T T.87 A.2.1).
/// </summary>
internal sealed class JpegLsLines(int width, int components)
{
    /// <summary>Zeros before the first line.</summary>
    public int[][] Above { get; private set; } = New(width, components);

    /// <summary>Samples from 1 to the width.</summary>
    public int[][] Current { get; private set; } = New(width, components);

    /// <summary>Moves down a line, whose samples are yet to come.</summary>
    public void Next()
    {
        (Above, Current) = (Current, Above);
        for (var i = 0; i < components; i++)
        {
            Above[i][width + 1] = Above[i][width];
            Current[i][0] = Above[i][1];
        }
    }

    /// <summary>As before the first line.</summary>
    public void Restart() => Current = New(width, components);

    private static int[][] New(int width, int components)
    {
        var lines = new int[components][];
        for (var i = 0; i < components; i++)
        {
            lines[i] = new int[width + 2];
        }

        return lines;
    }
}
