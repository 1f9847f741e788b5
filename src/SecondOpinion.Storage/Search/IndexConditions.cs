using System.Linq.Expressions;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>Conditions on index rows, by type of parameter (FHIR R4 search.html#ptypes).</summary>
internal static class IndexConditions
{
    public static Expression<Func<TokenRow, bool>> Tokens(IReadOnlyList<SearchOperand> operands)
    {
        var conditions = new List<Expression<Func<TokenRow, bool>>>();
        var codes = new List<string>();
        foreach (var operand in operands)
        {
            switch (operand)
            {
                case TokenOperand { System: null, Code: { } code }:
                    codes.Add(IndexText.Fit(code, IndexText.CodeLength));
                    break;
                case TokenOperand { System: { } system, Code: null }:
                    var only = IndexText.SystemId(system);
                    conditions.Add(t => t.SystemId == only);
                    break;
                case TokenOperand { System: { } system, Code: { } code }:
                    conditions.Add(Token(system, code));
                    break;
                case OfTypeOperand identifier:
                    conditions.Add(Token(identifier.System, identifier.Code + "|" + identifier.Value));
                    break;
                case ValueSetOperand set:
                    conditions.AddRange(ValueSet(set));
                    break;
                default:
                    throw new InvalidOperationException("Not a token: " + operand.GetType().Name);
            }
        }

        if (codes.Count > 0)
        {
            conditions.Add(Predicate.In<TokenRow>(t => t.Code, codes));
        }

        return Predicate.Any(conditions);
    }

    public static Expression<Func<StringRow, bool>> Strings(IReadOnlyList<SearchOperand> operands, SearchModifier modifier) =>
        Predicate.Any(operands.Cast<StringOperand>().Select(o => String(o.Text, modifier)));

    public static Expression<Func<ReferenceRow, bool>> References(IReadOnlyList<SearchOperand> operands, IReadOnlyList<string> targets) =>
        Predicate.Any(operands.Cast<ReferenceOperand>().Select(o => Reference(o, targets)));

    public static Expression<Func<DateRow, bool>> Dates(IReadOnlyList<SearchOperand> operands) =>
        Predicate.Any(operands.Cast<DateOperand>().Select(Date));

    public static Expression<Func<NumberRow, bool>> Numbers(IReadOnlyList<SearchOperand> operands) =>
        Predicate.Any(operands.Select(o => o is QuantityOperand quantity ? Quantity(quantity) : Range((NumberOperand)o)));

    public static Expression<Func<UriRow, bool>> Uris(IReadOnlyList<SearchOperand> operands, SearchModifier modifier) =>
        Predicate.Any(operands.Cast<UriOperand>().Select(o => Uri(o.Uri, modifier)));

    private static Expression<Func<TokenRow, bool>> Token(string systemText, string codeText)
    {
        var system = IndexText.SystemId(systemText);
        var code = IndexText.Fit(codeText, IndexText.CodeLength);
        return t => t.Code == code && t.SystemId == system;
    }

    private static IEnumerable<Expression<Func<TokenRow, bool>>> ValueSet(ValueSetOperand set) =>
        set.ValueSet.Codes.GroupBy(c => c.System).Select(group =>
        {
            var system = IndexText.SystemId(group.Key);
            var codes = group.Select(c => c.Code).ToList();
            return (Expression<Func<TokenRow, bool>>)(t => t.SystemId == system && codes.Contains(t.Code));
        });

    private static Expression<Func<StringRow, bool>> String(string text, SearchModifier modifier)
    {
        var folded = IndexText.Fold(text);
        if (folded.Length == 0)
        {
            return Predicate.None<StringRow>();
        }

        switch (modifier)
        {
            case SearchModifier.Exact:
                var exact = IndexText.Fit(text, IndexText.TextLength);
                return s => s.Text == folded && s.Exact == exact;
            case SearchModifier.Contains or SearchModifier.Text:
                return s => s.Text.Contains(folded);
            default:
                return Prefix<StringRow>(s => s.Text, folded);
        }
    }

    // A range instead of LIKE: every provider answers it from the index.
    private static Expression<Func<T, bool>> Prefix<T>(Expression<Func<T, string>> column, string prefix)
    {
        var end = IndexText.PrefixEnd(prefix);
        var range = Expression.AndAlso(
            Expression.GreaterThanOrEqual(Predicate.Compare(column.Body, Predicate.Parameter(prefix)), Expression.Constant(0)),
            Expression.LessThan(Predicate.Compare(column.Body, Predicate.Parameter(end)), Expression.Constant(0)));
        return Expression.Lambda<Func<T, bool>>(range, column.Parameters);
    }

    private static Expression<Func<ReferenceRow, bool>> Reference(ReferenceOperand operand, IReadOnlyList<string> targets)
    {
        if (operand.Url is { } url)
        {
            // canonical|version
            var bar = url.IndexOf('|', StringComparison.Ordinal);
            var target = IndexText.Fit(bar < 0 ? url : url[..bar], IndexText.UriLength);
            var canonicalVersion = bar < 0 ? "" : url[(bar + 1)..];
            return bar < 0 ? r => r.TargetId == target : r => r.TargetId == target && r.Version == canonicalVersion;
        }

        var id = operand.Id!;
        var type = operand.Type ?? (targets.Count == 1 ? targets[0] : null);
        if (type is null)
        {
            return r => r.TargetId == id;
        }

        if (operand.Version is { } version)
        {
            return r => r.TargetId == id && r.TargetType == type && r.Version == version;
        }

        return r => r.TargetId == id && r.TargetType == type;
    }

    // FHIR R4 search.html#prefix: the resource's span of time against the search's; both ends exclusive.
    private static Expression<Func<DateRow, bool>> Date(DateOperand operand)
    {
        var from = operand.From.UtcTicks;
        var to = operand.To.UtcTicks;
        return operand.Prefix switch
        {
            SearchPrefix.Eq => d => d.From >= from && d.From < to && d.To <= to,
            SearchPrefix.Ne => d => d.From < from || d.To > to,
            SearchPrefix.Gt => d => d.To > to,
            SearchPrefix.Lt => d => d.From < from,
            // A period that reaches into the day is both "from that day on" and "up to that day".
            SearchPrefix.Ge => d => d.To > from,
            SearchPrefix.Le => d => d.From < to,
            SearchPrefix.Sa => d => d.From >= to,
            SearchPrefix.Eb => d => d.To <= from,
            _ => d => d.From < to && d.To > from,
        };
    }

    // FHIR R4 search.html#number: the digits written count for eq and ne only.
    private static Expression<Func<NumberRow, bool>> Range(NumberOperand operand)
    {
        var low = (double)operand.Low;
        var high = (double)operand.High;
        var value = (double)operand.Value;
        return operand.Prefix switch
        {
            SearchPrefix.Eq => n => n.Low >= low && n.Low < high && n.High < high,
            SearchPrefix.Ne => n => n.Low < low || n.High >= high,
            SearchPrefix.Gt => n => n.High > value,
            SearchPrefix.Lt => n => n.Low < value,
            SearchPrefix.Ge => n => n.High >= value,
            SearchPrefix.Le => n => n.Low <= value,
            SearchPrefix.Sa => n => n.Low > value,
            SearchPrefix.Eb => n => n.High < value,
            _ => n => n.Low <= high && n.High >= low,
        };
    }

    private static Expression<Func<NumberRow, bool>> Quantity(QuantityOperand operand)
    {
        var range = Range(operand.Number);
        switch (operand)
        {
            case { System: null, Code: null }:
                return range;
            case { System: null, Code: { } unit }:
                return Predicate.All<NumberRow>([n => n.Unit == unit, range]);
            case { System: { } system, Code: null }:
                var any = IndexText.SystemId(system);
                return Predicate.All<NumberRow>([n => n.SystemId == any, range]);
            case { System: UcumUnit.System, Code: { } ucum } when UcumUnit.Find(ucum) is { } known:
                return Canonical(operand.Number, known);
            default:
                var id = IndexText.SystemId(operand.System);
                var code = operand.Code!;
                return Predicate.All<NumberRow>([n => n.Unit == code && n.SystemId == id, range]);
        }
    }

    // In base units, so that 5400 mg is 5.4 g. Conversion rounds: values that differ in the last bits only are equal.
    private static Expression<Func<NumberRow, bool>> Canonical(NumberOperand operand, UcumUnit ucum)
    {
        const double Rounding = 1e-12;
        var unit = ucum.Canonical;
        var value = ucum.ToCanonical((double)operand.Value);
        var low = ucum.ToCanonical((double)operand.Low);
        var high = ucum.ToCanonical((double)operand.High);
        var slack = Math.Abs(value) * Rounding;
        var (below, above) = (value - slack, value + slack);
        var (from, to) = (low - slack, high - slack);
        return operand.Prefix switch
        {
            SearchPrefix.Eq => n => n.CanonicalUnit == unit && n.CanonicalLow >= from && n.CanonicalLow < to && n.CanonicalHigh < to,
            SearchPrefix.Ne => n => n.CanonicalUnit == unit && (n.CanonicalLow < from || n.CanonicalHigh >= to),
            SearchPrefix.Gt => n => n.CanonicalUnit == unit && n.CanonicalHigh > above,
            SearchPrefix.Lt => n => n.CanonicalUnit == unit && n.CanonicalLow < below,
            SearchPrefix.Ge => n => n.CanonicalUnit == unit && n.CanonicalHigh >= below,
            SearchPrefix.Le => n => n.CanonicalUnit == unit && n.CanonicalLow <= above,
            SearchPrefix.Sa => n => n.CanonicalUnit == unit && n.CanonicalLow > above,
            SearchPrefix.Eb => n => n.CanonicalUnit == unit && n.CanonicalHigh < below,
            _ => n => n.CanonicalUnit == unit && n.CanonicalLow <= to && n.CanonicalHigh >= from,
        };
    }

    private static Expression<Func<UriRow, bool>> Uri(string text, SearchModifier modifier)
    {
        var uri = IndexText.Fit(text, IndexText.UriLength);
        switch (modifier)
        {
            case SearchModifier.Below:
                return Predicate.Any<UriRow>([u => u.Uri == uri, Prefix<UriRow>(u => u.Uri, text.EndsWith('/') ? text : text + "/")]);
            case SearchModifier.Above:
                var above = new List<string> { uri };
                for (var slash = text.LastIndexOf('/'); slash > 0 && text[slash - 1] is not ('/' or ':'); slash = text.LastIndexOf('/', slash - 1))
                {
                    above.Add(text[..slash]);
                    above.Add(text[..(slash + 1)]);
                }

                return Predicate.In<UriRow>(u => u.Uri, above);
            default:
                // A canonical without version matches all its versions.
                return text.Contains('|', StringComparison.Ordinal)
                    ? u => u.Uri == uri
                    : Predicate.Any<UriRow>([u => u.Uri == uri, Prefix<UriRow>(u => u.Uri, text + "|")]);
        }
    }
}
