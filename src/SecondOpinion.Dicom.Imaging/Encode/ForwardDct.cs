namespace SecondOpinion.Dicom.Imaging;

/// <summary>The forward cosine transform of 8 x 8 samples after Arai, Agui and Nakajima; its results still carry their row and column scale.</summary>
internal static class ForwardDct
{
    public static void Transform(Span<float> block)
    {
        for (var row = 0; row < 64; row += 8)
        {
            Line(block.Slice(row, 8), 1);
        }

        for (var column = 0; column < 8; column++)
        {
            Line(block.Slice(column, 57), 8);
        }
    }

    private static void Line(Span<float> v, int step)
    {
        float s07 = v[0] + v[7 * step], d07 = v[0] - v[7 * step];
        float s16 = v[step] + v[6 * step], d16 = v[step] - v[6 * step];
        float s25 = v[2 * step] + v[5 * step], d25 = v[2 * step] - v[5 * step];
        float s34 = v[3 * step] + v[4 * step], d34 = v[3 * step] - v[4 * step];

        float a = s07 + s34, d = s07 - s34, b = s16 + s25, c = s16 - s25;
        v[0] = a + b;
        v[4 * step] = a - b;
        var z1 = (c + d) * 0.707106781f;
        v[2 * step] = d + z1;
        v[6 * step] = d - z1;

        float o10 = d34 + d25, o11 = d25 + d16, o12 = d16 + d07;
        var z5 = (o10 - o12) * 0.382683433f;
        var z2 = (0.541196100f * o10) + z5;
        var z4 = (1.306562965f * o12) + z5;
        var z3 = o11 * 0.707106781f;
        float z11 = d07 + z3, z13 = d07 - z3;
        v[5 * step] = z13 + z2;
        v[3 * step] = z13 - z2;
        v[step] = z11 + z4;
        v[7 * step] = z11 - z4;
    }
}
