using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>
/// A unit of UCUM as a multiple of base units: <c>value * Factor + Offset</c> in <see cref="Canonical"/>. Covers the metric prefixes, products,
/// quotients, powers, annotations and the units that clinical data uses; arbitrary units ([iU]) measure only themselves.
/// </summary>
public sealed class UcumUnit
{
    /// <summary>The code system of UCUM.</summary>
    public const string System = "http://unitsofmeasure.org";

    private const int CacheLimit = 4096;

    private static readonly ConcurrentDictionary<string, UcumUnit?> Cache = new(StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, double> Prefixes = new Dictionary<string, double>
    {
        ["Y"] = 1e24,
        ["Z"] = 1e21,
        ["E"] = 1e18,
        ["P"] = 1e15,
        ["T"] = 1e12,
        ["G"] = 1e9,
        ["M"] = 1e6,
        ["k"] = 1e3,
        ["h"] = 1e2,
        ["da"] = 1e1,
        ["d"] = 1e-1,
        ["c"] = 1e-2,
        ["m"] = 1e-3,
        ["u"] = 1e-6,
        ["n"] = 1e-9,
        ["p"] = 1e-12,
        ["f"] = 1e-15,
        ["a"] = 1e-18,
        ["z"] = 1e-21,
        ["y"] = 1e-24,
        ["Ki"] = 1024,
        ["Mi"] = 1048576,
        ["Gi"] = 1073741824,
        ["Ti"] = 1099511627776,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Atom> Atoms = UcumAtoms.All.Concat(UcumRareAtoms.All).ToFrozenDictionary(a => a.Code, StringComparer.Ordinal);

    private readonly SortedDictionary<string, int> _dimensions;

    private UcumUnit(double factor, double offset, SortedDictionary<string, int> dimensions)
    {
        Factor = factor;
        Offset = offset;
        _dimensions = dimensions;
        Canonical = Describe(dimensions);
    }

    internal readonly record struct Atom(string Code, bool IsMetric, double Factor, string Definition, double Offset = 0);

    /// <summary>What one of this unit is in <see cref="Canonical"/>.</summary>
    public double Factor { get; }

    /// <summary>Of temperature scales; zero for everything else.</summary>
    public double Offset { get; }

    /// <summary>The base units, sorted, for example <c>g.m-3</c>; <c>1</c> for pure numbers.</summary>
    public string Canonical { get; }

    /// <summary>The unit of a UCUM code; null when the code is unknown here.</summary>
    public static UcumUnit? Find(string code)
    {
        if (Cache.TryGetValue(code, out var known))
        {
            return known;
        }

        var unit = code.Length is > 0 and <= 100 ? new UcumParser(code).Parse() : null;
        unit = unit is not null && double.IsNormal(unit.Factor) ? unit : null;
        if (Cache.Count < CacheLimit)
        {
            Cache.TryAdd(code, unit);
        }

        return unit;
    }

    /// <summary>The value in the canonical unit.</summary>
    public double ToCanonical(double value) => (value * Factor) + Offset;

    /// <summary>Whether both measure the same dimensions, so that one converts to the other.</summary>
    public bool IsComparable(UcumUnit other) => Canonical == other.Canonical;

    internal static UcumUnit Number(double factor) => new(factor, 0, new SortedDictionary<string, int>(StringComparer.Ordinal));

    internal static UcumUnit Base(string name) => new(1, 0, new SortedDictionary<string, int>(StringComparer.Ordinal) { [name] = 1 });

    internal UcumUnit Scaled(double factor, double offset) => new(Factor * factor, offset, _dimensions);

    internal UcumUnit Times(UcumUnit other, int sign) => Combine(other, sign, Factor * Math.Pow(other.Factor, sign));

    internal UcumUnit Power(int exponent)
    {
        var dimensions = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, power) in _dimensions)
        {
            if (power * exponent != 0)
            {
                dimensions[name] = power * exponent;
            }
        }

        return new UcumUnit(Math.Pow(Factor, exponent), 0, dimensions);
    }

    private UcumUnit Combine(UcumUnit other, int sign, double factor)
    {
        var dimensions = new SortedDictionary<string, int>(_dimensions, StringComparer.Ordinal);
        foreach (var (name, power) in other._dimensions)
        {
            var sum = dimensions.GetValueOrDefault(name) + (power * sign);
            if (sum == 0)
            {
                dimensions.Remove(name);
            }
            else
            {
                dimensions[name] = sum;
            }
        }

        return new UcumUnit(factor, 0, dimensions);
    }

    private static string Describe(SortedDictionary<string, int> dimensions)
    {
        if (dimensions.Count == 0)
        {
            return "1";
        }

        var text = new StringBuilder();
        foreach (var (name, power) in dimensions)
        {
            text.Append(text.Length > 0 ? "." : "").Append(name);
            if (power != 1)
            {
                text.Append(power.ToString(CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    internal static UcumUnit? FindSymbol(string symbol)
    {
        if (Atoms.TryGetValue(symbol, out var atom))
        {
            return Resolve(atom);
        }

        foreach (var length in (ReadOnlySpan<int>)[2, 1])
        {
            if (symbol.Length > length && Prefixes.TryGetValue(symbol[..length], out var prefix)
                && Atoms.TryGetValue(symbol[length..], out atom) && atom.IsMetric && Resolve(atom) is { } unit)
            {
                return unit.Scaled(prefix, unit.Offset);
            }
        }

        return null;
    }

    private static UcumUnit? Resolve(Atom atom) => atom.Definition.Length == 0 ? Base(atom.Code)
        : Find(atom.Definition)?.Scaled(atom.Factor, atom.Offset);
}
