using Xunit;

namespace SecondOpinion.Dicom.Tests.Anonymise;

/// <summary>Options that keep content which may hold identity: structured content, graphics, private attributes (PS3.15 E.3.3, E.3.4, E.3.10).</summary>
public sealed class AnonymiserOptionTests
{
    private static readonly DicomAnonymiserOptions s_basic = new() { Key = "0123456789abcdef"u8.ToArray() };

    private static DicomDataset Code(string value, string meaning) => new DicomDataset().Set(DicomTags.CodeValue, value).Set(DicomTags.CodingSchemeDesignator, "DCM").Set(DicomTags.CodeMeaning, meaning);

    private static DicomDataset Text(string code, string text) => new DicomDataset().Set(DicomTags.RelationshipType, "CONTAINS").Set(DicomTags.ValueType, "TEXT")
        .SetItems(DicomTags.ConceptNameCodeSequence, Code(code, "Concept")).Set(DicomTags.TextValue, text);

    private static string[] Methods(DicomDataset dataset) => [.. dataset.GetItems(DicomTags.DeidentificationMethodCodeSequence).Select(i => i.GetString(DicomTags.CodeValue)!)];

    [Fact]
    public void Structured_content_is_kept_without_the_person()
    {
        var observer = new DicomDataset().Set(DicomTags.RelationshipType, "HAS OBS CONTEXT").Set(DicomTags.ValueType, "PNAME")
            .SetItems(DicomTags.ConceptNameCodeSequence, Code("121008", "Person Observer Name")).Set(DicomTags.PersonName, "Miller^Anne");
        var image = new DicomDataset().Set(DicomTags.RelationshipType, "CONTAINS").Set(DicomTags.ValueType, "IMAGE")
            .SetItems(DicomTags.ReferencedSOPSequence, new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.4"));
        var inner = Text("121071", "Caries at 36, seen by miller on 29.02.2024").SetItems(DicomTags.ContentSequence, Text("121009", "Clinic by the Lake"), Text("121071", "Jane said so"));
        var dataset = new DicomDataset().Set(DicomTags.PatientName, "Doe^Jane").SetItems(DicomTags.ContentSequence, observer, image, inner)
            .SetItems(DicomTags.AcquisitionContextSequence, Text("121071", "Doe stood still"));
        var anonymiser = new DicomAnonymiser(s_basic with { CleanStructuredContent = true });
        var clean = anonymiser.Anonymise(dataset);
        var items = clean.GetItems(DicomTags.ContentSequence);
        Assert.Equal(3, items.Count);
        Assert.Equal("REMOVED", items[0].GetString(DicomTags.PersonName));
        Assert.Equal(anonymiser.MapUid("1.2.3.4"), items[1].GetItem(DicomTags.ReferencedSOPSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Equal("Caries at 36, seen by *** on ***", items[2].GetString(DicomTags.TextValue));
        Assert.Equal("REMOVED", items[2].GetItems(DicomTags.ContentSequence)[0].GetString(DicomTags.TextValue));
        Assert.Equal("*** said so", items[2].GetItems(DicomTags.ContentSequence)[1].GetString(DicomTags.TextValue));
        Assert.Equal("*** stood still", clean.GetItem(DicomTags.AcquisitionContextSequence)!.GetString(DicomTags.TextValue));
        Assert.Equal(["113100", "113104"], Methods(clean));
        var basic = new DicomAnonymiser(s_basic).Anonymise(dataset);
        Assert.Equal("REMOVED", Assert.Single(basic.GetItems(DicomTags.ContentSequence)).GetString(DicomTags.TextValue));
    }

    [Fact]
    public void Graphics_are_kept_with_their_text_cleaned_and_overlays_are_not()
    {
        var annotation = new DicomDataset().Set(DicomTags.GraphicLayer, "L")
            .SetItems(DicomTags.GraphicObjectSequence, new DicomDataset().Set(DicomTags.GraphicType, "CIRCLE"))
            .SetItems(DicomTags.TextObjectSequence, new DicomDataset().Set(DicomTags.UnformattedTextValue, "Doe, lesion 12 mm"));
        var dataset = new DicomDataset().Set(DicomTags.PatientName, "Doe^Jane").SetItems(DicomTags.GraphicAnnotationSequence, annotation)
            .SetBytes(new DicomTag(0x6000, 0x3000), DicomVr.OW, new byte[8]);
        var clean = new DicomAnonymiser(s_basic with { CleanGraphics = true }).Anonymise(dataset);
        var kept = clean.GetItem(DicomTags.GraphicAnnotationSequence)!;
        Assert.Equal("CIRCLE", kept.GetItem(DicomTags.GraphicObjectSequence)!.GetString(DicomTags.GraphicType));
        Assert.Equal("***, lesion 12 mm", kept.GetItem(DicomTags.TextObjectSequence)!.GetText(DicomTags.UnformattedTextValue));
        Assert.False(clean.Contains(new DicomTag(0x6000, 0x3000)));
        Assert.Equal(["113100", "113103"], Methods(clean));
    }

    [Fact]
    public void Private_attributes_stay_that_are_named_safe_wherever_their_block_lies()
    {
        var dataset = new DicomDataset()
            .Set(new DicomTag(0x7053, 0x0010), DicomVr.LO, "OTHER").Set(new DicomTag(0x7053, 0x1000), DicomVr.DS, "1")
            .Set(new DicomTag(0x7053, 0x0012), DicomVr.LO, "Philips PET Private Group").Set(new DicomTag(0x7053, 0x1200), DicomVr.DS, "2")
            .Set(new DicomTag(0x7053, 0x1203), DicomVr.ST, "SECRET").Set(new DicomTag(0x7053, 0x1209), DicomVr.UI, "1.2.3.4");
        var options = s_basic with { SafePrivate = [new DicomPrivateElement(0x7053, "Philips PET Private Group", 0), new DicomPrivateElement(0x7053, "Philips PET Private Group", 9)] };
        var clean = new DicomAnonymiser(options).Anonymise(dataset);
        Assert.Equal(
            [new DicomTag(0x7053, 0x0012), new DicomTag(0x7053, 0x1200), new DicomTag(0x7053, 0x1209)],
            clean.Where(e => e.Tag.IsPrivate).Select(e => e.Tag));
        Assert.Equal("2", clean.GetString(new DicomTag(0x7053, 0x1200)));
        Assert.NotEqual("1.2.3.4", clean.GetString(new DicomTag(0x7053, 0x1209)));
        Assert.Equal(["113100", "113111"], Methods(clean));
    }
}
