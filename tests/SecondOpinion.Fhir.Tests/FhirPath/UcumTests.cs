using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>Units in base units; the numbers are answers of the ucum-lhc engine, with which all atoms and all units of the examples were compared.</summary>
public sealed class UcumTests
{
    [Theory]
    [InlineData("mg/dL", 10, "g.m-3")]
    [InlineData("mm[Hg]", 133322, "g.m-1.s-2")]
    [InlineData("kg/m2", 1000, "g.m-2")]
    [InlineData("[lb_av]", 453.59237, "g")]
    [InlineData("[in_i]", 0.0254, "m")]
    [InlineData("10*9/L", 1e12, "m-3")]
    [InlineData("10*3/uL", 1e12, "m-3")]
    [InlineData("{beats}/min", 1.0 / 60, "s-1")]
    [InlineData("/min", 1.0 / 60, "s-1")]
    [InlineData("mL/min/{1.73_m2}", 1e-6 / 60, "m3.s-1")]
    [InlineData("g/(24.h)", 1.0 / 86400, "g.s-1")]
    [InlineData("[degF]", 255.92777777777778, "K")]
    [InlineData("Cel", 274.15, "K")]
    [InlineData("uSv", 1e-6, "m2.s-2")]
    [InlineData("%", 0.01, "1")]
    [InlineData("{score}", 1, "1")]
    [InlineData("[pH]", 1, "[pH]")]
    [InlineData("[iU]/mL", 1e6, "[iU].m-3")]
    [InlineData("m/m", 1, "1")]
    public void Unit_is_known_in_base_units(string code, double value, string canonical)
    {
        var unit = UcumUnit.Find(code)!;

        Assert.Equal(canonical, unit.Canonical);
        Assert.Equal(value, unit.ToCanonical(1), Math.Abs(value) * 1e-9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("drops")]
    [InlineData("mg/")]
    [InlineData("mg dL")]
    [InlineData("(mg")]
    [InlineData("mg)")]
    [InlineData("{open")]
    [InlineData("[open")]
    [InlineData("m9999")]
    [InlineData("0")]
    [InlineData("Ym99.Ym99")]
    [InlineData("k[lb_av]")]
    [InlineData("((((((((((((m))))))))))))")]
    public void What_is_no_unit_is_unknown(string code) => Assert.Null(UcumUnit.Find(code));

    [Fact]
    public void Any_characters_give_a_unit_or_nothing()
    {
        var random = new Random(5);
        const string Characters = "mgksLdu10*^./(){}[]-+'%Hz";
        for (var i = 0; i < 20_000; i++)
        {
            var code = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Characters[random.Next(Characters.Length)]));
            var unit = UcumUnit.Find(code);

            Assert.True(unit is null || double.IsNormal(unit.Factor), code);
        }
    }
}
