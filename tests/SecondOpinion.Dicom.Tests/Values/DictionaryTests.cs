using System.Globalization;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Values;

/// <summary>The dictionary of PS3.6 that the library brings.</summary>
public sealed class DictionaryTests
{
    [Fact]
    public void Its_edition_is_named_and_has_the_64_bit_VRs()
    {
        Assert.InRange(int.Parse(DicomDictionary.Edition[..4], CultureInfo.InvariantCulture), 2022, 2100);
        Assert.Equal(DicomVr.OV, DicomDictionary.VrOf(DicomTags.ExtendedOffsetTable));
        Assert.Equal(DicomVr.SV, DicomDictionary.VrOf(DicomTags.SelectorSVValue));
    }

    [Theory]
    [InlineData(0x60023000u, "OverlayData")]
    [InlineData(0x60FE0010u, "OverlayRows")]
    [InlineData(0x00091001u, "")]
    public void Repeating_groups_are_found_by_their_mask(uint tag, string keyword) => Assert.Equal(keyword, DicomDictionary.KeywordOf(DicomTag.FromValue(tag)));
}
