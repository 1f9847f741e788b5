using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Make;

public sealed class PhantomRadiographTests
{
    private const int Width = 240;
    private const int Height = 180;

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_another()
    {
        var first = PhantomRadiograph.Bitewing(Width, Height, 7);
        Assert.Equal(first, PhantomRadiograph.Bitewing(Width, Height, 7));
        Assert.NotEqual(first, PhantomRadiograph.Bitewing(Width, Height, 8));
        Assert.NotEqual(first, PhantomRadiograph.Periapical(Width, Height, 7));
    }

    [Fact]
    public void A_bitewing_has_dark_air_grey_dentin_lighter_enamel_and_white_metal_in_12_bits()
    {
        var samples = PhantomRadiograph.Bitewing(Width, Height, 1);
        Assert.InRange(samples.Max(), 3400, PhantomRadiograph.MaxValue);
        Assert.InRange(samples.Min(), 0, 700);
        double Mean(int x, int y) => Enumerable.Range(-1, 3).Average(d => samples[((y + d) * Width) + x]);
        var (air, dentin, enamel) = (Mean(122, 82), Mean(84, 63), Mean(82, 60));
        Assert.True(air + 500 < dentin, $"air {air}, dentin {dentin}, enamel {enamel}");
    }

    [Fact]
    public void The_tip_of_tooth_19_is_darker_than_the_bone_beside_it()
    {
        var samples = PhantomRadiograph.Periapical(300, 400, 1);
        double Mean(double x, double y) => Enumerable.Range(0, 49).Average(i => samples[(((int)(y * 400) + (i / 7) - 3) * 300) + (int)(x * 300) + (i % 7) - 3]);
        Assert.True(Mean(0.45, 0.78) + 200 < Mean(0.36, 0.82));
    }

    [Fact]
    public void Sizes_without_sense_are_refused() =>
        Assert.Equal(ImagingError.InvalidOption, Assert.Throws<ImagingException>(() => PhantomRadiograph.Bitewing(0, 100_000, 1)).Code);
}
