namespace SecondOpinion.Dicom.Imaging;

/// <summary>A plane of thicknesses in the beam, and the sensor behind it.</summary>
internal sealed class PhantomScene
{
    private const double EnamelDensity = 2.15;
    private const double DentinDensity = 1.02;
    private const double MetalDensity = 4.5;

    private readonly int _width;
    private readonly int _height;
    private readonly double[] _tissue;
    private readonly double[] _bone; // 0 to 1: how much of the jaw is here
    private readonly PhantomNoise _noise;

    public PhantomScene(int width, int height, int seed)
    {
        if (width is < 16 or > 8192 || height is < 16 or > 8192)
        {
            throw new ImagingException(ImagingError.InvalidOption, "A phantom has 16 to 8192 rows and columns.");
        }

        _width = width;
        _height = height;
        _noise = new PhantomNoise(seed);
        _tissue = new double[width * height];
        _bone = new double[width * height];
        for (var i = 0; i < _tissue.Length; i++)
        {
            // Cheek and tongue.
            var (x, y) = At(i);
            _tissue[i] = 0.20 + (0.06 * _noise.Smooth(x * 3, y * 3, 1));
        }
    }

    /// <summary>The jaw beyond its crest: a cortical edge, trabeculae, marrow.</summary>
    /// <param name="crest">Of the bone between teeth, as a fraction of the height.</param>
    public void Bone(double crest, double wave, bool upper)
    {
        for (var i = 0; i < _tissue.Length; i++)
        {
            var (x, y) = At(i);
            var edge = crest + (wave * (_noise.Smooth(x * 4, 0.5, 2) - 0.5)) + (0.006 * Math.Sin(x * 26));
            var depth = upper ? edge - y : y - edge;
            if (depth <= 0)
            {
                continue;
            }

            var gone = Math.Min(1, depth / 0.03);
            var cortex = 0.20 * Math.Exp(-depth * 70);
            _bone[i] = gone;
            _tissue[i] += gone * (0.46 + cortex + Trabeculae(x, y) + (0.22 * Math.Min(1, depth / 0.5)));
        }
    }

    public void Tooth(PhantomTooth tooth)
    {
        var reach = tooth.Width * 0.85;
        var tilt = 0.5 * (_noise.Smooth((tooth.Number * 3.7) + 0.5, tooth.Upper ? 3.5 : 8.5, 13) - 0.5);
        var left = Math.Max(0, (int)((tooth.Across - reach) * _width));
        var right = Math.Min(_width, (int)((tooth.Across + reach) * _width) + 1);
        for (var row = 0; row < _height; row++)
        {
            var along = (row + 0.5) / _height;
            var depth = tooth.Upper ? tooth.Edge - along : along - tooth.Edge; // 0 at the biting edge, growing to the root
            if (depth < -0.03 || depth > tooth.Crown + tooth.Root + 0.03)
            {
                continue;
            }

            for (var column = left; column < right; column++)
            {
                var lean = tilt * (depth - (tooth.Crown * 0.5));
                var across = ((((column + 0.5) / _width) - tooth.Across) / tooth.Width) + lean; // -0.5 to 0.5 in the widest part
                Add((row * _width) + column, tooth, across, depth);
            }
        }
    }

    /// <summary>A dark spot in the bone.</summary>
    public void Shadow(double x, double y, double radiusX, double radiusY, double strength)
    {
        for (var i = 0; i < _tissue.Length; i++)
        {
            var (px, py) = At(i);
            var wobble = 1 + (0.25 * (_noise.Smooth(px * 18, py * 18, 7) - 0.5));
            var distance = Math.Sqrt(Math.Pow((px - x) / radiusX, 2) + Math.Pow((py - y) / radiusY, 2)) * wobble;
            _tissue[i] -= strength * Step(1.25 - distance, 0.85);
        }
    }

    /// <summary>The mandibular canal: a dark band between two thin bright lines.</summary>
    public void Canal(double y)
    {
        for (var i = 0; i < _tissue.Length; i++)
        {
            var (px, py) = At(i);
            var distance = Math.Abs(py - (y + (0.05 * (px - 0.5) * (px - 0.5)) - (0.05 * px)));
            _tissue[i] += (0.10 * Math.Exp(-Math.Pow((distance - 0.035) / 0.006, 2))) - (0.16 * Step(0.033 - distance, 0.02));
        }
    }

    /// <summary>Beam, sensor and its noise.</summary>
    public ushort[] Expose()
    {
        var blurred = PhantomNoise.Blur(_tissue, _width, _height, Math.Max(1, _width / 900));
        var samples = new ushort[blurred.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var (x, y) = At(i);
            var off = ((x - 0.5) * (x - 0.5)) + ((y - 0.5) * (y - 0.5));
            var light = Math.Exp(-blurred[i] * 0.92) * (1 - (0.22 * off));
            light += _noise.Gauss(i) * 0.011 * Math.Sqrt(light + 0.02);
            samples[i] = (ushort)Math.Clamp(Math.Round(4095 * (0.02 + (0.96 * Tone(Math.Max(0, light))))), 0, 4095);
        }

        return samples;
    }

    /// <summary>Light to grey: dark where the beam came through, with the contrast where teeth are.</summary>
    private static double Tone(double light) => Math.Pow(1 - Math.Pow(Math.Min(1, light), 0.72), 1.32);

    private void Add(int at, PhantomTooth tooth, double across, double depth)
    {
        var outline = PhantomShape.HalfWidth(tooth, depth);
        var inside = PhantomShape.Inside(tooth, across, depth, outline);
        var (x, y) = At(at);
        if (inside <= 0)
        {
            // Ligament: a thin dark line round the root; lamina dura: a bright one round that. Both only where there is bone.
            var distance = -inside * tooth.Width;
            if (depth > tooth.Crown * 0.95 && distance < 0.022)
            {
                _tissue[at] += _bone[at] * ((0.22 * Math.Exp(-Math.Pow((distance - 0.0125) / 0.0035, 2))) - (0.20 * Math.Exp(-Math.Pow((distance - 0.003) / 0.0032, 2))));
            }

            return;
        }

        // The tooth stands in place of the bone, not before it; a root keeps the bone before and behind it.
        var root = Step(depth - tooth.Crown, 0.05);
        var round = Math.Sqrt(Math.Min(1, inside / 0.20));
        var dentin = DentinDensity * (0.50 + (0.50 * round));
        var enamel = PhantomShape.Enamel(tooth, across, depth, outline, inside);
        var pulp = PhantomShape.Pulp(tooth, across, depth);
        var value = (_tissue[at] * (0.35 + (0.30 * root))) + (dentin * (1.06 - (0.24 * root))) - (0.42 * pulp) + (enamel * (EnamelDensity - DentinDensity) * (0.45 + (0.55 * round)));
        value += 0.03 * (_noise.Smooth(x * 60, y * 20, 9) - 0.5);
        if (tooth.Lesion != 0)
        {
            value -= 0.62 * PhantomShape.Lesion(tooth, across, depth);
        }

        _tissue[at] = Math.Max(value, 0.3);
        if (tooth.Filling > 0 && PhantomShape.Filling(tooth, across, depth, _noise))
        {
            _tissue[at] = MetalDensity;
        }
    }

    /// <summary>Fine crossing bars of several sizes and directions.</summary>
    private double Trabeculae(double x, double y)
    {
        var aspect = (double)_height / _width;
        var (u, v) = (x + (0.02 * _noise.Smooth(x * 20, y * 20 * aspect, 21)), (y * aspect) + (0.02 * _noise.Smooth(x * 20, y * 20 * aspect, 22)));
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            // Ridges of stretched noise, turned by a third of a right angle each time.
            var (sin, cos) = Math.SinCos(0.35 + (i * 0.83));
            var ridge = 1 - Math.Abs((2 * _noise.Smooth(((u * cos) - (v * sin)) * (40 + (i * 13)), ((u * sin) + (v * cos)) * (78 + (i * 9)), 3 + i)) - 1);
            sum += 0.115 * ridge * ridge;
        }

        return sum + (0.22 * _noise.Smooth(u * 9, v * 9, 5)) + (0.14 * _noise.Smooth(u * 24, v * 24, 6)) + (0.07 * _noise.Smooth(u * 150, v * 150, 8)) - 0.32;
    }

    private (double X, double Y) At(int i) => (((i % _width) + 0.5) / _width, ((i / _width) + 0.5) / _height);

    /// <summary>0 below zero, 1 above the width, smooth between.</summary>
    internal static double Step(double value, double width)
    {
        var t = Math.Clamp(value / width, 0, 1);
        return t * t * (3 - (2 * t));
    }
}
