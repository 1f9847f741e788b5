using SecondOpinion.Fhir;

namespace SecondOpinion.Security;

/// <summary>What a <c>patient/</c> scope reaches: the compartment of the launch patient (FHIR R4 compartmentdefinition-patient.html), and the directories it points to.</summary>
internal static class PatientCompartment
{
    private static readonly HashSet<string> Directories = new(StringComparer.Ordinal)
    {
        "Organization", "Practitioner", "PractitionerRole", "Location", "HealthcareService", "Endpoint", "Medication", "Substance", "ValueSet", "CodeSystem", "Questionnaire",
    };

    public static bool Includes(string resourceType) => resourceType == "Patient" || Definitions.Compartment("Patient", resourceType).Count > 0;

    public static bool IsDirectory(string resourceType) => Directories.Contains(resourceType);

    /// <summary>Searches of which any resource of the compartment matches at least one.</summary>
    public static IEnumerable<string> Filters(string resourceType, string patientId, string? scopeFilter)
    {
        var tail = scopeFilter is null ? "" : "&" + scopeFilter;
        if (resourceType == "Patient")
        {
            // The compartment also holds patients linked to this one; a launch is for one.
            yield return "_id=" + Uri.EscapeDataString(patientId) + tail;
            yield break;
        }

        foreach (var parameter in Definitions.Compartment("Patient", resourceType))
        {
            yield return parameter == "{def}"
                ? "_id=" + Uri.EscapeDataString(patientId) + tail
                : parameter + "=Patient/" + Uri.EscapeDataString(patientId) + tail;
        }
    }
}
