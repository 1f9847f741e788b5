using SecondOpinion.Cases.Matching;
using Xunit;

namespace SecondOpinion.Cases.Tests.Matching;

public sealed class StudyMatchTests
{
    private static readonly Identifier Mrn = new("urn:oid:2.16.840.1.113883.19.5", "MRN-4711", "MR");
    private static readonly Identifier Acc = new("urn:oid:2.16.840.1.113883.19.5.2", "ACC-88421", "ACSN");

    private static OpenOrder Order(string id = "o", string[]? uids = null, Identifier[]? accessions = null, Identifier[]? patient = null, string? born = "1984-03-09") =>
        new(id, uids ?? [], accessions ?? [], patient ?? [Mrn], born);

    private static void Matched(MatchBasis basis, StudyFacts study, params OpenOrder[] orders)
    {
        var result = StudyMatch.Find(study, orders);
        Assert.Equal((basis, "o"), (result.Basis, string.Join(',', result.Orders)));
        Assert.Empty(result.WrongPatient);
    }

    private static void Unmatched(StudyFacts study, params OpenOrder[] orders)
    {
        var result = StudyMatch.Find(study, orders);
        Assert.Equal((MatchBasis.None, 0, 0), (result.Basis, result.Orders.Count, result.WrongPatient.Count));
    }

    private static void Wrong(StudyFacts study, params OpenOrder[] orders)
    {
        var result = StudyMatch.Find(study, orders);
        Assert.Equal((0, "o"), (result.Orders.Count, string.Join(',', result.WrongPatient)));
    }

    [Fact]
    public void A_named_study_comes_first() =>
        Matched(MatchBasis.StudyUid, Samples.Study, Order(uids: ["1.2.3.4"]), Order("p", accessions: [Acc]));

    [Fact]
    public void Then_the_accession_with_its_issuer()
    {
        Matched(MatchBasis.Accession, Samples.Study, Order(accessions: [Acc]), Order("p"));
        Matched(MatchBasis.Accession, Samples.Study with { IssuerOfAccession = "2.16.840.1.113883.19.5.2" }, Order(accessions: [Acc]));
        Unmatched(Samples.Study with { IssuerOfAccession = "2.16.840.9" }, Order(accessions: [Acc]));
        Matched(MatchBasis.Accession, Samples.Study with { IssuerOfAccession = "2.16.840.9" }, Order(accessions: [Acc with { System = "" }]));
    }

    [Fact]
    public void Then_the_patient_with_the_issuer()
    {
        Matched(MatchBasis.Patient, Samples.Study, Order());
        Matched(MatchBasis.Patient, Samples.Study with { IssuerOfPatientId = "2.16.840.1.113883.19.5" }, Order());
        Unmatched(Samples.Study with { IssuerOfPatientId = "2.16.840.9" }, Order());
        Unmatched(Samples.Study with { PatientId = "MRN-1" }, Order());
        Unmatched(Samples.Study with { PatientId = "" }, Order());
        Unmatched(Samples.Study with { PatientBirthDate = "19840310" }, Order());
        Matched(MatchBasis.Patient, Samples.Study with { PatientBirthDate = "" }, Order());
    }

    [Fact]
    public void An_order_that_names_other_images_does_not_take_whatever_the_patient_has()
    {
        Unmatched(Samples.Study, Order(accessions: [Acc with { Value = "ACC-1" }]));
        Unmatched(Samples.Study, Order(uids: ["9.9"]));
        Matched(MatchBasis.Patient, Samples.Study with { AccessionNumber = "" }, Order(accessions: [Acc]));
    }

    [Fact]
    public void Two_open_orders_of_a_patient_are_ambiguous_without_a_number()
    {
        var result = StudyMatch.Find(Samples.Study, [Order("a"), Order("b")]);
        Assert.Empty(result.Orders);
        Assert.Equal(["a", "b"], result.Ambiguous);
        Matched(MatchBasis.Accession, Samples.Study, Order(accessions: [Acc]), Order("b"));
    }

    [Fact]
    public void Numbers_that_point_to_an_order_of_another_patient_are_flagged()
    {
        Wrong(Samples.Study with { PatientId = "MRN-1" }, Order(accessions: [Acc]));
        Wrong(Samples.Study with { PatientId = "MRN-1" }, Order(uids: ["1.2.3.4"]));
        Wrong(Samples.Study with { PatientId = "", PatientBirthDate = "19700101" }, Order(accessions: [Acc]));
        // A number of a namespace that the order does not know: the birth date decides.
        Matched(MatchBasis.Accession, Samples.Study with { PatientId = "X", IssuerOfPatientId = "OTHER" }, Order(accessions: [Acc]));
        Wrong(Samples.Study with { PatientId = "X", IssuerOfPatientId = "OTHER", PatientBirthDate = "" }, Order(accessions: [Acc]));
        Wrong(Samples.Study with { PatientId = "X", IssuerOfPatientId = "OTHER", PatientBirthDate = "19840310" }, Order(accessions: [Acc]));
        Matched(MatchBasis.Accession, Samples.Study with { PatientId = "" }, Order(accessions: [Acc]));
        Matched(MatchBasis.Accession, Samples.Study, Order(accessions: [Acc], patient: []));
    }
}
