using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>The children of one name of every item of the focus.</summary>
internal sealed class Member(Expression focus, string name) : Expression(focus)
{
    public override bool IsOrdered => focus.IsOrdered;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => StaticTypes.Children(focus.TypesOf(context), name);

    public override void Evaluate(FhirPathState state)
    {
        if (focus is ThisTerm)
        {
            PushChildren(state, state.This);
            return;
        }

        var start = state.Count;
        focus.Evaluate(state);
        var end = state.Count;
        if (state.Options.Strict && focus.StaticType is { } type && Definitions.Type(type) is { } definition && definition.Element(name) is null)
        {
            FhirPathError.Execution($"{type} has no element '{name}'");
        }

        for (var i = start; i < end; i++)
        {
            PushChildren(state, state[i]);
        }

        state.Remove(start, end);
    }

    public override bool Any(FhirPathState state)
    {
        if (state.Options.Strict || focus is not ThisTerm)
        {
            return base.Any(state);
        }

        return state.This.IsNode && First(state, state.This.Node) >= 0;
    }

    private void PushChildren(FhirPathState state, in FhirPathValue item)
    {
        if (!item.IsNode)
        {
            if (item.TypeName is { } typeName)
            {
                state.Push(name switch { "namespace" => FhirPathValue.Of(typeName.Namespace), "name" => FhirPathValue.Of(typeName.Name), _ => default });
            }
            else if (state.Options.Strict)
            {
                FhirPathError.Execution($"a computed value has no element '{name}'");
            }

            return;
        }

        var node = item.Node;
        var resource = node.Owner!;
        var tree = resource.Tree;
        var rows = tree.Rows;
        var (row, end) = tree.ChildRange(node.Row);
        var (any, looked) = (false, 0);
        for (; row < end; row = rows[row].Next)
        {
            looked++;
            if (!rows[row].IsHidden && IsNamed(tree, row))
            {
                any = true;
                state.Push(FhirPathValue.Of(new FhirNode(resource, row)));
                if (rows[row].Index < 0 && tree.Slots[row] is { Element.IsChoice: false })
                {
                    // No array and no choice: parsing has seen to it that there is no other of this name.
                    break;
                }
            }
        }

        state.Step(1 + (looked >> 3));
        if (!any && state.Options.Strict && node.TypeDefinition is { } type && type.Element(name) is null)
        {
            FhirPathError.Execution($"{type.Path} has no element '{name}'");
        }
    }

    private int First(FhirPathState state, FhirNode node)
    {
        var tree = node.Owner!.Tree;
        var (row, end) = tree.ChildRange(node.Row);
        var looked = 0;
        while (row < end && (tree.Rows[row].IsHidden || !IsNamed(tree, row)))
        {
            looked++;
            row = tree.Rows[row].Next;
        }

        state.Step(1 + (looked >> 3));
        return row < end ? row : -1;
    }

    // Names are interned on both sides, so the common answer is one pointer comparison.
    private bool IsNamed(ResourceTree tree, int row) =>
        tree.Slots[row] is { } slot ? (ReferenceEquals(slot.Name, name) || slot.Name == name) : tree.NameEquals(row, name);
}

/// <summary>A capital name at the begin of a path: the context itself when it is of that type (FHIRPath 2.0 Path Selection).</summary>
internal sealed class RootType(string name) : Expression
{
    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) =>
        context is null ? [ItemType.Of(Definitions.Type(name)!)] : [.. context.Where(t => t.Is(name))];

    public override void Evaluate(FhirPathState state)
    {
        var item = state.This;
        state.Step();
        if (item.IsNode && item.Node.TypeDefinition is { } type && type.Is(name))
        {
            state.Push(item);
        }
        else if (state.Options.Strict)
        {
            FhirPathError.Execution($"the context is not a {name}");
        }
    }
}
