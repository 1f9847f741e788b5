using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>
/// One evaluation: the stack on which every expression leaves its items, the current $this, $index and $total, and the budget. Expressions evaluated
/// one after another stand one after another on the stack, so a collection is a range and costs no allocation.
/// </summary>
internal sealed class FhirPathState
{
    private const int MaxItems = 1_000_000;
    private const int MaxText = 4 << 20;

    [ThreadStatic]
    private static FhirPathState? _spare;

    private FhirPathValue[] _items = new FhirPathValue[64];
    private int _steps;
    private DateTimeOffset? _now;

    public int Count { get; private set; }

    public FhirPathOptions Options { get; private set; } = FhirPathOptions.Default;

    /// <summary>$this; None where it is empty.</summary>
    public FhirPathValue This { get; set; }

    public int Index { get; set; }

    public FhirPathValue[] Total { get; set; } = [];

    /// <summary>What defineVariable() has defined so far; null for nothing.</summary>
    public Variable? Variables { get; set; }

    /// <summary>%context: the node the evaluation began with.</summary>
    public FhirNode Context { get; private set; }

    /// <summary>%resource: the resource that holds the context; for a contained one that one itself.</summary>
    public FhirNode Resource => Context.ContainingResource;

    /// <summary>%rootResource: the container of a contained resource, else the resource.</summary>
    public FhirNode RootResource
    {
        get
        {
            var resource = Resource;
            return resource.Definition is { Path: "DomainResource.contained" } ? resource.Parent.ContainingResource : resource;
        }
    }

    public DateTimeOffset Now => _now ??= Options.Clock.GetUtcNow();

    public ref FhirPathValue this[int index] => ref _items[index];

    public static FhirPathState Rent(FhirNode context, FhirPathOptions? options)
    {
        var state = _spare ?? new FhirPathState();
        _spare = null;
        state.Options = options ?? FhirPathOptions.Default;
        state._now = null;
        state._steps = state.Options.MaxSteps;
        state.Begin(context);
        return state;
    }

    /// <summary>Starts an evaluation; what is left of the budget stays.</summary>
    public void Begin(FhirNode context)
    {
        Context = context;
        This = FhirPathValue.Of(context);
        Index = 0;
        Total = [];
        Variables = null;
        Count = 0;
    }

    public void Return()
    {
        if (_items.Length > 4096)
        {
            return;
        }

        Array.Clear(_items, 0, _items.Length);
        Count = 0;
        Context = default;
        This = default;
        Total = [];
        Variables = null;
        Options = FhirPathOptions.Default;
        _spare = this;
    }

    public void Step(int steps = 1)
    {
        if ((_steps -= steps) < 0)
        {
            FhirPathError.TooCostly($"the evaluation takes more than {Options.MaxSteps} steps");
        }
    }

    /// <summary>Pays for looking at all of an item's text, or at the children of a quantity: one step for what takes as long as a step.</summary>
    public void Pay(in FhirPathValue item)
    {
        var length = item.Kind switch
        {
            FhirPathKind.String => item.Text!.Length,
            FhirPathKind.Node when item.Node.HasValue => item.Node.RawValue.Length,
            FhirPathKind.Node when item.Node.TypeDefinition is { IsQuantity: true } => item.Node.RawValue.Length >> 2,
            _ => 0,
        };
        if (length >= 64)
        {
            Step(length >> 6);
        }
    }

    /// <summary>Pays for walking over the children of a node.</summary>
    public void PayChildren(FhirNode node)
    {
        var count = 0;
        foreach (var _ in node.Children())
        {
            count++;
        }

        Step(count >> 3);
    }

    public void Push(in FhirPathValue value)
    {
        if (value.Kind == FhirPathKind.None)
        {
            return;
        }

        if (Count == _items.Length)
        {
            Grow();
        }

        Step();
        _items[Count++] = value;
    }

    public ReadOnlySpan<FhirPathValue> Range(int start, int end) => _items.AsSpan(start, end - start);

    public ReadOnlySpan<FhirPathValue> From(int start) => _items.AsSpan(start, Count - start);

    /// <summary>Drops everything from <paramref name="start"/> on.</summary>
    public void Cut(int start) => Count = start;

    /// <summary>Replaces everything from <paramref name="start"/> on by one item, or by nothing when it is None.</summary>
    public void Set(int start, in FhirPathValue value)
    {
        Count = start;
        Push(value);
    }

    public void Set(int start, bool value) => Set(start, FhirPathValue.Of(value));

    public void Set(int start, bool? value)
    {
        Count = start;
        if (value is { } known)
        {
            Push(FhirPathValue.Of(known));
        }
    }

    public void Set(int start, string? value)
    {
        Count = start;
        if (value is not null)
        {
            if (value.Length > MaxText)
            {
                FhirPathError.TooCostly($"a text is longer than {MaxText} characters");
            }

            Step(value.Length >> 4);
            Push(FhirPathValue.Of(value));
        }
    }

    /// <summary>Removes the items [from, to) and moves the later ones down.</summary>
    public void Remove(int from, int to)
    {
        Step((Count - to) >> 4);
        Array.Copy(_items, to, _items, from, Count - to);
        Count -= to - from;
    }

    /// <summary>The truth of the items from <paramref name="start"/> on (FHIRPath 2.0 singleton evaluation); they are dropped.</summary>
    public bool? Truth(int start)
    {
        var count = Count - start;
        if (count == 0)
        {
            return null;
        }

        if (count > 1)
        {
            FhirPathError.Execution($"a single boolean is needed, found {count} items");
        }

        Pay(_items[start]);
        var value = _items[start].System;
        Count = start;
        return value.Kind != FhirPathKind.Boolean || value.Boolean;
    }

    /// <summary>The one item from <paramref name="start"/> on, None when there is none.</summary>
    public FhirPathValue Single(int start, string what)
    {
        var count = Count - start;
        if (count > 1)
        {
            FhirPathError.Execution($"{what} needs a single item, found {count}");
        }

        if (count == 0)
        {
            return default;
        }

        Pay(_items[start]);
        return _items[start];
    }

    private void Grow()
    {
        if (Count >= MaxItems)
        {
            FhirPathError.TooCostly($"a collection has more than {MaxItems} items");
        }

        Array.Resize(ref _items, _items.Length * 2);
    }
}
