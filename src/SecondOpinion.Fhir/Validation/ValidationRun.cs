using System.Text;
using SecondOpinion.Fhir.Tree;
using SecondOpinion.Fhir.Xml;

namespace SecondOpinion.Fhir.Validation;

/// <summary>State of validating one resource.</summary>
internal sealed class ValidationRun(FhirResource resource, ValidationOptions options)
{
    public FhirResource Resource { get; } = resource;

    public ResourceTree Tree { get; } = resource.Tree;

    public ValidationOptions Options { get; } = options;

    public List<FhirIssue> Issues { get; } = [];

    private readonly Dictionary<int, Dictionary<string, int>> _contained = [];
    private readonly TextLocator _locator = new();
    private Dictionary<string, int>? _bundled;
    private List<int>? _rows;
    private int _errors;
    private int _warnings;

    /// <summary>Errors have reached the limit; warnings beyond it are dropped and never hide an error.</summary>
    public bool IsFull => _errors >= Options.MaxIssues;

    public FhirNode Node(int row) => new(Resource, row);

    public void Error(int row, string code, string key, string message) => Add(IssueSeverity.Error, row, code, key, message);

    public void Warning(int row, string code, string key, string message)
    {
        if (Options.Warnings)
        {
            Add(IssueSeverity.Warning, row, code, key, message);
        }
    }

    public void Add(IssueSeverity severity, int row, string code, string key, string message)
    {
        var isError = severity <= IssueSeverity.Error;
        if ((isError ? _errors++ : _warnings++) >= Options.MaxIssues)
        {
            return;
        }

        var path = Node(row).Path;
        var issue = new FhirIssue(severity, code, $"{path}: {message}", path, Key: key);
        if (Resource.Xml is not null)
        {
            (_rows ??= []).Add(row);
        }
        else
        {
            ref readonly var r = ref Tree.Rows[row];
            var (line, column) = _locator.Locate(Tree.Json.Span, row == 0 ? r.Start : r.NameStart - (r.IsUnderscore ? 2 : 1));
            issue = issue with { Line = line, Column = column };
        }

        Issues.Add(issue);
    }

    /// <summary>Gives the issues of a resource that was XML their lines: all in one walk of the text.</summary>
    public void LocateInXml()
    {
        if (_rows is null)
        {
            return;
        }

        var offsets = XmlPlaces.Find(Resource.Xml!.Value.Span, Tree, _rows);
        for (var i = 0; i < _rows.Count; i++)
        {
            if (offsets.TryGetValue(_rows[i], out var offset))
            {
                var (line, column) = _locator.Locate(Resource.Xml.Value.Span, offset);
                Issues[i] = Issues[i] with { Line = line, Column = column };
            }
        }
    }

    /// <summary>Rows of the resources that a resource contains, by id.</summary>
    public Dictionary<string, int> ContainedOf(FhirNode container)
    {
        if (!_contained.TryGetValue(container.Row, out var map))
        {
            _contained[container.Row] = map = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var contained in container.All("contained"))
            {
                if (contained["id"].Value is { } id)
                {
                    map.TryAdd(id, contained.Row);
                }
            }
        }

        return map;
    }

    /// <summary>Rows of the resources of a Bundle by fullUrl and by <c>Type/id</c> (FHIR R4 bundle.html#references); empty for other resources.</summary>
    public Dictionary<string, int> Bundled
    {
        get
        {
            if (_bundled is null)
            {
                _bundled = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var entry in Resource.ResourceType == "Bundle" ? Node(0).All("entry") : default)
                {
                    var held = entry["resource"];
                    if (held.IsResource && entry["fullUrl"].Value is { } url)
                    {
                        _bundled.TryAdd(url, held.Row);
                    }

                    if (held.IsResource && held["id"].Value is { } id)
                    {
                        _bundled.TryAdd(held.Type + "/" + id, held.Row);
                    }
                }
            }

            return _bundled;
        }
    }

    /// <summary>A value for a message: quoted, cut when long.</summary>
    public static string Quote(string? value) => value is null ? "nothing" : value.Length <= 80 ? $"'{value}'" : $"'{value.AsSpan(0, 77)}...'";

    /// <summary>The unescaped UTF-8 text of a primitive row.</summary>
    public ReadOnlySpan<byte> Utf8Value(int row) =>
        (Tree.Rows[row].Flags & RowFlags.Escaped) == RowFlags.None ? Tree.Raw(row) : Encoding.UTF8.GetBytes(Tree.Text(row)!);
}
