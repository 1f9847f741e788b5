using System.IO.Compression;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>One stream made by hand for each rule of the reader (PS3.5 7, A; PS3.10 7).</summary>
public sealed class ReaderRuleTests
{
    private const uint PatientName = 0x00100010;
    private const uint PatientId = 0x00100020;
    private const uint References = 0x00081140; // Referenced Image Sequence
    private const uint ReferencedUid = 0x00081155;

    private static DicomStreamBuilder Explicit => DicomStreamBuilder.File(DicomUids.ExplicitVRLittleEndian);

    private static DicomStreamBuilder Implicit => DicomStreamBuilder.File(DicomUids.ImplicitVRLittleEndian);

    [Fact]
    public void A_length_beyond_the_end_is_truncated() =>
        Assert.Equal(DicomError.Truncated, Explicit.Header(PatientName, "PN", 40).Raw("Doe"u8).Refusal());

    [Fact]
    public void A_32_bit_length_of_almost_4_GiB_is_truncated_and_allocates_nothing()
    {
        var bytes = Implicit.Header(PatientName, "PN", 0xFFFFFFFE).Raw("Doe "u8).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DicomException>(() => DicomFile.Read(bytes));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_big_endian_data_set_that_begins_with_group_0200_is_no_file_meta_information()
    {
        var file = DicomStreamBuilder.File(DicomUids.ExplicitVRBigEndian).Text(0x02000200, "LO", "first").Read();
        Assert.Equal("first", file.Dataset.GetString(new DicomTag(0x0200, 0x0200)));
        Assert.Empty(file.Faults);
    }

    [Fact]
    public void Truncated_text_is_kept_with_a_fault_when_allowed()
    {
        var file = Explicit.Text(PatientId, "LO", "ID").Header(0x00104000, "LT", 40).Raw("begun"u8).Read(new DicomReadOptions { AllowTruncated = true });
        Assert.Equal("begun", file.Dataset.GetText(DicomTags.PatientComments));
        Assert.Equal(DicomFaultKind.Truncated, Assert.Single(file.Faults).Kind);
    }

    [Fact]
    public void A_truncated_sequence_keeps_its_items_when_allowed()
    {
        var item = DicomStreamBuilder.Bare(isExplicit: false).Item(100).Text(ReferencedUid, "UI", "1.2.3");
        var file = Implicit.Header(References, "SQ", 500).Raw(item).Read(new DicomReadOptions { AllowTruncated = true });
        Assert.Equal("1.2.3", file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Contains(file.Faults, f => f.Kind == DicomFaultKind.Truncated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_nested_too_deep_are_refused(bool isExplicit)
    {
        var bomb = isExplicit ? Explicit : Implicit;
        for (var i = 0; i < 100_000; i++)
        {
            bomb.Header(References, "SQ", DicomStreamBuilder.Undefined).Item(DicomStreamBuilder.Undefined);
        }

        Assert.Equal(DicomError.TooDeep, bomb.Refusal());
        Assert.Equal(DicomError.TooDeep, bomb.Refusal(new DicomReadOptions { AllowTruncated = true }));
    }

    [Fact]
    public void Sixty_four_levels_are_read()
    {
        var nested = Explicit;
        for (var i = 0; i < 64; i++)
        {
            nested.Header(References, "SQ", DicomStreamBuilder.Undefined).Item(DicomStreamBuilder.Undefined);
        }

        for (var i = 0; i < 64; i++)
        {
            nested.ItemEnd().SequenceEnd();
        }

        var dataset = nested.Read().Dataset;
        var depth = 0;
        while (dataset.GetItem(DicomTags.ReferencedImageSequence) is { } inner)
        {
            dataset = inner;
            depth++;
        }

        Assert.Equal(64, depth);
    }

    [Fact]
    public void Nested_unknown_values_that_look_like_sequences_stay_linear()
    {
        // Each level could be tried as a sequence and again as bytes: 2^n readings, if every failure were tried twice.
        byte[] value = [1, 2, 3, 4];
        for (var i = 0; i < 60; i++)
        {
            var inner = DicomStreamBuilder.Bare(isExplicit: false).Element(References, "", value);
            value = DicomStreamBuilder.Bare(isExplicit: false).Item((uint)inner.ToArray().Length).Raw(inner).ToArray();
        }

        var file = Explicit.Element(References, "UN", value).Read();
        Assert.Equal(DicomVr.UN, file.Dataset.Single().Vr);
    }

    [Fact]
    public void More_elements_than_allowed_are_refused()
    {
        var many = Implicit;
        for (var i = 0; i < 2000; i++)
        {
            many.Element(0x00091000u + (uint)i, "", []);
        }

        Assert.Equal(2000, many.Read().Dataset.Count);
        Assert.Equal(DicomError.TooManyElements, many.Refusal(new DicomReadOptions { MaxElements = 1000 }));
    }

    [Fact]
    public void More_empty_items_than_allowed_are_refused()
    {
        var many = Implicit.Header(References, "SQ", DicomStreamBuilder.Undefined);
        for (var i = 0; i < 2000; i++)
        {
            many.Item(0);
        }

        Assert.Equal(DicomError.TooManyElements, many.Refusal(new DicomReadOptions { MaxElements = 1000 }));
    }

    [Fact]
    public void An_odd_length_is_read_as_it_stands_with_a_fault()
    {
        var file = Explicit.Element(PatientName, "PN", "Doe"u8).Text(PatientId, "LO", "42").Read();
        Assert.Equal("Doe", file.Dataset.GetString(DicomTags.PatientName));
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Equal(DicomFaultKind.OddLength, Assert.Single(file.Faults).Kind);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    [InlineData(0xFFFFFFFFu)]
    public void A_wrong_group_length_of_the_meta_information_is_a_fault(uint length)
    {
        var file = DicomStreamBuilder.File(DicomUids.ExplicitVRLittleEndian, length).Text(PatientId, "LO", "42").Read();
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Equal(DicomFaultKind.WrongGroupLength, Assert.Single(file.Faults).Kind);
    }

    [Fact]
    public void Group_lengths_of_the_data_set_are_not_believed()
    {
        var file = Explicit.Element(0x00100000, "UL", [0xFF, 0xFF, 0xFF, 0x7F]).Text(PatientId, "LO", "42").Read();
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
    }

    [Fact]
    public void UN_of_defined_length_with_items_is_a_sequence_in_implicit_little_endian()
    {
        var inner = DicomStreamBuilder.Bare(isExplicit: false).Text(ReferencedUid, "", "1.2.3.4");
        var items = DicomStreamBuilder.Bare(isExplicit: false).Item((uint)inner.ToArray().Length).Raw(inner).ToArray();
        var file = Explicit.Element(References, "UN", items).Text(PatientId, "LO", "42").Read();
        Assert.Equal("1.2.3.4", file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
    }

    [Fact]
    public void Private_UN_of_undefined_length_is_a_sequence_in_implicit_little_endian()
    {
        // PS3.5 6.2.2 note 5
        var inner = DicomStreamBuilder.Bare(isExplicit: false).Item(DicomStreamBuilder.Undefined).Text(PatientId, "", "in").ItemEnd().SequenceEnd();
        var file = Explicit.Text(0x00090010, "LO", "ACME").Header(0x00091001, "UN", DicomStreamBuilder.Undefined).Raw(inner).Text(PatientId, "LO", "out").Read();
        Assert.True(file.Dataset.TryGetPrivate("ACME", 0x0009, 0x01, out var found));
        Assert.Equal("in", found.Items[0].GetString(DicomTags.PatientID));
        Assert.Equal("out", file.Dataset.GetString(DicomTags.PatientID));
    }

    [Fact]
    public void Private_UN_of_undefined_length_whose_items_are_explicit_after_all_is_read()
    {
        var inner = DicomStreamBuilder.Bare().Item(DicomStreamBuilder.Undefined).Text(PatientId, "LO", "in").ItemEnd().SequenceEnd();
        var file = Explicit.Text(0x00090010, "LO", "ACME").Header(0x00091001, "UN", DicomStreamBuilder.Undefined).Raw(inner).Text(PatientId, "LO", "out").Read();
        Assert.True(file.Dataset.TryGetPrivate("ACME", 0x0009, 0x01, out var found));
        Assert.Equal("in", found.Items[0].GetString(DicomTags.PatientID));
        Assert.Equal("out", file.Dataset.GetString(DicomTags.PatientID));
    }

    [Fact]
    public void A_header_of_UN_that_runs_out_of_its_item_ends_with_it_and_a_fault()
    {
        var inner = DicomStreamBuilder.Bare().Tag(0x00091001).Raw("UN"u8).U16(0); // its length would be beyond the item
        var items = DicomStreamBuilder.Bare().Item(8).Raw(inner).ToArray();
        var file = Explicit.Element(References, "SQ", items).Raw([0xFF, 0xFF, 0xFF, 0xFF, (byte)'U', (byte)'N', 0, 0, 0, 0, 0, 0]).Read();
        Assert.Contains(file.Faults, f => f.Kind == DicomFaultKind.WrongItemLength);
        Assert.True(file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.TryGet(DicomTag.FromValue(0x00091001), out var found) && found.IsEmpty);
    }

    [Fact]
    public void UN_that_the_dictionary_knows_has_the_dictionary_s_VR_unless_its_length_does_not_fit()
    {
        var file = Explicit.Element(PatientName, "UN", "Doe^Jane"u8).Element(0x00280010, "UN", [1, 2, 3]).Element(0x00280011, "UN", [1, 2]).Read();
        Assert.Equal(DicomVr.PN, Vr(file, DicomTags.PatientName));
        Assert.Equal(DicomVr.UN, Vr(file, DicomTags.Rows));
        Assert.Equal(0x0201, file.Dataset.GetInt32(DicomTags.Columns));
    }

    [Fact]
    public void Private_elements_of_implicit_files_are_UN_and_found_by_their_creator()
    {
        var file = Implicit.Text(0x00090010, "", "ACME").Text(0x00090011, "", "OTHER").Text(0x00091101, "", "value").Read();
        Assert.Equal(DicomVr.LO, Vr(file, new DicomTag(0x0009, 0x0010)));
        Assert.True(file.Dataset.TryGetPrivate("OTHER", 0x0009, 0x01, out var found));
        Assert.Equal(DicomVr.UN, found.Vr);
        Assert.False(file.Dataset.TryGetPrivate("ACME", 0x0009, 0x01, out _));
    }

    [Fact]
    public void A_VR_of_a_later_edition_has_a_32_bit_length()
    {
        var file = Explicit.Element(0x00091001, "ZZ", new byte[6]).Text(PatientId, "LO", "42").Read();
        Assert.Equal(6, file.Dataset.GetBytes(new DicomTag(0x0009, 0x1001)).Length);
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Equal(DicomFaultKind.UnknownVr, Assert.Single(file.Faults).Kind);
    }

    [Theory]
    [InlineData("??")]
    [InlineData("\0\0")]
    public void A_VR_that_is_none_has_a_16_bit_length(string vr)
    {
        var file = Explicit.Tag(PatientName).Raw(System.Text.Encoding.ASCII.GetBytes(vr)).U16(4).Raw("Doe "u8).Text(PatientId, "LO", "42").Read();
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Equal(DicomFaultKind.UnknownVr, Assert.Single(file.Faults).Kind);
    }

    [Fact]
    public void A_missing_item_delimiter_ends_the_item_where_the_sequence_goes_on()
    {
        var file = Explicit.Header(References, "SQ", DicomStreamBuilder.Undefined)
            .Item(DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.2")
            .Item(DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.3").SequenceEnd()
            .Text(PatientId, "LO", "42").Read();
        Assert.Equal(2, file.Dataset.GetItems(DicomTags.ReferencedImageSequence).Count);
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.All(file.Faults, f => Assert.Equal(DicomFaultKind.StrayDelimiter, f.Kind));
    }

    [Fact]
    public void A_missing_sequence_delimiter_is_truncated() => Assert.Equal(
        DicomError.Truncated,
        Explicit.Header(References, "SQ", DicomStreamBuilder.Undefined).Item(DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.2").ItemEnd().Refusal());

    [Fact]
    public void Delimiters_in_a_sequence_of_defined_length_are_a_fault()
    {
        var items = DicomStreamBuilder.Bare().Item(DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.2").ItemEnd().SequenceEnd().ToArray();
        var file = Explicit.Element(References, "SQ", items).Text(PatientId, "LO", "42").Read();
        Assert.Single(file.Dataset.GetItems(DicomTags.ReferencedImageSequence));
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
    }

    [Fact]
    public void An_item_longer_than_its_sequence_is_an_invalid_length()
    {
        var items = DicomStreamBuilder.Bare().Item(200).Text(ReferencedUid, "UI", "1.2").ToArray();
        Assert.Equal(DicomError.InvalidLength, Explicit.Element(References, "SQ", items).Raw(new byte[400]).Refusal());
    }

    [Fact]
    public void An_element_that_runs_out_of_its_sequence_ends_with_it()
    {
        // The item is open, and the header of its last element lies across the end of the sequence: its length is the next element's tag.
        var items = DicomStreamBuilder.Bare().Item(DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.2").Tag(0x00090001).Raw("OB\0\0"u8).ToArray();
        var file = Explicit.Element(References, "SQ", items).Element(0, "UL", new byte[4]).Text(PatientId, "LO", "42").Read();
        Assert.Equal("1.2", file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Contains(file.Faults, f => f.Kind == DicomFaultKind.WrongItemLength);
    }

    [Fact]
    public void Something_else_than_an_item_in_a_sequence_is_invalid() => Assert.Equal(
        DicomError.InvalidStructure,
        Explicit.Header(References, "SQ", DicomStreamBuilder.Undefined).Text(ReferencedUid, "UI", "1.2").SequenceEnd().Refusal());

    [Fact]
    public void An_undefined_length_of_text_is_invalid() =>
        Assert.Equal(DicomError.InvalidLength, Explicit.Header(0x0040A160, "UT", DicomStreamBuilder.Undefined).Raw(new byte[40]).Refusal());

    [Fact]
    public void A_fragment_of_undefined_length_is_invalid() => Assert.Equal(
        DicomError.InvalidStructure,
        DicomStreamBuilder.File(DicomUids.JPEGBaseline8Bit).Header(0x7FE00010, "OB", DicomStreamBuilder.Undefined).Item(0).Item(DicomStreamBuilder.Undefined).SequenceEnd().Refusal());

    [Fact]
    public void Trailing_zeros_are_a_fault_and_trailing_padding_an_element()
    {
        var file = Explicit.Text(PatientId, "LO", "42").Element(0xFFFCFFFC, "OB", new byte[10]).Raw(new byte[300]).Read();
        Assert.True(file.Dataset.Contains(DicomTags.DataSetTrailingPadding));
        Assert.Equal(DicomFaultKind.TrailingBytes, Assert.Single(file.Faults).Kind);
    }

    [Fact]
    public void Elements_out_of_order_are_sorted_and_of_two_the_first_is_kept()
    {
        var file = Explicit.Text(PatientId, "LO", "first").Text(PatientName, "PN", "Doe").Text(PatientId, "LO", "second").Read();
        Assert.Equal([DicomTags.PatientName, DicomTags.PatientID], file.Dataset.Select(e => e.Tag));
        Assert.Equal("first", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Contains(file.Faults, f => f.Kind == DicomFaultKind.OutOfOrder);
        Assert.Contains(file.Faults, f => f.Kind == DicomFaultKind.Duplicate);
    }

    [Fact]
    public void A_group_below_the_data_set_s_does_not_belong_to_the_meta_information()
    {
        var file = Explicit.Text(0x00010001, "LO", "private").Text(PatientId, "LO", "42").Read();
        Assert.False(file.Meta.Contains(new DicomTag(1, 1)));
        Assert.True(file.Dataset.Contains(new DicomTag(1, 1)));
    }

    [Fact]
    public void US_or_SS_follows_Pixel_Representation_even_of_elements_before_it()
    {
        // (0028,0071) is retired and before (0028,0103); (0028,0106) after it.
        var file = Implicit.Element(0x00280103, "", [1, 0]).Element(0x00280106, "", [0xFF, 0xFF]).Element(0x00280120, "", [0xFE, 0xFF]).Read();
        Assert.Equal(-1, file.Dataset.GetInt32(DicomTags.SmallestImagePixelValue));
        Assert.Equal(-2, file.Dataset.GetInt32(DicomTags.PixelPaddingValue));
    }

    [Fact]
    public void Deflated_bytes_that_cannot_be_inflated_are_refused() =>
        Assert.Equal(DicomError.InvalidDeflate, DicomStreamBuilder.File(DicomUids.DeflatedExplicitVRLittleEndian).Raw([0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]).Refusal());

    [Fact]
    public void A_truncated_deflated_file_gives_what_is_readable_with_a_fault_when_allowed()
    {
        var bytes = DamageTests.Sample("image_dfl.dcm");
        var cut = bytes.AsMemory(0, bytes.Length / 2);
        Assert.Throws<DicomException>(() => DicomFile.Read(cut));
        var part = DicomFile.Read(cut, new DicomReadOptions { AllowTruncated = true });
        Assert.Equal(DicomFile.Read(bytes).Dataset.GetString(DicomTags.SOPInstanceUID), part.Dataset.GetString(DicomTags.SOPInstanceUID));
        Assert.Contains(part.Faults, f => f.Kind == DicomFaultKind.Truncated);
    }

    [Fact]
    public void A_deflate_bomb_ends_at_the_limit()
    {
        using var packed = new MemoryStream();
        using (var deflater = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflater.Write(DicomStreamBuilder.Bare().Header(0x7FE00010, "OW", 64 << 20).ToArray());
            deflater.Write(new byte[64 << 20]);
        }

        var bomb = DicomStreamBuilder.File(DicomUids.DeflatedExplicitVRLittleEndian).Raw(packed.ToArray());
        Assert.Equal(DicomError.TooLarge, bomb.Refusal(new DicomReadOptions { MaxInflatedBytes = 1 << 20 }));
    }

    [Fact]
    public void Big_endian_numbers_are_swapped_once()
    {
        var file = DicomStreamBuilder.File(DicomUids.ExplicitVRBigEndian).Element(0x00280010, "US", [1, 2]).Element(0x00720064, "AT", []).Read();
        Assert.Equal(0x0102, file.Dataset.GetInt32(DicomTags.Rows));
        Assert.Equal(0x0102, DicomFile.Read(RoundTripTests.Written(file, DicomUids.ExplicitVRLittleEndian, false)).Dataset.GetInt32(DicomTags.Rows));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello, this is no DICOM at all")]
    [InlineData("%PDF-1.4 and so on and so on and so on")]
    public void Other_bytes_are_not_DICOM(string text) =>
        Assert.Equal(DicomError.NotDicom, Assert.Throws<DicomException>(() => DicomFile.Read(System.Text.Encoding.ASCII.GetBytes(text))).Code);

    private static DicomVr Vr(DicomFile file, DicomTag tag) => file.Dataset.TryGet(tag, out var element) ? element.Vr : DicomVr.None;
}
