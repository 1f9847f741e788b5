using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;

namespace SecondOpinion.DicomWeb;

/// <summary>The query part of a search (PS3.18 8.3.4): matching keys, fields to return, paging.</summary>
internal sealed class SearchParameters
{
    private const int MaxKeys = 64;

    private static readonly System.Buffers.SearchValues<char> s_uidList = System.Buffers.SearchValues.Create("0123456789.,\\ ");

    /// <summary>Hex path and value. An empty value matches everything and asks for the attribute to be returned.</summary>
    public Dictionary<string, string> Matches { get; } = new(StringComparer.Ordinal);

    /// <summary>Hex paths that were asked for, matching keys included.</summary>
    public HashSet<string> IncludeFields { get; } = new(StringComparer.Ordinal);

    public bool IncludeAll { get; private set; }

    public int Offset { get; private set; }

    public int Limit { get; private set; }

    /// <summary>Reads and checks the query; warns of what the server ignores.</summary>
    public static DicomProblem? Parse(DicomWebRequest request, int maxResults, out SearchParameters parameters)
    {
        parameters = new SearchParameters { Limit = maxResults };
        foreach (var (name, values) in request.Request.Query)
        {
            if (parameters.Read(request, name, values) is { } problem)
            {
                return problem;
            }
        }

        parameters.Limit = Math.Min(parameters.Limit, maxResults);
        return null;
    }

    private DicomProblem? Read(DicomWebRequest request, string name, Microsoft.Extensions.Primitives.StringValues values)
    {
        switch (name)
        {
            case "accept" or "charset":
                return null;
            case "includefield":
                return ReadFields(request, values);
            case "limit" or "offset":
                if (values.Count != 1 || !int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    return DicomProblem.BadRequest($"{name} must be one number from 0.");
                }

                if (name == "limit")
                {
                    Limit = number;
                    return null;
                }

                Offset = number;
                return number <= request.Options.MaxOffset ? null : DicomProblem.TooLarge($"offset may be {request.Options.MaxOffset} at most (MaxOffset): narrow the query.");
            case "fuzzymatching" or "emptyvaluematching" or "multiplevaluematching":
                if (values.Count != 1 || values[0] is not ("true" or "false"))
                {
                    return DicomProblem.BadRequest($"{name} must be true or false.");
                }

                if (values[0] == "true")
                {
                    // PS3.18 8.3.4.2, and the same pattern for the other two.
                    request.Warn($"The {name} parameter is not supported. Only literal matching has been performed.");
                }

                return null;
            default:
                return ReadMatch(name, values);
        }
    }

    private DicomProblem? ReadMatch(string name, Microsoft.Extensions.Primitives.StringValues values)
    {
        // PS3.18 8.3.4.1, 10.6.3.1: a name that is no attribute makes the request malformed.
        if (!TryParsePath(name, out var path, out var vr))
        {
            return DicomProblem.BadRequest($"'{Short(name)}' is neither a parameter of this service nor a DICOM attribute.");
        }

        if (values.Count != 1 || Matches.Count == MaxKeys)
        {
            return DicomProblem.BadRequest(values.Count != 1 ? $"The attribute {name} may stand once." : $"A query may have {MaxKeys} keys.");
        }

        var value = values[0] ?? "";
        if (!IsValue(vr, value))
        {
            return DicomProblem.BadRequest($"The value of {name} is not one that {vr.Name()} can be matched with.");
        }

        if (!Matches.TryAdd(path, value))
        {
            return DicomProblem.BadRequest($"The attribute {name} stands twice, by keyword and by tag.");
        }

        IncludeFields.Add(path);
        return null;
    }

    private DicomProblem? ReadFields(DicomWebRequest request, Microsoft.Extensions.Primitives.StringValues values)
    {
        var fields = values.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (fields.Contains("all", StringComparer.Ordinal))
        {
            IncludeAll = true;
            return fields.Count == 1 ? null : DicomProblem.BadRequest("includefield=all stands alone."); // PS3.18 8.3.4.3
        }

        if (fields.Count > 1000)
        {
            return DicomProblem.BadRequest("includefield may name 1000 attributes.");
        }

        foreach (var field in fields)
        {
            if (TryParsePath(field, out var path, out _))
            {
                IncludeFields.Add(path);
            }
            else
            {
                request.Warn($"includefield '{Short(field)}' is no DICOM attribute. It was ignored.");
            }
        }

        return null;
    }

    /// <summary>A keyword or eight hex digits, in sequences joined by dots (PS3.18 8.3.4.1).</summary>
    private static bool TryParsePath(string text, out string path, out DicomVr vr)
    {
        path = "";
        vr = DicomVr.None;
        var parts = text.Split('.');
        if (text.Length == 0 || parts.Length > 8)
        {
            return false;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (!DicomTag.TryParse(parts[i], out var tag) || parts[i].Contains(',', StringComparison.Ordinal))
            {
                return false;
            }

            vr = DicomDictionary.VrOf(tag);
            if (i < parts.Length - 1 && vr is not (DicomVr.SQ or DicomVr.UN))
            {
                return false;
            }

            parts[i] = tag.ToHex();
        }

        path = string.Join('.', parts);
        return true;
    }

    private static bool IsValue(DicomVr vr, string value) => value.Length == 0 || (value.Length <= 4096 && vr switch
    {
        DicomVr.DA => DicomRange.TryParseDate(value, out _, out _),
        DicomVr.TM => DicomRange.TryParseTime(value, out _, out _),
        DicomVr.DT => IsMoment(value),
        DicomVr.IS or DicomVr.US or DicomVr.UL or DicomVr.SS or DicomVr.SL => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) || value == "*",
        DicomVr.UI => value == "*" || !value.AsSpan().ContainsAnyExcept(s_uidList),
        DicomVr.SQ => false,
        _ => true,
    });

    private static bool IsMoment(string value)
    {
        var (low, high) = DicomRange.Split(value, DicomVr.DT);
        return (low ?? high) is not null && (low is null || DicomDateTime.TryParse(low, out _)) && (high is null || DicomDateTime.TryParse(high, out _));
    }

    private static string Short(string text) => text.Length <= 64 ? text : text[..64];
}
