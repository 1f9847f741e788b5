namespace SecondOpinion.Dicom;

/// <summary>A PN value: up to three component groups (PS3.5 6.2.1.2).</summary>
public readonly record struct PersonName(string Alphabetic, string Ideographic, string Phonetic)
{
    /// <summary>Any text is a name; parts that it does not have are empty.</summary>
    public static PersonName Parse(string? text)
    {
        var groups = (text ?? "").Split('=', 3);
        return new PersonName(Group(groups, 0), Group(groups, 1), Group(groups, 2));
    }

    /// <summary>The first component of the alphabetic group; empty when missing, as the others.</summary>
    public string FamilyName => Component(0);

    /// <summary>The second component.</summary>
    public string GivenName => Component(1);

    /// <summary>The third component.</summary>
    public string MiddleName => Component(2);

    /// <summary>The fourth component: what stands before the name.</summary>
    public string Prefix => Component(3);

    /// <summary>The fifth component: what stands behind the name.</summary>
    public string Suffix => Component(4);

    /// <summary>Groups joined by =, empty ones at the end left out.</summary>
    public override string ToString() => $"{Alphabetic}={Ideographic}={Phonetic}".TrimEnd('=');

    private static string Group(string[] groups, int index) => index < groups.Length ? groups[index].Trim(' ', '\0') : "";

    private string Component(int index) => Alphabetic.Split('^') is var parts && index < parts.Length ? parts[index].Trim() : "";
}
