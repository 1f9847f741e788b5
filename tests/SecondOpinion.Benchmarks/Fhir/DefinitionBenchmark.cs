using System.Globalization;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Benchmarks.Fhir;

/// <summary>What a process pays once: the definitions, which load type by type when first asked for, here all of them, with code not compiled yet.</summary>
internal static class DefinitionBenchmark
{
    public static void Run()
    {
        var table = new Table("Definitions, once a process, all of R4", "part", "ms CPU", "MB kept");
        void Row(string name, Action load)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var start = Environment.CpuUsage.TotalTime;
            load();
            var used = Environment.CpuUsage.TotalTime - start;
            table.Row(name, Table.Number(used.TotalMilliseconds), Table.Number((GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6));
        }

        Row("first resource parsed and validated", () => FhirValidator.Validate(FhirResource.Parse("""{"resourceType":"Patient","name":[{"family":"Doe"}]}""")));
        Row("all types", () => Definitions.ResourceTypes.ToList().ForEach(t => Visit(Definitions.Type(t)!, [])));
        Row("all value sets", () => Definitions.ResourceTypes.ToList().ForEach(t => ValueSets(Definitions.Type(t)!, [])));
        Row("all rules compiled", () => Definitions.Invariants.ToList().ForEach(i => FhirPathExpression.Compile(i.Expression)));
        Row("all search parameters compiled", () => Definitions.ResourceTypes.SelectMany(SearchParameters.For).SelectMany(p => p.Components.Append(p)).ToList().ForEach(p => FhirPathExpression.Compile(p.Expression)));
        table.Row("process", Table.Number(Environment.CpuUsage.TotalTime.TotalMilliseconds), Environment.WorkingSet.ToString("0,,", CultureInfo.InvariantCulture) + " working set");
    }

    private static void Visit(TypeDefinition type, HashSet<TypeDefinition> seen)
    {
        if (seen.Add(type))
        {
            foreach (var slot in type.Slots)
            {
                Visit(slot.Type, seen);
            }
        }
    }

    private static void ValueSets(TypeDefinition type, HashSet<TypeDefinition> seen)
    {
        if (!seen.Add(type))
        {
            return;
        }

        foreach (var slot in type.Slots)
        {
            if (slot.Element?.ValueSet is { } name)
            {
                ValueSetDefinition.Find(name);
            }

            ValueSets(slot.Type, seen);
        }
    }
}
