using System.Globalization;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>
/// What profiles ask beyond the base definitions (FHIR R4 profiling.html), for each resource that claims one in meta.profile. The base definitions are
/// checked elsewhere and not reported again.
/// </summary>
internal sealed partial class ProfileCheck(ValidationRun run, Profiles profiles)
{
    private readonly HashSet<(int Row, string Profile)> _open = [];
    private readonly HashSet<(int Row, string Profile)> _checked = [];
    private string _profile = "";
    private int _quiet;
    private bool _failed;
    private FhirPathState? _state;

    public static void Run(ValidationRun run, Profiles profiles)
    {
        ProfileCheck? check = null;
        var tree = run.Tree;
        for (var row = 0; row < tree.Count && !run.IsFull; row++)
        {
            if ((tree.Rows[row].Flags & RowFlags.Resource) == RowFlags.None)
            {
                continue;
            }

            var resource = run.Node(row);
            HashSet<string>? claimed = null;
            foreach (var claim in resource["meta"].All("profile"))
            {
                // A claim made a thousand times is checked once.
                if ((claimed ??= new HashSet<string>(StringComparer.Ordinal)).Add(Canonical.Bare(claim.Value ?? "")))
                {
                    check ??= new ProfileCheck(run, profiles);
                    check.Claim(resource, claim.Value ?? "", claim.Row);
                }
            }
        }

        foreach (var url in run.Options.AlsoProfiles)
        {
            check ??= new ProfileCheck(run, profiles);
            check.Claim(run.Node(0), url, 0);
        }

        (check ?? new ProfileCheck(run, profiles)).Extensions();
    }

    /// <summary>Whether a node meets a profile; nothing is reported.</summary>
    public bool Conforms(CompiledProfile profile, FhirNode node)
    {
        var ok = true;
        WithState(() => ok = Meets(profile, node));
        return ok;
    }

    private void Claim(FhirNode resource, string url, int at)
    {
        if (Canonical.BaseType(url) is { } type)
        {
            if (!resource.TypeDefinition!.Is(type))
            {
                run.Error(at, "structure", "profile-type", $"the profile {url} is for {type}, not for {resource.Type}");
            }
        }
        else if (profiles.Find(url) is not { } profile)
        {
            run.Warning(at, "not-supported", "profile-unknown", $"the profile {ValidationRun.Quote(url)} is not known here and not checked");
        }
        else
        {
            var bare = Canonical.Bare(url);
            if (bare.Length < url.Length && profiles.Definition(url)?.Root.Text("version") is { } version && !url.AsSpan(bare.Length + 1).SequenceEqual(version))
            {
                run.Warning(at, "not-supported", "profile-version", $"version {ValidationRun.Quote(url[(bare.Length + 1)..])} of the profile {bare} is not known here; checked against version {version}");
            }

            try
            {
                WithState(() => Profile(profile, resource));
            }
            catch (FhirException e) when (e.Issues[0].Code == "too-costly")
            {
                (_quiet, _failed, _profile) = (0, false, "");
                _open.Clear();
                run.Error(0, "too-costly", "too-costly", $"the rules of the profile {profile.Name} take too long to check on a resource of this size");
            }
        }
    }

    private void WithState(Action action)
    {
        var mine = _state is null;
        _state ??= FhirPathState.Rent(default, profiles.PathOptions);
        try
        {
            action();
        }
        finally
        {
            if (mine)
            {
                _state.Return();
                _state = null;
            }
        }
    }

    private void Profile(CompiledProfile profile, FhirNode node)
    {
        // A profile that a target of its own target must meet is being checked already.
        if (!_open.Add((node.Row, profile.Url)))
        {
            return;
        }

        var outer = _profile;
        _profile = profile.Name;
        if (node.TypeDefinition?.Is(profile.Type) != true)
        {
            Report(node, "structure", "profile-type", $"the profile is for {profile.Type}, found {node.Type}");
        }
        else
        {
            Element(profile.Root, node);
        }

        if (_quiet == 0)
        {
            _checked.Add((node.Row, profile.Url));
        }

        _profile = outer;
        _open.Remove((node.Row, profile.Url));
    }

    /// <summary>Whether a node meets a profile; nothing is reported.</summary>
    private bool Meets(CompiledProfile profile, FhirNode node)
    {
        var outer = BeginQuiet();
        Profile(profile, node);
        return EndQuiet(outer);
    }

    /// <summary>Whether an element keeps a rule; nothing is reported.</summary>
    private bool Meets(ElementRule rule, FhirNode node)
    {
        var outer = BeginQuiet();
        Element(rule, node);
        return EndQuiet(outer);
    }

    private bool BeginQuiet()
    {
        var outer = _failed;
        _failed = false;
        _quiet++;
        return outer;
    }

    private bool EndQuiet(bool outer)
    {
        _quiet--;
        var ok = !_failed;
        _failed = outer;
        return ok;
    }

    private void Report(FhirNode node, string code, string key, string message, IssueSeverity severity = IssueSeverity.Error)
    {
        if (_quiet > 0)
        {
            _failed |= severity <= IssueSeverity.Error;
        }
        else if (severity <= IssueSeverity.Error || run.Options.Warnings)
        {
            run.Add(severity, node.Row, code, key, $"{message} (profile {_profile})");
        }
    }

    private void Element(ElementRule rule, FhirNode node)
    {
        if (_quiet > 0 && _failed)
        {
            return;
        }

        if (rule.Types is { } types && !Types(types, node))
        {
            return;
        }

        Values(rule, node);
        if (rule.ValueSet is not null || rule.MaxValueSet is not null)
        {
            Binding(rule, node);
        }

        foreach (var constraint in rule.Constraints)
        {
            Constraint(constraint, node);
        }

        if (rule.Children.Length > 0)
        {
            Children(rule, node);
        }
    }

    private void Children(ElementRule rule, FhirNode node)
    {
        var groups = rule.Children;
        Span<int> counts = groups.Length <= 64 ? stackalloc int[64] : new int[groups.Length];
        counts = counts[..groups.Length];
        counts.Clear();
        foreach (var child in node.Children())
        {
            // Names of rules and definitions are interned.
            if (child.Slot?.Element?.Name is not { } name)
            {
                continue;
            }

            for (var i = 0; i < groups.Length; i++)
            {
                if (ReferenceEquals(groups[i].Name, name))
                {
                    counts[i]++;
                    if (groups[i].LooksInside)
                    {
                        Element(groups[i], child);
                    }
                }
            }
        }

        for (var i = 0; i < groups.Length; i++)
        {
            Cardinality(groups[i], node, counts[i]);
            if (groups[i].Slicing is not null && (counts[i] > 0 || groups[i].NeedsSlices))
            {
                var items = new List<FhirNode>(counts[i]);
                foreach (var item in node.All(groups[i].Name))
                {
                    items.Add(item);
                }

                Slices(groups[i], node, items);
            }
        }
    }

    private void Cardinality(ElementRule rule, FhirNode parent, int count)
    {
        if (count < rule.Min)
        {
            Report(parent, "required", "profile-min", $"'{rule.Label}' is present {Times(count)}; at least {rule.Min.ToString(CultureInfo.InvariantCulture)} needed");
        }

        if (count > rule.Max)
        {
            Report(parent, "structure", "profile-max", rule.Max == 0
                ? $"'{rule.Label}' is not allowed"
                : $"'{rule.Label}' is present {Times(count)}; at most {rule.Max.ToString(CultureInfo.InvariantCulture)} allowed");
        }
    }

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private void Constraint(CompiledInvariant constraint, FhirNode node)
    {
        string problem;
        try
        {
            if (constraint.Expression.Test(_state!, node) == true)
            {
                return;
            }

            problem = constraint.Human;
        }
        catch (FhirException e) when (e.Issues[0].Code != "too-costly")
        {
            // Only content that breaks a cardinality or type gets here; the rule is as broken as that.
            problem = $"{constraint.Human} [{e.Message}]";
        }

        Report(node, "invariant", constraint.Key, $"{problem} ({constraint.Key})", constraint.Severity);
    }
}
