using System.Globalization;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Values;

/// <summary>DA, TM and DT with what is known of them (PS3.5 6.2), and ranges of them (PS3.4 C.2.2.2.5).</summary>
public sealed class DateTimeTests
{
    [Theory]
    [InlineData("20240229", "2024-02-29", "2024-02-29")]
    [InlineData("202402", "2024-02-01", "2024-02-29")]
    [InlineData("2024", "2024-01-01", "2024-12-31")]
    [InlineData("1992.11.05", "1992-11-05", "1992-11-05")]
    [InlineData(" 20240229 ", "2024-02-29", "2024-02-29")]
    public void A_date_means_the_days_that_it_may_be(string text, string first, string last)
    {
        Assert.True(DicomDate.TryParse(text, out var date));
        Assert.Equal((Day(first), Day(last)), (date.First, date.Last));
        Assert.Equal(first == last ? Day(first) : null, date.Exact);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20230229")]
    [InlineData("20241301")]
    [InlineData("00000101")]
    [InlineData("2024022")]
    [InlineData("2024-0229")]
    [InlineData("２０２４")]
    public void Other_text_is_no_date(string text) => Assert.False(DicomDate.TryParse(text, out _));

    [Theory]
    [InlineData("10", "10:00:00", "10:59:59.9999999")]
    [InlineData("1015", "10:15:00", "10:15:59.9999999")]
    [InlineData("101530", "10:15:30", "10:15:30.9999999")]
    [InlineData("101530.5", "10:15:30.5", "10:15:30.5999999")]
    [InlineData("101530.123456", "10:15:30.123456", "10:15:30.1234569")]
    [InlineData("235960", "23:59:59", "23:59:59.9999999")]
    [InlineData("10:15:30", "10:15:30", "10:15:30.9999999")]
    public void A_time_means_the_moments_that_it_may_be(string text, string first, string last)
    {
        Assert.True(DicomTime.TryParse(text, out var time));
        Assert.Equal((Moment(first), Moment(last)), (time.First, time.Last));
    }

    [Theory]
    [InlineData("24")]
    [InlineData("1060")]
    [InlineData("101")]
    [InlineData("1015.5")]
    [InlineData("101530.")]
    [InlineData("101561")]
    public void Other_text_is_no_time(string text) => Assert.False(DicomTime.TryParse(text, out _));

    [Theory]
    [InlineData("2024", "2024-01-01T00:00:00", "2024-12-31T23:59:59.9999999", null)]
    [InlineData("202402+0130", "2024-02-01T00:00:00", "2024-02-29T23:59:59.9999999", 90)]
    [InlineData("2024022910", "2024-02-29T10:00:00", "2024-02-29T10:59:59.9999999", null)]
    [InlineData("20240229101530.25-0500", "2024-02-29T10:15:30.25", "2024-02-29T10:15:30.2599999", -300)]
    [InlineData("2024-0500", "2024-01-01T00:00:00", "2024-12-31T23:59:59.9999999", -300)]
    public void A_date_and_time_has_its_parts_as_far_as_known_and_its_offset(string text, string first, string last, int? minutes)
    {
        Assert.True(DicomDateTime.TryParse(text, out var value));
        Assert.Equal((DateTime.Parse(first, CultureInfo.InvariantCulture), DateTime.Parse(last, CultureInfo.InvariantCulture)), (value.First, value.Last));
        Assert.Equal(minutes, value.Offset?.TotalMinutes);
    }

    [Theory]
    [InlineData("20240229-20240301", "20240229", "20240301")]
    [InlineData("20240229-", "20240229", null)]
    [InlineData("-20240301", null, "20240301")]
    [InlineData("20240229", "20240229", "20240229")]
    [InlineData("20240229-0500", "20240229-0500", "20240229-0500")]
    [InlineData("20240229-0500-", "20240229-0500", null)]
    [InlineData("-20240229-0500", null, "20240229-0500")]
    [InlineData("20240229-0500-20240301-0500", "20240229-0500", "20240301-0500")]
    [InlineData("20240229+0100-20240301+0100", "20240229+0100", "20240301+0100")]
    [InlineData("2019-2020", "2019", "2020")]
    public void A_hyphen_of_a_range_is_told_from_that_of_an_offset(string text, string? low, string? high) =>
        Assert.Equal((low, high), DicomRange.Split(text, DicomVr.DT));

    [Fact]
    public void A_range_of_months_goes_from_the_first_day_to_the_last()
    {
        Assert.True(DicomRange.TryParseDate("202402-202404", out var low, out var high));
        Assert.Equal((Day("2024-02-01"), Day("2024-04-30")), (low, high));
        Assert.False(DicomRange.TryParseDate("-", out _, out _));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static TimeOnly Moment(string text) => TimeOnly.Parse(text, CultureInfo.InvariantCulture);
}
