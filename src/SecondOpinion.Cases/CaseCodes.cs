namespace SecondOpinion.Cases;

/// <summary>Code systems and codes of a case; our own live below <see cref="Base"/>.</summary>
public static class CaseCodes
{
    public const string Base = "https://secondopinion.example/fhir";

    public const string OrderCategory = Base + "/CodeSystem/order-category";
    public const string Service = Base + "/CodeSystem/service";
    public const string BusinessStatus = Base + "/CodeSystem/business-status";
    public const string SupportingDocument = Base + "/CodeSystem/supporting-document";
    public const string FindingAttribute = Base + "/CodeSystem/finding-attribute";
    public const string Assessment = Base + "/CodeSystem/assessment";

    /// <summary>On an Annotation that the server wrote: the stable code of the rule it comes from.</summary>
    public const string NoteRule = Base + "/StructureDefinition/intake-rule";

    /// <summary>The profiles that the server's own resources claim.</summary>
    public const string TaskProfile = Base + "/StructureDefinition/second-opinion-task";
    public const string ImagingStudyProfile = Base + "/StructureDefinition/second-opinion-imaging-study";

    public const string TaskCode = "http://hl7.org/fhir/CodeSystem/task-code";
    public const string IdentifierType = "http://terminology.hl7.org/CodeSystem/v2-0203";
    public const string Dcm = "http://dicom.nema.org/resources/ontology/DCM";
    public const string Snomed = "http://snomed.info/sct";
    public const string UniversalTooth = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem";
    public const string DicomUidSystem = "urn:dicom:uid";

    public const string Fulfill = "fulfill";
    public const string Abort = "abort";
}
