namespace SecondOpinion.Fhir.Validation;

/// <summary>Bindings to value sets whose codes are not on board, by what another source says (<see cref="ValidationOptions.Elsewhere"/>).</summary>
internal static class RemoteBinding
{
    /// <param name="key">Start of the issue's key.</param>
    public static void Check(ValidationRun run, FhirNode node, string valueSet, BindingStrength strength, string key)
    {
        // A code alone does not say its system, and no server can be asked for it.
        if (run.Options.Elsewhere is not { } ask || strength < BindingStrength.Extensible || (strength != BindingStrength.Required && !run.Options.Warnings)
            || node.Type is not ("CodeableConcept" or "Coding" or "Quantity"))
        {
            return;
        }

        FhirNode wrong = default, open = default;
        foreach (var coding in node.Type == "CodeableConcept" ? node.All("coding") : (IEnumerable<FhirNode>)[node])
        {
            if (coding["code"].Value is not { } code || coding["system"].Value is not { } system)
            {
                continue;
            }

            switch (ask(new CodeQuestion(valueSet, system, code)))
            {
                case true:
                    return;
                case false:
                    wrong = wrong.Exists ? wrong : coding;
                    break;
                default:
                    open = open.Exists ? open : coding;
                    break;
            }
        }

        // One coding that could not be asked may be the right one.
        if (open.Exists)
        {
            run.Warning(node.Row, "incomplete", key + "-undecided", $"{Describe(open)} could not be checked: the codes of {valueSet} are not on board, and no terminology server has said more");
        }
        else if (wrong.Exists && strength == BindingStrength.Required)
        {
            run.Error(node.Row, "code-invalid", key + "-required", $"{Describe(wrong)} is not in the required value set {valueSet}, says the terminology server");
        }
        else if (wrong.Exists)
        {
            run.Warning(node.Row, "code-invalid", key + "-extensible", $"{Describe(wrong)} is not in the extensible value set {valueSet}, says the terminology server; another code is right only when none of its codes applies");
        }
    }

    private static string Describe(FhirNode coding) => ValidationRun.Quote($"{coding["system"].Value}|{coding["code"].Value}");
}
