namespace SecondOpinion.Fhir.Conformance;

/// <summary>
/// The element definitions of a profile by id, in order: its snapshot, or its differential laid over its base. An element is a list of layers,
/// the most specific first, and each question is answered by the first layer that says something.
/// </summary>
internal sealed class ProfileElements
{
    private const int MaxBases = 20;

    private readonly List<string> _ids = [];
    private readonly Dictionary<string, List<FhirNode>> _layers = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Ids => _ids;

    /// <summary>Empty for an element that a differential passes over on the way to one below.</summary>
    public IReadOnlyList<FhirNode> Layers(string id) => _layers.TryGetValue(id, out var layers) ? layers : [];

    /// <exception cref="FhirException">The profile, or one it is based on, cannot be used.</exception>
    public static ProfileElements Read(FhirResource definition, Func<string, FhirResource?> find)
    {
        var chain = new List<FhirResource>();
        for (var at = definition; ;)
        {
            chain.Add(at);
            if (chain.Count > MaxBases)
            {
                throw Unusable(definition, $"stands on more than {MaxBases} others");
            }

            if (at.Root["snapshot"].Exists)
            {
                break;
            }

            var url = at.Root.Text("baseDefinition") ?? throw Unusable(at, "has neither a snapshot nor a baseDefinition");
            if (Canonical.BaseType(url) is not null)
            {
                break;
            }

            at = find(url) ?? throw Unusable(at, $"is based on {url}, which is not known");
        }

        var elements = new ProfileElements();
        for (var i = chain.Count - 1; i >= 0; i--)
        {
            var view = chain[i].Root["snapshot"];
            elements.Add(view.Exists ? view : chain[i].Root["differential"]);
        }

        return elements;
    }

    public static FhirException Unusable(FhirResource definition, string why) =>
        new("invalid", $"The profile {definition.Root.Text("url")} {why}", "profile-unusable");

    private void Add(FhirNode view)
    {
        var below = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var element in view.All("element"))
        {
            var path = element.Text("path") ?? "";
            var id = element.Text("id") ?? IdOf(path, element.Text("sliceName"), below);
            below[path] = id;
            if (!_layers.TryGetValue(id, out var layers))
            {
                _layers[id] = layers = [];
                _ids.Add(id);
            }

            layers.Insert(0, element);
        }
    }

    /// <summary>An id where the definition gives none: the last seen slice of each step.</summary>
    public static string IdOf(string path, string? sliceName, Dictionary<string, string> below)
    {
        var dot = path.LastIndexOf('.');
        var id = dot < 0 ? path : (below.TryGetValue(path[..dot], out var parent) ? parent : path[..dot]) + path[dot..];
        return sliceName is null ? id : id + ":" + sliceName;
    }
}
