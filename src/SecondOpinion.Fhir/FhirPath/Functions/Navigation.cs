namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section Tree navigation.</summary>
internal static class Navigation
{
    public static void Children(FhirPathState state, int start)
    {
        var end = state.Count;
        for (var i = start; i < end; i++)
        {
            foreach (var child in state[i].Node.Children())
            {
                state.Push(FhirPathValue.Of(child));
            }
        }

        state.Remove(start, end);
    }

    /// <summary>The table lists a subtree as one run of rows, so this is one loop.</summary>
    public static void Descendants(FhirPathState state, int start)
    {
        var end = state.Count;
        for (var i = start; i < end; i++)
        {
            var node = state[i].Node;
            if (node.Owner is not { } resource)
            {
                continue;
            }

            var (row, last) = resource.Tree.ChildRange(node.Row);
            for (; row < last; row++)
            {
                if (!resource.Tree.Rows[row].IsHidden)
                {
                    state.Push(FhirPathValue.Of(new FhirNode(resource, row)));
                }
            }
        }

        state.Remove(start, end);
    }
}
