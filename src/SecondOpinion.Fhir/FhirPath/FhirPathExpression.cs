using System.Collections.Concurrent;
using SecondOpinion.Fhir.FhirPath.Expressions;
using SecondOpinion.Fhir.FhirPath.Parser;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>
/// A compiled expression of FHIRPath 2.0 with the functions of FHIR R4 fhirpath.html. Immutable and free-threaded; every error is a
/// <see cref="FhirException"/>.
/// </summary>
public sealed class FhirPathExpression
{
    /// <summary>Characters of source kept compiled: the definitions need 150,000, and clients must not fill the memory.</summary>
    private const int CacheLimit = 600_000;

    private static readonly ConcurrentDictionary<string, FhirPathExpression> Cache = new(StringComparer.Ordinal);
    private static int _cached;

    private readonly Expression _root;

    private FhirPathExpression(string text, Expression root) => (Text, _root) = (text, root);

    /// <summary>The source.</summary>
    public string Text { get; }

    /// <summary>Compiles; the result is kept, so that compiling the same text again costs a lookup.</summary>
    /// <exception cref="FhirException">The text is not FHIRPath (code invalid) or is too long or too deep (code too-costly).</exception>
    public static FhirPathExpression Compile(string text)
    {
        if (Cache.TryGetValue(text, out var known))
        {
            return known;
        }

        var expression = new FhirPathExpression(text, FhirPathParser.Parse(text));
        if (_cached < CacheLimit && Cache.TryAdd(text, expression))
        {
            Interlocked.Add(ref _cached, text.Length);
        }

        return expression;
    }

    /// <summary>The items the expression selects or computes, in order.</summary>
    public IReadOnlyList<FhirPathValue> Evaluate(FhirNode context, FhirPathOptions? options = null)
    {
        var state = FhirPathState.Rent(context, options);
        try
        {
            _root.Evaluate(state);
            return state.From(0).ToArray();
        }
        finally
        {
            state.Return();
        }
    }

    /// <summary>Adds the items to a list of the caller; allocates nothing itself for paths and filters.</summary>
    public void Evaluate(FhirNode context, List<FhirPathValue> into, FhirPathOptions? options = null)
    {
        var state = FhirPathState.Rent(context, options);
        try
        {
            _root.Evaluate(state);
            into.AddRange(state.From(0));
        }
        finally
        {
            state.Return();
        }
    }

    /// <summary>The result as one boolean (singleton evaluation); null when it is empty.</summary>
    public bool? Test(FhirNode context, FhirPathOptions? options = null)
    {
        var state = FhirPathState.Rent(context, options);
        try
        {
            return _root.Test(state);
        }
        finally
        {
            state.Return();
        }
    }

    /// <summary>The types that items may have over a resource or element of this type; null when it cannot be told, empty when there can be none.</summary>
    internal IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => _root.TypesOf(context);

    /// <summary>Tests another context on the budget that <paramref name="state"/> has left.</summary>
    internal bool? Test(FhirPathState state, FhirNode context)
    {
        state.Begin(context);
        return _root.Test(state);
    }

    /// <summary>Whether the result is true; an empty result is not.</summary>
    public bool IsTrue(FhirNode context, FhirPathOptions? options = null) => Test(context, options) == true;

    /// <summary>The nodes among the items, in order.</summary>
    public IReadOnlyList<FhirNode> Select(FhirNode context, FhirPathOptions? options = null)
    {
        var state = FhirPathState.Rent(context, options);
        try
        {
            _root.Evaluate(state);
            var nodes = new List<FhirNode>(state.Count);
            foreach (ref readonly var item in state.From(0))
            {
                if (item.IsNode)
                {
                    nodes.Add(item.Node);
                }
            }

            return nodes;
        }
        finally
        {
            state.Return();
        }
    }

    /// <summary>The expression's text.</summary>
    public override string ToString() => Text;
}
