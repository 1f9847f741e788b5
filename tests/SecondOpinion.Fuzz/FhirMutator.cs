using System.Text;

namespace SecondOpinion.Fuzz;

/// <summary>
/// Damages FHIR texts at their joints: values swapped, names changed, members written twice or elsewhere, deep nesting, huge numbers, long strings, broken
/// UTF-8, document types. Every third input is damaged byte by byte instead. The same ones for the same seed.
/// </summary>
internal sealed class FhirMutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private const int MaxLength = 256 << 10;

    private static readonly string[] s_json =
    [
        "1e999999999", "-1e-999999999", "1E+2147483648", "0.1e99999999999999999999", "-0", "00", "1.", "99999999999999999999999999999999999999999", "0." + new string('0', 5000) + "1", new string('9', 5000),
        "null", "true", "[]", "{}", "[[]]", "[null]", "[null,null,{}]", "\"\"", "\" \"", "\"\\ud800\"", "\"\\u0000\"", "\"\\udc00\\ud800\"", "\"\\uFFFE\"", "\"\u00EF\u00BF\u00BE\"", "\"\u00FF\"", "\"\u00C0\u0080\"", "\"\u00ED\u00A0\u0080\"",
        "\"" + new string('a', 70_000) + "\"", "\"" + string.Concat(Enumerable.Repeat("\\u00e9\\n", 4000)) + "\"", Nested("{\"extension\":[", "]}", 30), Nested("{\"extension\":[", "]}", 400), Nested("[", "]", 3000), Nested("{\"contained\":[", "]}", 40),
        "\"#\"", "\"#x\"", "\"Patient/1/_history/99999999999999999999\"", "\"urn:uuid:00000000-0000-0000-0000-000000000000\"", "\"http://x/Patient/1?a=b|c\"", "\"9999-12-31T23:59:60.9999999999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"0000\"", "\"24:00:00\"",
        "{\"resourceType\":\"Patient\"}", "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"x\"}}]}", "{\"resourceType\":\"Nonsense\"}", "{\"resourceType\":1}", "{\"id\":\"x\"}", "{\"extension\":[{\"url\":\"x\",\"valueString\":\"y\"}]}",
        "{\"value\":1e400,\"unit\":\"kg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}", "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"((((((m10000)10000)10000)10000)10000)10000)\"}", "{\"start\":\"2000\",\"end\":\"1999\"}",
        "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a<br/>&nbsp;&#xA0;</div>\"", "\"<div>&#0;</div>\"", "\"<div>&#x110000;</div>\"", "\"<div>&nonsense;</div>\"", "\"<div xmlns=\\\"x\\\">a</div>\"", "\"<!-- a --><div>a</div>\"", "\"<div>a<!-- a -- b --></div>\"", "\"<div><x:y>a</x:y></div>\"", "\"<div>a]]>b</div>\"",
        "\"<div a=\\\"1\\\" a=\\\"2\\\">a</div>\"", "\"<div title=\\\"a>b\\\">a</div>\"", "\"<div>\\u0001</div>\"", "\"<div><1>a</1></div>\"", "\"<div><?x y?>a</div>\"", "\"<div><![CDATA[a]]></div>\"", "\"\\u00a0<div>a</div>\\u2028\"", "\"<div xml:lang=\\\"a\\\" xmlns:xml=\\\"b\\\" xmlns:q=\\\"\\\">a</div>\"", "\"<div>" + Nested("<b>", "</b>", 500) + "</div>\"",
    ];

    private static readonly string[] s_xml =
    [
        "<!DOCTYPE a [<!ENTITY b \"" + new string('b', 1000) + "\"><!ENTITY c \"&b;&b;&b;&b;\">]>", "<!DOCTYPE a SYSTEM \"file:///x\">", "<![CDATA[a]]>", "<?x y?>", "<?xml version=\"1.0\"?>", "<!-- a -->", "<!-- a -- b -->", "&c;", "&#0;", "&#x110000;", "&#xD800;", "&#xFFFE;", "&nbsp;", "&amp;", "&#10;", "]]>", "\u0001", "\u00EF\u00BF\u00BE", "\u00FF", "\u00ED\u00A0\u0080",
        "1e999999999", "-1E-2147483649", new string('9', 3000), "true", " true ", "", " ", "\r\n\t", "\u00C2\u00A0", new string('a', 70_000), "9999-12-31T23:59:60Z", "#", "#x", " a=\"1\" a=\"2\"", " xmlns:q=\"\"", " xmlns:q=\"http://hl7.org/fhir\"", " xmlns=\"\"", " id=\"&lt;\"", " value=\"x\"", " q:value=\"x\"", " xsi:q=\"1\"",
        "<extension url=\"x\"><valueString value=\"y\"/></extension>", Nested("<extension url=\"x\">", "</extension>", 30), Nested("<extension url=\"x\">", "</extension>", 3000), Nested("<contained><Patient>", "</Patient></contained>", 45), "<contained><Patient/></contained>", "<contained><Patient/><Patient/></contained>", "<contained/>",
        "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a&lt;b</div></text>", "<div>a</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:q=\"r\"><q:b q:c=\"d\"/>a</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><!-- a -->&#160;<b a='1\"'/></div>",
        "<f:name xmlns:f=\"http://hl7.org/fhir\"><f:family value=\"x\"/></f:name>", "<name xmlns=\"urn:other\"/>", "<name><given/><given value=\"x\"><extension url=\"y\"/></given></name>", "<id value=\"x\"/>",
    ];

    private static readonly string[] s_path =
    [
        "$this", "$index", "$total", "%resource", "%context", "%`vs-x`", "%ext-x", "{}", "1e999999999", "99999999999", "0.0000000000000000000000000001", "79228162514264337593543950335", "-1", "2147483647", "'a'", "''", "'\\u0000'", "'(a+)+$'", "'^(?=a)(a+)+$'", "'(a|aa)*b'", "'%'", "@2020", "@2020-02-29T10:00:00.123456789+14:00", "@T23:59:59.999", "@9999-12-31",
        "5 'mg'", "1 year", "1.5 'kg.m/s2'", "3 'm10000'", "true", "false", "descendants()", "children()", "repeat($this)", "repeat(children())", "select(descendants())", "where(true)", "aggregate($total + 1, 0)", "aggregate($total & $this, '')", "toChars()", "join(',')", "split('')", "split(',')", "replace('', 'aa')", "replaceMatches('', 'x')",
        "matches('(x+x+)+y')", "combine(descendants())", "union(descendants())", "intersect($this)", "exclude({})", "distinct()", "isDistinct()", "subsetOf(descendants())", "toQuantity()", "toDateTime()", "convertsToDecimal()", "lowBoundary(31)", "highBoundary(-1)", "precision()", "power(0.5)", "power(-2147483648)", "exp()", "ln()", "log(0)", "sqrt()", "abs()", "round(28)", "truncate()",
        "indexOf('')", "substring(-1, 2147483647)", "substring(2147483647)", "skip(-1)", "take(2147483647)", "encode('hex')", "decode('urlbase64')", "escape('html')", "unescape('json')", "ofType(Quantity)", "as(System.Any)", "is Patient", "type().name", "resolve()", "memberOf('http://hl7.org/fhir/ValueSet/observation-status')", "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "trace('a')", "extension('x')",
        "hasValue()", "getValue()", "comparable(1 'm')", "iif(true, 1, 2)", "defineVariable('a')", "all($this)", "trim()", "lower()", "contains('')", "length()", "now()", "today()", "timeOfDay()", "(1|2|3|4|5|6|7|8|9)", "(1 'm' | 1 'cm')", Nested("(", ")", 300), Nested("-", "", 300), Nested("iif(true, ", ", 1)", 100), Nested("select(", ")", 90), "| 1", "and", "or", "xor", "implies", "+ 1 'month'", "- 1", "* 2147483647", "/ 0", "div 0", "mod 0", "& 'a'", "= {}", "~ @2020", "!~ 1", "in (1|2)", "contains 1", "[0]", "[2147483647]", ".", "`", "//", "/*",
    ];

    private static readonly string[] s_operators = ["+", "-", "*", "/", "div", "mod", "&", "|", "=", "!=", "~", "!~", "<", "<=", ">", ">=", "in", "contains", "and", "or", "xor", "implies"];

    private static readonly string[] s_functions =
    [
        "where()", "select()", "repeat()", "all()", "exists()", "aggregate()", "combine()", "union()", "intersect()", "exclude()", "subsetOf()", "supersetOf()", "skip()", "take()", "iif()", "toString()", "toQuantity()", "toInteger()", "toDecimal()",
        "toDate()", "toDateTime()", "toTime()", "matches()", "replaceMatches()", "indexOf()", "substring()", "split()", "join()", "power()", "log()", "round()", "lowBoundary()", "highBoundary()", "children()", "descendants()", "distinct()", "tail()", "last()", "single()", "count()", "not()", "encode()", "decode()", "sort()", "sum()", "min()", "max()", "avg()",
    ];

    private readonly Mutator _bytes = new(corpus, seed);
    private readonly Random _random = new(seed);

    /// <summary>A mutator for a FHIR target; null for the others.</summary>
    public static Func<byte[]>? For(string target, IReadOnlyList<byte[]> corpus, int seed) =>
        target.StartsWith("fhir", StringComparison.Ordinal) ? new FhirMutator(corpus, seed).Next : null;

    public byte[] Next()
    {
        if (_random.Next(3) == 0)
        {
            return _bytes.Next();
        }

        var text = Encoding.Latin1.GetString(Any());
        for (var count = 1 + _random.Next(4); count > 0 && text.Length < MaxLength; count--)
        {
            text = Mutate(text);
        }

        return Encoding.Latin1.GetBytes(text);
    }

    private byte[] Any() => corpus[_random.Next(corpus.Count)];

    private string Mutate(string text)
    {
        if (text.Length == 0)
        {
            return "$this";
        }

        var (pieces, hostile) = Read(text);
        var kind = _random.Next(8);
        var places = kind switch { 0 or 1 or 2 => pieces.Values, 3 => pieces.Names, _ => pieces.Wholes };
        if (places.Count == 0)
        {
            return text + hostile[_random.Next(hostile.Length)];
        }

        var place = places[_random.Next(places.Count)];
        var own = text[place];
        if (text[0] is not ('{' or '[' or '<'))
        {
            return Replace(text, place, Expression(text, own, hostile[_random.Next(hostile.Length)]));
        }

        var separator = text.StartsWith('{') || text.StartsWith('[') ? "," : text.StartsWith('<') ? "" : " ";
        return Replace(text, place, kind switch
        {
            0 => Take(text, p => p.Values),
            1 or 2 => hostile[_random.Next(hostile.Length)],
            3 => _random.Next(4) == 0 ? own.Insert(Math.Min(1, own.Length), "_") : Take(text, p => p.Names),
            4 => own + separator + own,
            5 => own + separator + Take(text, p => p.Wholes),
            6 => separator == "," ? own + ",\"extension\":[" + hostile[_random.Next(hostile.Length)] + "]" : own + separator + hostile[_random.Next(hostile.Length)],
            _ => "",
        });
    }

    /// <summary>Mostly still an expression: most random ones are refused before anything is evaluated.</summary>
    private string Expression(string text, string own, string hostile) => _random.Next(8) switch
    {
        0 => hostile,
        1 => $"{own}.{s_functions[_random.Next(s_functions.Length)]}",
        2 => $"{own}.{hostile}",
        3 or 4 => $"({own} {s_operators[_random.Next(s_operators.Length)]} {Take(text, p => p.Values)})",
        5 => Take(text, p => p.Wholes),
        6 => $"{own}.{s_functions[_random.Next(s_functions.Length)].Replace("()", $"({Take(text, p => p.Wholes)})", StringComparison.Ordinal)}",
        _ => Take(text, p => p.Names),
    };

    /// <summary>A piece of the same text, or of another one.</summary>
    private string Take(string text, Func<Pieces, List<Range>> kind)
    {
        var source = _random.Next(3) == 0 ? Encoding.Latin1.GetString(Any()) : text;
        var pieces = kind(Read(source).Pieces);
        return pieces.Count == 0 ? "" : source[pieces[_random.Next(pieces.Count)]];
    }

    private static (Pieces Pieces, string[] Hostile) Read(string text) =>
        text.StartsWith('{') || text.StartsWith('[') ? (Pieces.OfJson(text), s_json)
        : text.StartsWith('<') ? (Pieces.OfXml(text), s_xml)
        : (Pieces.OfExpression(text), s_path);

    private static string Replace(string text, Range place, string by) => string.Concat(text.AsSpan(0, place.Start.Value), by, text.AsSpan(place.End.Value));

    private static string Nested(string open, string close, int depth) => string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
}
