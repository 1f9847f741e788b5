namespace SecondOpinion.Cases.Intake;

/// <summary>Plain-word matching for advice: clause by clause, so that "no pain, no swelling" does not tell of swelling.</summary>
internal static class Clauses
{
    private static readonly string[] Negations = ["no ", "not ", "without ", "denies ", "denied ", "negative for ", "never ", "free of ", "absence of ", "ruled out "];
    private static readonly string[] Turns = [" but ", " however ", " except "];

    /// <summary>Whether a term begins a word of the text: "plan" is in "planning", not in "implant".</summary>
    public static bool Has(string text, string term)
    {
        for (var at = text.IndexOf(term, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(term, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (StartsWord(text, at))
            {
                return true;
            }
        }

        return false;
    }

    public static bool HasAny(string text, string[] terms) => terms.Any(t => Has(text, t));

    /// <summary>Whether a term stands in a clause with no negation before it. A negation holds to the end of its clause.</summary>
    public static bool Affirms(string text, string[] terms)
    {
        foreach (var turn in Turns)
        {
            text = text.Replace(turn, ";", StringComparison.OrdinalIgnoreCase);
        }

        var isNegatedList = false;
        foreach (var (clause, endsSentence) in Split(text))
        {
            // "No fever, facial swelling or pain": the items of a list share its negation; a clause with a verb of its own is not an item.
            var negation = Negation(clause);
            var negated = negation >= 0 || (isNegatedList && IsListItem(clause));
            foreach (var term in terms)
            {
                var at = clause.IndexOf(term, StringComparison.OrdinalIgnoreCase);
                if (at >= 0 && StartsWord(clause, at) && !(negated && (negation < 0 || negation < at)))
                {
                    return true;
                }
            }

            isNegatedList = negated && !endsSentence;
        }

        return false;
    }

    private static IEnumerable<(string Clause, bool EndsSentence)> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] is '.' or ';' or '!' or '?' or '\n' or ',' or ':')
            {
                yield return (text[start..i].Trim() + " ", i == text.Length || text[i] != ',');
                start = i + 1;
            }
        }
    }

    private static int Negation(string clause)
    {
        var first = -1;
        foreach (var word in Negations)
        {
            var at = clause.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && StartsWord(clause, at) && (first < 0 || at < first))
            {
                first = at;
            }
        }

        return first;
    }

    private static bool StartsWord(string text, int at) => at == 0 || !char.IsLetter(text[at - 1]);

    private static bool IsListItem(string clause) =>
        !new[] { " has ", " is ", " are ", " since ", " with ", " now ", " started ", " reports ", " complains " }.Any(v => (" " + clause).Contains(v, StringComparison.OrdinalIgnoreCase));
}
