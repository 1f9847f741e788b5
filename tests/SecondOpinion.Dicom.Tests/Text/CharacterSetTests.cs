using SecondOpinion.Dicom.Tests.Oracle;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Text;

/// <summary>Specific Character Set in both directions (PS3.3 C.12.1.1.2, PS3.5 6.1, annexes H to K).</summary>
public sealed class CharacterSetTests
{
    /// <summary>Terms and a text that they can hold.</summary>
    private static readonly (string Terms, string Text)[] s_texts =
    [
        ("ISO_IR 100", "Äneas^Rüdiger"), ("ISO_IR 101", "Wałęsa^Lech"), ("ISO_IR 109", "Ĉapek^Ĝ"), ("ISO_IR 110", "Ķēniņš^Ā"), ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 127", "قباني^لنزار"), ("ISO_IR 126", "Διονυσιος"), ("ISO_IR 138", "שרון^דבורה"), ("ISO_IR 148", "Çavuşoğlu^İ"), ("ISO_IR 166", "สมชาย"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ"), ("ISO_IR 192", "Wang^XiaoDong=王^小東=😀"), ("GB18030", "Wang^XiaoDong=王^小东"), ("GBK", "Wang^XiaoDong=王^小东"),
        ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう"), ("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        ("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동"), ("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东"), ("ISO 2022 IR 100\\ISO 2022 IR 144", "Müller^Люкceмбypг"),
        ("\\ISO 2022 IR 87\\ISO 2022 IR 159", "Name=丂^山"),
    ];

    public static TheoryData<string, string> Texts()
    {
        var data = new TheoryData<string, string>();
        foreach (var (terms, text) in s_texts)
        {
            data.Add(terms, text);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_encoded_and_decoded_in_its_character_set(string terms, string text)
    {
        var read = DicomFile.Read(Named(terms, text)).Dataset;
        Assert.Equal(terms, read.GetText(DicomTags.SpecificCharacterSet));
        Assert.Equal(text, read.GetString(DicomTags.PatientName));
        Assert.Equal([First(text), Last(text)], read.GetStrings(DicomTags.OtherPatientNames));
    }

    [Fact]
    public void Pydicom_reads_what_is_encoded()
    {
        using var folder = new TemporaryFolder();
        var files = s_texts.Select((t, i) => (t.Terms, t.Text, Path: Path.Combine(folder.Path, $"{i}.dcm"))).ToList();
        foreach (var (terms, text, path) in files)
        {
            File.WriteAllBytes(path, Named(terms, text));
        }

        var dump = Pydicom.Dump(files.Select(f => f.Path));
        foreach (var (terms, text, path) in files.Where(f => !s_unknownToPydicom.Contains(f.Terms)))
        {
            var name = dump[path]!.Single(r => r.Path == "00100010").Value;
            Assert.True(text == name, $"{terms}: '{text}' is '{name}'");
        }
    }

    /// <summary>pydicom 2.3 leaves the escapes of this set in the text (PS3.5 annex K).</summary>
    private static readonly string[] s_unknownToPydicom = ["\\ISO 2022 IR 58"];

    [Fact]
    public void Text_that_the_character_set_cannot_hold_makes_the_file_UTF_8()
    {
        var read = DicomFile.Read(Named("ISO_IR 100", "Люкceмбypг")).Dataset;
        Assert.Equal("ISO_IR 192", read.GetString(DicomTags.SpecificCharacterSet));
        Assert.Equal("Люкceмбypг", read.GetString(DicomTags.PatientName));
    }

    [Fact]
    public void Changing_the_character_set_keeps_the_meaning()
    {
        var dataset = DicomFile.Read(Named("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎")).Dataset;
        dataset.UseUtf8();
        Assert.Equal("Yamada^Tarou=山田^太郎", dataset.GetString(DicomTags.PatientName));
    }

    [Fact]
    public void Kanji_beside_half_width_katakana_return_to_their_Roman_set()
    {
        // PS3.5 H.3.2: ISO 2022 IR 13 has ISO-IR 14 in G0, not ASCII.
        var bytes = DicomFile.Read(Named("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")).Dataset.GetBytes(DicomTags.PatientName).Span;
        Assert.True(bytes.IndexOf("\u001b$B;3ED\u001b(J^\u001b$BB@O:\u001b(J="u8) > 0);
        Assert.Equal(-1, bytes.IndexOf("\u001b(B"u8));
    }

    [Fact]
    public void A_backslash_in_the_second_byte_of_GBK_separates_nothing()
    {
        // 乗 is 81 5C in GBK: its second byte is that of the backslash.
        var read = DicomFile.Read(Named("GBK", "乗^A")).Dataset;
        Assert.Equal(["乗^A"], read.GetStrings(DicomTags.PatientName));
    }

    private static string First(string text) => text[..1];

    /// <summary>The last character, which may be a surrogate pair.</summary>
    private static string Last(string text) => char.IsLowSurrogate(text[^1]) ? text[^2..] : text[^1..];

    private static byte[] Named(string terms, string text) => DicomFile.Create(
        new DicomDataset().Set(DicomTags.SpecificCharacterSet, DicomVr.CS, terms).Set(DicomTags.SOPClassUID, "1.2").Set(DicomTags.SOPInstanceUID, "1.3")
            .Set(DicomTags.PatientName, text).Set(DicomTags.OtherPatientNames, First(text), Last(text)),
        DicomUids.ExplicitVRLittleEndian).ToArray();
}
