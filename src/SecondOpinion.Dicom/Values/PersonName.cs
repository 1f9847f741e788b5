namespace SecondOpinion.Dicom;

/// <summary>A PN value: up to three component groups (PS3.5 6.2.1.2).</summary>
public readonly record struct PersonName(string Alphabetic, string Ideographic, string Phonetic)
{
    public static PersonName Parse(string? text)
    {
        var groups = (text ?? "").Split('=', 3);
        return new PersonName(Group(groups, 0), Group(groups, 1), Group(groups, 2));
    }

    public string FamilyName => Component(0);

    public string GivenName => Component(1);

    public string MiddleName => Component(2);

    public string Prefix => Component(3);

    public string Suffix => Component(4);

    /// <summary>Groups joined by =, empty ones at the end left out.</summary>
    public override string ToString() => $"{Alphabetic}={Ideographic}={Phonetic}".TrimEnd('=');

    private static string Group(string[] groups, int index) => index < groups.Length ? groups[index].Trim(' ', '\0') : "";

    private string Component(int index) => Alphabetic.Split('^') is var parts && index < parts.Length ? parts[index].Trim() : "";
}
