using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SecondOpinion.Dicom.Tests.Hostile;
using Xunit;

namespace SecondOpinion.Dicom.Tests;

/// <summary>What DICOM libraries in use get wrong.</summary>
public sealed class PitfallTests
{
    private const int Levels = 100_000;
    private const uint References = 0x00081140; // Referenced Image Sequence
    private const uint PixelData = 0x7FE00010;

    private static DicomStreamBuilder Explicit => DicomStreamBuilder.File(DicomUids.ExplicitVRLittleEndian);

    private static DicomStreamBuilder Implicit => DicomStreamBuilder.File(DicomUids.ImplicitVRLittleEndian);

    [Theory]
    [InlineData("explicit, undefined lengths")]
    [InlineData("explicit, defined lengths")]
    [InlineData("UN of undefined length")]
    [InlineData("implicit")]
    [InlineData("header of a stream")]
    [InlineData("JSON")]
    [InlineData("XML")]
    public void A_hundred_thousand_nested_sequences_are_refused_without_being_read(string kind)
    {
        Action read = kind switch
        {
            "JSON" => Reader(Repeat("{\"00081140\":{\"vr\":\"SQ\",\"Value\":["), bytes => DicomJson.Read(bytes)),
            "XML" => Reader("<NativeDicomModel>" + Repeat("<DicomAttribute tag='00081140' vr='SQ'><Item number='1'>"), bytes => DicomXml.Read(bytes)),
            _ => Reader(Bomb(kind), kind.StartsWith("header", StringComparison.Ordinal) ? ReadHeader : bytes => DicomFile.Read(bytes)),
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(DicomError.TooDeep, Assert.Throws<DicomException>(read).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void An_attribute_tag_of_a_big_endian_file_is_two_numbers()
    {
        // Frame Increment Pointer: two tags, (0018,1063) and (0054,0010)
        byte[] big = [0x00, 0x18, 0x10, 0x63, 0x00, 0x54, 0x00, 0x10];
        byte[] little = [0x18, 0x00, 0x63, 0x10, 0x54, 0x00, 0x10, 0x00];
        var file = DicomStreamBuilder.File(DicomUids.ExplicitVRBigEndian).Element(0x00280009, "AT", big).Read();
        Assert.Equal(["00181063", "00540010"], file.Dataset.GetStrings(DicomTags.FrameIncrementPointer));
        Assert.Contains("[\"00181063\",\"00540010\"]", Encoding.UTF8.GetString(DicomJson.ToArray(file.Dataset)), StringComparison.Ordinal);
        Assert.Equal(little, file.Dataset.GetBytes(DicomTags.FrameIncrementPointer).ToArray());

        // Written in either order, from what was read and from what a program sets.
        var set = DicomFile.Create(new DicomDataset().Set(DicomTags.FrameIncrementPointer, "00181063", "00540010"), DicomUids.ExplicitVRLittleEndian);
        Assert.True(RoundTripTests.Written(file, DicomUids.ExplicitVRLittleEndian, false).AsSpan().EndsWith(little));
        Assert.True(RoundTripTests.Written(file, DicomUids.ExplicitVRBigEndian, false).AsSpan().EndsWith(big));
        Assert.True(RoundTripTests.Written(set, DicomUids.ExplicitVRBigEndian, false).AsSpan().EndsWith(big));
    }

    [Theory]
    [InlineData(0x00280106u)] // Smallest Image Pixel Value
    [InlineData(0x00280107u)] // Largest Image Pixel Value
    [InlineData(0x00280108u)] // Smallest Pixel Value in Series
    [InlineData(0x00280120u)] // Pixel Padding Value
    [InlineData(0x00280121u)] // Pixel Padding Range Limit
    [InlineData(0x00281101u)] // Red Palette Color Lookup Table Descriptor
    [InlineData(0x00283002u)] // LUT Descriptor
    [InlineData(0x00409211u)] // Real World Value Last Value Mapped
    public void US_or_SS_of_an_implicit_file_follows_Pixel_Representation(uint tag)
    {
        Assert.Equal(-2, Value(Implicit.Element(0x00280103, "", [1, 0]).Element(tag, "", [0xFE, 0xFF]).Read(), tag));
        Assert.Equal(65534, Value(Implicit.Element(0x00280103, "", [0, 0]).Element(tag, "", [0xFE, 0xFF]).Read(), tag));
        Assert.Equal(65534, Value(Implicit.Element(tag, "", [0xFE, 0xFF]).Read(), tag));
    }

    [Fact]
    public void An_item_inherits_Pixel_Representation_even_of_an_element_behind_it()
    {
        // Of two sequences, one before and one behind (0028,0103), each has an item without a Pixel Representation and one that is unsigned.
        var items = DicomStreamBuilder.Bare(isExplicit: false)
            .Item(10).Element(0x00283002, "", [0xFE, 0xFF])
            .Item(20).Element(0x00280103, "", [0, 0]).Element(0x00283002, "", [0xFE, 0xFF]).ToArray();
        var nested = DicomStreamBuilder.Bare(isExplicit: false).Item((uint)items.Length + 8).Element(References, "", items).ToArray();
        var file = Implicit.Element(References, "", nested).Element(0x00280103, "", [1, 0]).Element(0x00283000, "", items).Element(0x00283010, "", nested).Read();
        var before = file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.GetItems(DicomTags.ReferencedImageSequence);
        var behind = file.Dataset.GetItem(DicomTags.VOILUTSequence)!.GetItems(DicomTags.ReferencedImageSequence);
        foreach (var pair in new[] { before, behind, file.Dataset.GetItems(DicomTags.ModalityLUTSequence) })
        {
            Assert.Equal([-2, 65534], pair.Select(item => item.GetInt32(DicomTags.LUTDescriptor)));
        }
    }

    [Fact]
    public void US_of_an_explicit_file_stays_US() => Assert.Equal(
        65534, Explicit.Element(0x00280103, "US", [1, 0]).Element(0x00280106, "US", [0xFE, 0xFF]).Read().Dataset.GetInt32(DicomTags.SmallestImagePixelValue));

    [Fact]
    public void A_program_that_sets_US_or_SS_in_an_item_need_not_repeat_Pixel_Representation()
    {
        DicomDataset item = [];
        new DicomDataset().Set(DicomTags.PixelRepresentation, 1).SetItems(DicomTags.ModalityLUTSequence, item);
        Assert.Equal(-2, item.Set(DicomTags.LUTDescriptor, -2).GetInt32(DicomTags.LUTDescriptor));
    }

    [Fact]
    public void Encapsulated_pixel_data_is_a_reference_in_both_models_or_refused()
    {
        DicomDataset icon = [];
        icon.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, new byte[] { 1, 2 }));
        var dataset = new DicomDataset().SetItems(DicomTags.IconImageSequence, icon).SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, new byte[] { 3, 4 }));
        var file = DicomFile.Read(DicomFile.Create(dataset.Set(DicomTags.SOPClassUID, "1.2").Set(DicomTags.SOPInstanceUID, "1.3"), DicomUids.JPEGBaseline8Bit).ToArray());

        foreach (Func<byte[]> inline in new Func<byte[]>[] { () => DicomJson.ToArray(file.Dataset), () => DicomXml.ToArray(file.Dataset) })
        {
            var refusal = Assert.Throws<DicomException>(inline);
            Assert.Equal((DicomError.InvalidValue, DicomTags.PixelData), (refusal.Code, refusal.Tag));
        }

        using var json = JsonDocument.Parse(DicomJson.ToArray(file.Dataset, RoundTripTests.WithReferences));
        var pixels = json.RootElement.GetProperty("7FE00010");
        Assert.Equal(["vr", "BulkDataURI"], pixels.EnumerateObject().Select(p => p.Name));
        Assert.Equal("#7FE00010", pixels.GetProperty("BulkDataURI").GetString());
        Assert.Equal("#00880200/1/7FE00010", json.RootElement.GetProperty("00880200").GetProperty("Value")[0].GetProperty("7FE00010").GetProperty("BulkDataURI").GetString());
    }

    [Fact]
    public void A_delimiter_that_ends_nothing_is_a_fault_and_takes_nothing_with_it()
    {
        var item = DicomStreamBuilder.Bare().Text(0x00081150, "UI", "1.2").SequenceEnd().ToArray();
        var file = Explicit.ItemEnd().Header(References, "SQ", (uint)item.Length + 8).Item((uint)item.Length).Raw(item).SequenceEnd().Text(0x00100020, "LO", "42").ItemEnd().Read();
        Assert.Equal("1.2", file.Dataset.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPClassUID));
        Assert.Equal("42", file.Dataset.GetString(DicomTags.PatientID));
        Assert.Equal(4, file.Faults.Count(f => f.Kind == DicomFaultKind.StrayDelimiter));
    }

    [Theory]
    [InlineData(0xFFFEE000u)]
    [InlineData(0xFFFE1234u)]
    public void An_item_outside_a_sequence_is_refused_as_what_it_holds_would_change_its_place(uint tag) => Assert.Equal(
        DicomError.InvalidStructure, Explicit.Tag(tag).U32(10).Text(0x00100010, "PN", "Doe").Text(0x00100020, "LO", "42").Refusal());

    [Theory]
    [InlineData(0xFFFEE000u)]
    [InlineData(0xFFFEE00Du)]
    [InlineData(0xFFFEE0DDu)]
    public void Items_and_delimiters_cannot_be_set_as_elements(uint tag)
    {
        var name = DicomTag.FromValue(tag).ToHex();
        Assert.Equal(DicomError.InvalidStructure, Assert.Throws<DicomException>(() => new DicomDataset().SetBytes(DicomTag.FromValue(tag), DicomVr.UN, new byte[2])).Code);
        Assert.Equal(DicomError.InvalidDocument, Assert.Throws<DicomException>(() => DicomJson.Read(Encoding.UTF8.GetBytes("{\"" + name + "\":{\"vr\":\"UN\",\"InlineBinary\":\"AAA=\"}}"))).Code);
        var xml = Encoding.UTF8.GetBytes($"<NativeDicomModel><DicomAttribute tag='{name}' vr='UN'/></NativeDicomModel>");
        Assert.Equal(DicomError.InvalidDocument, Assert.Throws<DicomException>(() => DicomXml.Read(xml)).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pixel_data_are_not_copied_on_a_read(bool encapsulated)
    {
        const int size = 8 << 20;
        var bytes = (encapsulated
            ? DicomStreamBuilder.File(DicomUids.JPEGBaseline8Bit).Header(PixelData, "OB", DicomStreamBuilder.Undefined).Item(0).Item(size).Raw(new byte[size]).SequenceEnd()
            : Explicit.Header(PixelData, "OW", size).Raw(new byte[size])).ToArray();
        DicomFile.Read(bytes); // the dictionary and the pool are made at first use
        var before = GC.GetAllocatedBytesForCurrentThread();
        var dataset = DicomFile.Read(bytes).Dataset;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16 << 10);

        Assert.True(dataset.TryGet(DicomTags.PixelData, out var pixels));
        var value = pixels.Fragments is { } fragments ? fragments[0] : pixels.RawBytes;
        Assert.Equal(size, value.Length);
        Assert.True(MemoryMarshal.TryGetArray(value, out var range) && ReferenceEquals(bytes, range.Array));
    }

    private static Action Reader(string text, Action<byte[]> read) => Reader(Encoding.ASCII.GetBytes(text), read);

    private static Action Reader(byte[] bytes, Action<byte[]> read) => () => read(bytes);

    private static void ReadHeader(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        DicomFile.ReadHeader(stream);
    }

    private static string Repeat(string level) => string.Concat(Enumerable.Repeat(level, Levels));

    private static byte[] Bomb(string kind)
    {
        var isImplicit = kind == "implicit";
        var bomb = isImplicit ? Implicit : Explicit;
        var vr = kind.StartsWith("UN", StringComparison.Ordinal) ? "UN" : "SQ";
        for (var level = Levels; level > 0; level--)
        {
            // Explicit sequences have a header of 12 bytes, items one of 8.
            var length = kind.Contains(", defined", StringComparison.Ordinal) ? (uint)(level * 20) - 12 : DicomStreamBuilder.Undefined;
            bomb.Header(References, vr, length).Item(length == DicomStreamBuilder.Undefined ? length : length - 8);
            if (vr == "UN" && level == Levels)
            {
                bomb = DicomStreamBuilder.Bare(isExplicit: false).Raw(bomb); // inside UN it is implicit (PS3.5 6.2.2 note 5)
            }
        }

        return bomb.ToArray();
    }

    private static int? Value(DicomFile file, uint tag) => file.Dataset.GetInt32(DicomTag.FromValue(tag));
}
