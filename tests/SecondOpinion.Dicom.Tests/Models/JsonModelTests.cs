using System.Text;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Models;

/// <summary>The DICOM JSON model (PS3.18 F): rules, and documents made to hurt.</summary>
public sealed class JsonModelTests
{
    [Theory]
    [InlineData("""{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^Jane","Ideographic":"山田^太郎"}]}}""")]
    [InlineData("""{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00100010":{"vr":"PN","Value":[{"Phonetic":"やまだ"}]}}""")]
    [InlineData("""{"00080008":{"vr":"CS","Value":["DERIVED",null,"X"]}}""")]
    [InlineData("""{"00280010":{"vr":"US","Value":[512]},"00281050":{"vr":"DS","Value":[40,-1.5,1E+5]}}""")]
    [InlineData("""{"00081140":{"vr":"SQ","Value":[{},{"00081155":{"vr":"UI","Value":["1.2"]}}]}}""")]
    [InlineData("""{"7FE00010":{"vr":"OW","InlineBinary":"AAEC/w=="}}""")]
    [InlineData("""{"7FE00010":{"vr":"OW","BulkDataURI":"http://x/y"}}""")]
    [InlineData("""{"00189219":{"vr":"FD","Value":["NaN","-Infinity",0.1]}}""")]
    [InlineData("""{"00091001":{"vr":"UV","Value":["18446744073709551615"]}}""")]
    [InlineData("""{"00091001":{"vr":"FL","Value":["Infinity","NaN",0.1]}}""")]
    [InlineData("""{"00091001":{"vr":"SV","Value":["-9223372036854775808",9007199254740991]}}""")]
    public void A_document_survives_reading_and_writing(string json)
    {
        var once = Write(DicomJson.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(once, Write(DicomJson.Read(Encoding.UTF8.GetBytes(once))));
        if (json.All(char.IsAscii))
        {
            Assert.Equal(json, once);
        }
        else
        {
            Assert.EndsWith(json[(json.IndexOf("\"00100010", StringComparison.Ordinal))..], once, StringComparison.Ordinal);
            Assert.Contains("ISO_IR 192", once, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[{}]x")]
    [InlineData("{\"0010\":{}}")]
    [InlineData("{\"00100010\":[]}")]
    [InlineData("{\"00100010\":{\"vr\":\"PN\"},\"00100010\":{\"vr\":\"PN\"}}")]
    [InlineData("{\"00100020\":{\"vr\":\"LO\",\"Value\":{}}}")]
    [InlineData("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"\\ud800\"]}}")]
    [InlineData("{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}")]
    [InlineData("{\"00189219\":{\"vr\":\"FD\",\"Value\":[1e400]}}")]
    [InlineData("{\"00089459\":{\"vr\":\"FL\",\"Value\":[1e300]}}")]
    [InlineData("{\"00281050\":{\"vr\":\"DS\",\"Value\":[1e9999999999999999]}}")]
    [InlineData("{\"7FE00010\":{\"vr\":\"OW\",\"InlineBinary\":\"*\"}}")]
    [InlineData("{\"7FE00010\":{\"vr\":\"OW\",\"InlineBinary\":\"AA==\",\"BulkDataURI\":\"x\"}}")]
    public void A_wrong_document_is_refused(string json)
    {
        var refusal = Assert.Throws<DicomException>(() => DicomJson.Read(Encoding.UTF8.GetBytes(json)));
        Assert.True(refusal.Code is DicomError.InvalidDocument or DicomError.InvalidValue);
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", 100_000));
        Assert.Contains(Assert.Throws<DicomException>(() => DicomJson.Read(Encoding.UTF8.GetBytes(deep))).Code, new[] { DicomError.TooDeep, DicomError.InvalidDocument });
    }

    [Fact]
    public void Elements_in_descending_order_cost_no_more_than_in_ascending()
    {
        // Inserting each in front would move 60,000 * 60,000 / 2 elements.
        const int count = 60_000;
        var json = new StringBuilder("{");
        for (var i = count; i > 0; i--)
        {
            json.Append(json.Length > 1 ? "," : "").Append($"\"{0x00090000 + (i * 4):X8}\":{{\"vr\":\"LO\"}}");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var dataset = DicomJson.Read(Encoding.UTF8.GetBytes(json.Append('}').ToString()));
        Assert.InRange(dataset.Count, count - 8, count); // (gggg,0000) is a group length
        Assert.True(dataset.First().Tag < dataset.Last().Tag);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void A_data_set_without_a_character_set_says_that_its_JSON_is_UTF_8_even_when_all_its_tags_are_lower()
    {
        var item = new DicomDataset().Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.PatientName, "Müller");
        var dataset = new DicomDataset().SetItems(DicomTags.DirectoryRecordSequence, item);
        var json = Write(dataset);
        Assert.Contains("},\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]}}", json, StringComparison.Ordinal);
        Assert.Equal(json, Write(DicomJson.Read(Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public void Reading_and_writing_a_wide_data_set_keeps_nested_character_sets_right()
    {
        var latin = new DicomDataset().Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.PatientName, "Müller");
        var russian = new DicomDataset().Set(DicomTags.SpecificCharacterSet, "ISO_IR 144").Set(DicomTags.PatientName, "Люкceмбypг");
        var dataset = new DicomDataset().SetItems(DicomTags.ReferencedPatientSequence, latin, russian);
        var file = DicomFile.Read(DicomFile.Create(dataset.Set(DicomTags.SOPClassUID, "1.2").Set(DicomTags.SOPInstanceUID, "1.3"), DicomUids.ExplicitVRLittleEndian).ToArray());
        var items = DicomJson.Read(DicomJson.ToArray(file.Dataset)).GetItems(DicomTags.ReferencedPatientSequence);
        Assert.Equal(["Müller", "Люкceмбypг"], items.Select(i => i.GetString(DicomTags.PatientName)));
    }

    private static string Write(DicomDataset dataset) => Encoding.UTF8.GetString(DicomJson.ToArray(dataset));
}
