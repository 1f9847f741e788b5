using Xunit;

namespace SecondOpinion.Dicom.Tests.Values;

/// <summary>Numbers that a program sets, in VRs that are text (PS3.5 6.2): IS has 32 bits, DS 16 characters.</summary>
public sealed class SetNumberTests
{
    [Theory]
    [InlineData(3_000_000_000L)]
    [InlineData(-2_147_483_649L)]
    public void A_whole_number_beyond_32_bits_is_no_IS(long number) =>
        Assert.Equal(DicomError.InvalidValue, Assert.Throws<DicomException>(() => new DicomDataset().Set(DicomTags.InstanceNumber, number)).Code);

    [Theory]
    [InlineData(1.5)]
    [InlineData(1e10)]
    [InlineData(double.NaN)]
    public void A_number_that_is_not_whole_or_too_large_is_no_IS(double number) =>
        Assert.Equal(DicomError.InvalidValue, Assert.Throws<DicomException>(() => new DicomDataset().Set(DicomTags.InstanceNumber, number)).Code);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_is_no_DS(double number) =>
        Assert.Equal(DicomError.InvalidValue, Assert.Throws<DicomException>(() => new DicomDataset().Set(DicomTags.PatientWeight, number)).Code);

    [Theory]
    [InlineData(-Math.PI * 1e-200)]
    [InlineData(-1.0 / 3)]
    [InlineData(1234567890123456789.0)]
    [InlineData(-double.MaxValue)]
    public void A_DS_has_at_most_sixteen_characters_and_is_nearest(double number)
    {
        var dataset = new DicomDataset().Set(DicomTags.PatientWeight, number).Set(DicomTags.PatientSize, (long)1234567890123456789);
        Assert.InRange(dataset.GetText(DicomTags.PatientWeight)!.Length, 1, 16);
        Assert.InRange(dataset.GetText(DicomTags.PatientSize)!.Length, 1, 16);
        Assert.InRange(Math.Abs((dataset.GetDouble(DicomTags.PatientWeight)!.Value / number) - 1), 0, 1e-8);
    }

    [Fact]
    public void Whole_numbers_of_32_bits_are_set_as_they_are()
    {
        var dataset = new DicomDataset().Set(DicomTags.InstanceNumber, int.MinValue).Set(DicomTags.SeriesNumber, 7.0).Set(DicomTags.PatientWeight, 72);
        Assert.Equal("-2147483648", dataset.GetString(DicomTags.InstanceNumber));
        Assert.Equal("7", dataset.GetString(DicomTags.SeriesNumber));
        Assert.Equal("72", dataset.GetString(DicomTags.PatientWeight));
    }
}
