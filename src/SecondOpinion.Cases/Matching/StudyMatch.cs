using System.Globalization;

namespace SecondOpinion.Cases.Matching;

/// <summary>An open order as matching looks at it.</summary>
public sealed record OpenOrder(
    string Id,
    IReadOnlyList<string> StudyUids,
    IReadOnlyList<Identifier> Accessions,
    IReadOnlyList<Identifier> PatientIdentifiers,
    string? PatientBirthDate = null);

public enum MatchBasis
{
    None,
    StudyUid,
    Accession,
    Patient,
}

/// <summary>What came of looking for the order of a study.</summary>
/// <param name="Orders">Ids of the orders that the study belongs to.</param>
/// <param name="WrongPatient">Ids of orders that the study's numbers point to although it shows another patient: their readers must not see it.</param>
/// <param name="Ambiguous">Ids of several open orders of the patient between which nothing decides.</param>
public sealed record MatchResult(MatchBasis Basis, IReadOnlyList<string> Orders, IReadOnlyList<string> WrongPatient, IReadOnlyList<string> Ambiguous);

/// <summary>Finds the order of a study: by Study UID, else by accession and issuer, else by patient id and issuer among open orders.</summary>
public static class StudyMatch
{
    public static MatchResult Find(StudyFacts study, IReadOnlyList<OpenOrder> orders)
    {
        var wrong = new List<string>();
        foreach (var (basis, fits) in new (MatchBasis, Func<OpenOrder, bool>)[]
        {
            (MatchBasis.StudyUid, o => o.StudyUids.Contains(study.StudyInstanceUid)),
            (MatchBasis.Accession, o => study.AccessionNumber.Length > 0 && o.Accessions.Any(a => a.Means(study.AccessionNumber, study.IssuerOfAccession))),
        })
        {
            var named = orders.Where(fits).ToList();
            var right = named.Where(o => !IsOtherPatient(study, o)).Select(o => o.Id).ToList();
            wrong.AddRange(named.Where(o => IsOtherPatient(study, o)).Select(o => o.Id));
            if (right.Count > 0)
            {
                return new MatchResult(basis, right, wrong, []);
            }
        }

        if (wrong.Count > 0)
        {
            return new MatchResult(MatchBasis.None, [], [.. wrong.Distinct()], []);
        }

        var candidates = orders.Where(o => IsPatientMatch(study, o)).Select(o => o.Id).ToList();
        return candidates.Count switch
        {
            0 => new MatchResult(MatchBasis.None, [], [], []),
            1 => new MatchResult(MatchBasis.Patient, candidates, [], []),
            _ => new MatchResult(MatchBasis.None, [], [], candidates),
        };
    }

    /// <summary>Whether the study certainly or probably shows somebody else than the order's patient.</summary>
    public static bool IsOtherPatient(StudyFacts study, OpenOrder order)
    {
        var birthDate = order.PatientBirthDate?.Replace("-", "", StringComparison.Ordinal);
        var birthDatesKnown = birthDate is { Length: 8 } && study.PatientBirthDate.Length == 8;
        if (study.PatientId.Length == 0 || order.PatientIdentifiers.Count == 0)
        {
            return birthDatesKnown && birthDate != study.PatientBirthDate;
        }

        if (order.PatientIdentifiers.Any(i => i.Means(study.PatientId, study.IssuerOfPatientId)))
        {
            return false;
        }

        // A number of a namespace in which the order knows the patient by no number says nothing; then the birth date has to agree.
        var isComparable = study.IssuerOfPatientId.Length == 0
            || order.PatientIdentifiers.Any(i => i.System.Length == 0 || Identifier.Plain(i.System) == Identifier.Plain(study.IssuerOfPatientId));
        return isComparable || !birthDatesKnown || birthDate != study.PatientBirthDate;
    }

    // An order that names studies or an accession wants those, not whatever else the patient has.
    private static bool IsPatientMatch(StudyFacts study, OpenOrder order) =>
        study.PatientId.Length > 0
        && order.StudyUids.Count == 0
        && (study.AccessionNumber.Length == 0 || order.Accessions.Count == 0)
        && order.PatientIdentifiers.Any(i => i.Means(study.PatientId, study.IssuerOfPatientId))
        && !(order.PatientBirthDate?.Replace("-", "", StringComparison.Ordinal) is { Length: 8 } birthDate
            && DateOnly.TryParseExact(study.PatientBirthDate, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && birthDate != study.PatientBirthDate);
}
