using System.Collections.Frozen;
using Kind = SecondOpinion.Fhir.FhirPath.FhirPathKind;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>
/// Every function, in the chapters of FHIRPath 2.0 section Functions and FHIR R4 fhirpath.html#functions. exists, empty, all, not, iif, coalesce, defineVariable, is, as and
/// ofType are forms of their own, because they decide what is evaluated.
/// </summary>
internal static class FunctionTable
{
    public static readonly FrozenDictionary<string, Function> All = new Dictionary<string, Function>
    {
        // 5.1 Existence
        ["count"] = new(0, 0, static (s, at, _) => s.Set(at, FhirPathValue.Of(s.Count - at))),
        ["allTrue"] = new(0, 0, static (s, at, _) => Existence.Each(s, at, value: true, all: true)),
        ["anyTrue"] = new(0, 0, static (s, at, _) => Existence.Each(s, at, value: true, all: false)),
        ["allFalse"] = new(0, 0, static (s, at, _) => Existence.Each(s, at, value: false, all: true)),
        ["anyFalse"] = new(0, 0, static (s, at, _) => Existence.Each(s, at, value: false, all: false)),
        ["subsetOf"] = new(1, 1, static (s, at, a) => Existence.Subset(s, at, a[0], isSuperset: false)),
        ["supersetOf"] = new(1, 1, static (s, at, a) => Existence.Subset(s, at, a[0], isSuperset: true)),
        ["distinct"] = new(0, 0, static (s, at, _) => Expressions.Sets.Distinct(s, at)),
        ["isDistinct"] = new(0, 0, static (s, at, _) => Existence.IsDistinct(s, at)),

        // 5.2 Filtering and projection
        ["where"] = new(1, 1, static (s, at, a) => Filtering.Where(s, at, a[0])),
        ["select"] = new(1, 1, static (s, at, a) => Filtering.Select(s, at, a[0])),
        ["repeat"] = new(1, 1, static (s, at, a) => Filtering.Repeat(s, at, a[0], all: false)),
        ["repeatAll"] = new(1, 1, static (s, at, a) => Filtering.Repeat(s, at, a[0], all: true)),
        ["sort"] = new(0, 16, static (s, at, a) => Filtering.Sort(s, at, a)),

        // 5.3 Subsetting
        ["single"] = new(0, 0, static (s, at, _) => s.Set(at, s.Single(at, "single()"))),
        ["first"] = new(0, 0, static (s, at, _) => Subsetting.Keep(s, at, 0, 1), NeedsOrder: true),
        ["last"] = new(0, 0, static (s, at, _) => Subsetting.Keep(s, at, s.Count - at - 1, 1), NeedsOrder: true),
        ["tail"] = new(0, 0, static (s, at, _) => Subsetting.Keep(s, at, 1, int.MaxValue), NeedsOrder: true),
        ["skip"] = new(1, 1, static (s, at, a) => Subsetting.Skip(s, at, a[0]), NeedsOrder: true),
        ["take"] = new(1, 1, static (s, at, a) => Subsetting.Take(s, at, a[0]), NeedsOrder: true),
        ["intersect"] = new(1, 1, static (s, at, a) => Subsetting.Intersect(s, at, a[0])),
        ["exclude"] = new(1, 1, static (s, at, a) => Subsetting.Exclude(s, at, a[0])),

        // 5.4 Combining
        ["union"] = new(1, 1, static (s, at, a) => Subsetting.Union(s, at, a[0])),
        ["combine"] = new(1, 1, static (s, _, a) => a[0].Evaluate(s)),

        // 5.5 Conversion
        ["toBoolean"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Boolean)),
        ["toInteger"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Integer)),
        ["toLong"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Long)),
        ["toDecimal"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Decimal)),
        ["toString"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.String)),
        ["toDate"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Date)),
        ["toDateTime"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.DateTime)),
        ["toTime"] = new(0, 0, static (s, at, _) => Conversion.To(s, at, Kind.Time)),
        ["toQuantity"] = new(0, 1, static (s, at, a) => Conversion.ToQuantity(s, at, a)),
        ["convertsToBoolean"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Boolean)),
        ["convertsToInteger"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Integer)),
        ["convertsToLong"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Long)),
        ["convertsToDecimal"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Decimal)),
        ["convertsToString"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.String)),
        ["convertsToDate"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Date)),
        ["convertsToDateTime"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.DateTime)),
        ["convertsToTime"] = new(0, 0, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Time)),
        ["convertsToQuantity"] = new(0, 1, static (s, at, _) => Conversion.ConvertsTo(s, at, Kind.Quantity)),

        // 5.6 String manipulation
        ["indexOf"] = new(1, 1, static (s, at, a) => Strings.IndexOf(s, at, a[0], last: false)),
        ["lastIndexOf"] = new(1, 1, static (s, at, a) => Strings.IndexOf(s, at, a[0], last: true)),
        ["substring"] = new(1, 2, static (s, at, a) => Strings.Substring(s, at, a)),
        ["startsWith"] = new(1, 1, static (s, at, a) => Strings.Test(s, at, a[0], "startsWith()", static (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        ["endsWith"] = new(1, 1, static (s, at, a) => Strings.Test(s, at, a[0], "endsWith()", static (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        ["contains"] = new(1, 1, static (s, at, a) => Strings.Test(s, at, a[0], "contains()", static (text, part) => text.Contains(part, StringComparison.Ordinal))),
        ["upper"] = new(0, 0, static (s, at, _) => Strings.Map(s, at, "upper()", static text => text.ToUpperInvariant())),
        ["lower"] = new(0, 0, static (s, at, _) => Strings.Map(s, at, "lower()", static text => text.ToLowerInvariant())),
        ["trim"] = new(0, 0, static (s, at, _) => Strings.Map(s, at, "trim()", static text => text.Trim())),
        ["replace"] = new(2, 2, static (s, at, a) => Strings.Replace(s, at, a)),
        ["matches"] = new(1, 1, static (s, at, a) => Patterns.Matches(s, at, a[0], whole: false)),
        ["matchesFull"] = new(1, 1, static (s, at, a) => Patterns.Matches(s, at, a[0], whole: true)),
        ["replaceMatches"] = new(2, 2, static (s, at, a) => Patterns.Replace(s, at, a)),
        ["length"] = new(0, 0, static (s, at, _) => Strings.Length(s, at)),
        ["toChars"] = new(0, 0, static (s, at, _) => Strings.ToChars(s, at)),
        ["split"] = new(1, 1, static (s, at, a) => Strings.Split(s, at, a[0])),
        ["join"] = new(0, 1, static (s, at, a) => Strings.Join(s, at, a)),
        ["encode"] = new(1, 1, static (s, at, a) => Encodings.Apply(s, at, a[0], Encodings.Encode)),
        ["decode"] = new(1, 1, static (s, at, a) => Encodings.Apply(s, at, a[0], Encodings.Decode)),
        ["escape"] = new(1, 1, static (s, at, a) => Encodings.Apply(s, at, a[0], Encodings.Escape)),
        ["unescape"] = new(1, 1, static (s, at, a) => Encodings.Apply(s, at, a[0], Encodings.Unescape)),

        // 5.7 Math
        ["abs"] = new(0, 0, static (s, at, _) => Numbers.Abs(s, at)),
        ["ceiling"] = new(0, 0, static (s, at, _) => Numbers.ToInteger(s, at, decimal.Ceiling)),
        ["floor"] = new(0, 0, static (s, at, _) => Numbers.ToInteger(s, at, decimal.Floor)),
        ["truncate"] = new(0, 0, static (s, at, _) => Numbers.ToInteger(s, at, decimal.Truncate)),
        ["round"] = new(0, 1, static (s, at, a) => Numbers.Round(s, at, a)),
        ["exp"] = new(0, 0, static (s, at, _) => Numbers.Real(s, at, Math.Exp)),
        ["ln"] = new(0, 0, static (s, at, _) => Numbers.Real(s, at, Math.Log)),
        ["sqrt"] = new(0, 0, static (s, at, _) => Numbers.Real(s, at, Math.Sqrt)),
        ["log"] = new(1, 1, static (s, at, a) => Numbers.Log(s, at, a[0])),
        ["power"] = new(1, 1, static (s, at, a) => Numbers.Power(s, at, a[0])),

        // 5.8 Tree navigation, 5.9 Utility, 7 Aggregates
        ["children"] = new(0, 0, static (s, at, _) => Navigation.Children(s, at)),
        ["descendants"] = new(0, 0, static (s, at, _) => Navigation.Descendants(s, at)),
        ["trace"] = new(1, 2, static (s, at, a) => Utility.Trace(s, at, a)),
        ["now"] = new(0, 0, static (s, at, _) => s.Set(at, FhirPathValue.Of(FhirPathTime.OfInstant(s.Now)))),
        ["today"] = new(0, 0, static (s, at, _) => s.Set(at, FhirPathValue.Of(FhirPathTime.OfDate(DateOnly.FromDateTime(s.Now.DateTime))))),
        ["timeOfDay"] = new(0, 0, static (s, at, _) => s.Set(at, FhirPathValue.Of(Utility.TimeOfDay(s.Now)))),
        ["aggregate"] = new(1, 2, static (s, at, a) => Utility.Aggregate(s, at, a)),
        ["sum"] = new(0, 0, static (s, at, _) => Aggregates.Sum(s, at, average: false)),
        ["avg"] = new(0, 0, static (s, at, _) => Aggregates.Sum(s, at, average: true)),
        ["min"] = new(0, 0, static (s, at, _) => Aggregates.Extreme(s, at, sign: -1)),
        ["max"] = new(0, 0, static (s, at, _) => Aggregates.Extreme(s, at, sign: 1)),
        ["type"] = new(0, 0, static (s, at, _) => Utility.Type(s, at)),

        // Components of dates and times (FHIRPath 3.0)
        ["yearOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Year)),
        ["monthOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Month)),
        ["dayOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Day)),
        ["hourOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Hour)),
        ["minuteOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Minute)),
        ["secondOf"] = new(0, 0, static (s, at, _) => TimeParts.Part(s, at, TimePrecision.Second)),
        ["millisecondOf"] = new(0, 0, static (s, at, _) => TimeParts.Millisecond(s, at)),
        ["timezoneOffsetOf"] = new(0, 0, static (s, at, _) => TimeParts.Offset(s, at)),
        ["dateOf"] = new(0, 0, static (s, at, _) => TimeParts.Date(s, at)),
        ["timeOf"] = new(0, 0, static (s, at, _) => TimeParts.Time(s, at)),

        // Boundaries and precision (FHIRPath 3 draft; in the official R4 suite)
        ["lowBoundary"] = new(0, 1, static (s, at, a) => Boundaries.Boundary(s, at, a, high: false)),
        ["highBoundary"] = new(0, 1, static (s, at, a) => Boundaries.Boundary(s, at, a, high: true)),
        ["precision"] = new(0, 0, static (s, at, _) => Boundaries.Precision(s, at)),
        ["comparable"] = new(1, 1, static (s, at, a) => Boundaries.Comparable(s, at, a[0])),

        // FHIR R4 fhirpath.html#functions
        ["extension"] = new(1, 1, static (s, at, a) => FhirFunctions.Extension(s, at, a[0])),
        ["hasValue"] = new(0, 0, static (s, at, _) => s.Set(at, s.Count - at == 1 && (s[at].IsNode ? s[at].Node.HasValue : s[at].Kind < Kind.Type))),
        ["getValue"] = new(0, 0, static (s, at, _) => s.Set(at, s.Count - at == 1 && (!s[at].IsNode || s[at].Node.IsPrimitive) ? s[at].System : default)),
        ["resolve"] = new(0, 0, static (s, at, _) => FhirFunctions.Resolve(s, at)),
        ["memberOf"] = new(1, 1, static (s, at, a) => FhirFunctions.MemberOf(s, at, a[0])),
        ["subsumes"] = new(1, 1, static (s, at, a) => Subsumption.Test(s, at, a[0], isSubsumed: false)),
        ["subsumedBy"] = new(1, 1, static (s, at, a) => Subsumption.Test(s, at, a[0], isSubsumed: true)),
        ["elementDefinition"] = new(0, 0, static (s, at, _) => ElementFunctions.ElementDefinition(s, at)),
        ["slice"] = new(2, 2, static (s, at, a) => ElementFunctions.Slice(s, at, a)),
        ["checkModifiers"] = new(0, 64, static (s, at, a) => ElementFunctions.CheckModifiers(s, at, a)),
        ["conformsTo"] = new(1, 1, static (s, at, a) => FhirFunctions.ConformsTo(s, at, a[0])),
        ["htmlChecks"] = new(0, 0, static (s, at, _) => FhirFunctions.HtmlChecks(s, at)),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
