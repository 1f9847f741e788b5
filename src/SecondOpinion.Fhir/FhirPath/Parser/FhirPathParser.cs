using System.Globalization;
using SecondOpinion.Fhir.FhirPath.Expressions;
using SecondOpinion.Fhir.FhirPath.Functions;

namespace SecondOpinion.Fhir.FhirPath.Parser;

/// <summary>FHIRPath 2.0 appendix A, parser rules: from tokens to the compiled tree, by precedence climbing.</summary>
internal sealed class FhirPathParser
{
    private const int MaxLength = 20_000;
    private const int MaxDepth = 200;

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;
    private int _definitions;

    private FhirPathParser(List<Token> tokens) => _tokens = tokens;

    public static Expression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            FhirPathError.TooCostly($"an expression may have {MaxLength} characters");
        }

        var parser = new FhirPathParser(FhirPathLexer.Read(text));
        var expression = parser.ParseExpression(0);
        if (parser.Current.Kind != TokenKind.End)
        {
            parser.Unexpected();
        }

        return expression;
    }

    private Token Current => _tokens[_at];

    private Token Take() => _tokens[_at++];

    private bool IsSymbol(string symbol) => Current.Kind == TokenKind.Symbol && Current.Text == symbol;

    private bool TakeSymbol(string symbol)
    {
        if (!IsSymbol(symbol))
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            FhirPathError.Syntax($"'{symbol}' is expected at {Current.At}, found '{Current.Text}'");
        }
    }

    private void Unexpected() => FhirPathError.Syntax($"'{Current.Text}' at {Current.At} is not expected");

    /// <summary>Binding strength of a binary operator; 0 for anything else.</summary>
    private int Strength() => Current.Kind switch
    {
        TokenKind.Symbol => Current.Text switch
        {
            "*" or "/" => 11,
            "+" or "-" or "&" => 10,
            "|" => 8,
            "<" or "<=" or ">" or ">=" => 7,
            "=" or "~" or "!=" or "!~" => 6,
            _ => 0,
        },
        TokenKind.Identifier => Current.Text switch
        {
            "div" or "mod" => 11,
            "is" or "as" => 9,
            "in" or "contains" => 5,
            "and" => 4,
            "or" or "xor" => 3,
            "implies" => 2,
            _ => 0,
        },
        _ => 0,
    };

    private Expression ParseExpression(int above)
    {
        if (++_depth > MaxDepth)
        {
            FhirPathError.TooCostly($"an expression may be nested {MaxDepth} deep");
        }

        var definitions = _definitions;
        var left = ParseUnary();
        while (Strength() is var strength && strength > above)
        {
            // A variable defined on one side of an operator is not known on the other.
            left = Scope(left, definitions);
            var op = Take().Text;
            if (strength == 9)
            {
                left = TypeOperator(left, op);
            }
            else
            {
                var before = _definitions;
                left = Binary(left, op, Scope(ParseExpression(strength), before));
            }

            Bound(left);
        }

        _depth--;
        return left;
    }

    /// <summary>Lets the variables end that were defined since then.</summary>
    private Expression Scope(Expression expression, int definitions) => _definitions == definitions || expression is VariableScope ? expression : new VariableScope(expression);

    private static void Bound(Expression expression)
    {
        if (expression.Depth > MaxDepth * 2)
        {
            FhirPathError.TooCostly($"an expression may be nested {MaxDepth * 2} deep");
        }
    }

    private Expression TypeOperator(Expression left, string op)
    {
        var type = ParseType();
        return op == "is" ? new IsExpression(left, type) : new AsExpression(left, type, isOfType: false);
    }

    private static Expression Binary(Expression left, string op, Expression right) => op switch
    {
        "and" or "or" or "xor" or "implies" => new Logic(left, op, right),
        "=" or "!=" => new EqualsExpression(left, right, op == "!="),
        "~" or "!~" => new EquivalentExpression(left, right, op == "!~"),
        "<" or "<=" or ">" or ">=" => new Inequality(left, op, right),
        "in" => new Membership(left, right),
        "contains" => new Membership(right, left),
        "|" => new Union(left, right),
        _ => new Arithmetic(left, op, right),
    };

    private Expression ParseUnary()
    {
        var minus = 0;
        var signs = 0;
        while (IsSymbol("-") || IsSymbol("+"))
        {
            minus += Take().Text == "-" ? 1 : 0;
            signs++;
        }

        var operand = ParsePostfix();
        return signs == 0 ? operand : new Polarity(operand, minus % 2 == 1);
    }

    private Expression ParsePostfix()
    {
        var expression = ParseTerm();
        while (true)
        {
            if (TakeSymbol("."))
            {
                expression = ParseInvocation(expression);
            }
            else if (TakeSymbol("["))
            {
                expression = new Indexer(expression, ParseExpression(0));
                Expect("]");
            }
            else
            {
                return expression;
            }

            Bound(expression);
        }
    }

    private Expression ParseTerm()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.String:
                _at++;
                return new Literal(FhirPathValue.Of(token.Text));
            case TokenKind.Number:
                _at++;
                return ParseNumber(token);
            case TokenKind.Date or TokenKind.DateTime or TokenKind.Time:
                _at++;
                return new Literal(ParseTime(token));
            case TokenKind.Constant:
                _at++;
                return new ConstantTerm(token.Text);
            case TokenKind.Special:
                return ParseInvocation(null);
            case TokenKind.Identifier when token.Text is "true" or "false":
                _at++;
                return new Literal(FhirPathValue.Of(token.Text == "true"));
            case TokenKind.Identifier or TokenKind.Quoted:
                return ParseInvocation(null);
        }

        if (TakeSymbol("("))
        {
            var inner = ParseExpression(0);
            Expect(")");
            return inner;
        }

        Expect("{");
        Expect("}");
        return new EmptyCollection();
    }

    private static FhirPathValue ParseTime(Token token)
    {
        var kind = token.Kind switch { TokenKind.Date => FhirPathKind.Date, TokenKind.DateTime => FhirPathKind.DateTime, _ => FhirPathKind.Time };
        if (FhirPathTime.Parse(token.Text, kind) is not { } time)
        {
            FhirPathError.Syntax($"'@{token.Text}' at {token.At} is not a {kind}");
            return default;
        }

        return FhirPathValue.Of(time);
    }

    /// <summary>A number, or a quantity when a unit follows.</summary>
    private Literal ParseNumber(Token token)
    {
        if (token.Text[^1] == 'L')
        {
            if (!long.TryParse(token.Text.AsSpan(0, token.Text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            {
                FhirPathError.Syntax($"the Long at {token.At} is too large");
            }

            return new Literal(FhirPathValue.Of(whole));
        }

        if (!decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            FhirPathError.Syntax($"the number at {token.At} is too large");
        }

        if (Current.Kind == TokenKind.String)
        {
            return new Literal(FhirPathValue.Of(number, Take().Text));
        }

        if (Current.Kind == TokenKind.Identifier && CalendarUnits.Singular(Current.Text) is { } unit)
        {
            _at++;
            return new Literal(FhirPathValue.Of(number, unit));
        }

        if (token.Text.Contains('.', StringComparison.Ordinal))
        {
            return new Literal(FhirPathValue.Of(number));
        }

        if (number > int.MaxValue)
        {
            FhirPathError.Syntax($"the integer at {token.At} is too large");
        }

        return new Literal(FhirPathValue.Of((int)number));
    }

    /// <summary>An element, function or special name; without a focus it begins a path and applies to $this.</summary>
    private Expression ParseInvocation(Expression? focus)
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.Special:
                return token.Text switch
                {
                    "this" => new ThisTerm(),
                    "index" => new IndexTerm(),
                    "total" => new TotalTerm(),
                    _ => Unknown(token, "'$" + token.Text + "' is not defined"),
                };
            case TokenKind.Identifier when IsSymbol("("):
                return ParseFunction(focus ?? new ThisTerm(), token);
            case TokenKind.Identifier or TokenKind.Quoted:
                return focus is null && token.Text.Length > 0 && char.IsAsciiLetterUpper(token.Text[0]) && Definitions.Type(token.Text) is not null
                    ? new RootType(token.Text)
                    : new Member(focus ?? new ThisTerm(), string.Intern(token.Text));
            default:
                return Unknown(token, $"a name is expected at {token.At}, found '{token.Text}'");
        }
    }

    private static EmptyCollection Unknown(Token token, string message)
    {
        FhirPathError.Syntax($"{message} (at {token.At})");
        return new EmptyCollection();
    }

    private Expression ParseFunction(Expression focus, Token name)
    {
        Expect("(");
        if (name.Text is "is" or "as" or "ofType")
        {
            var type = ParseType();
            Expect(")");
            return name.Text == "is" ? new IsExpression(focus, type) : new AsExpression(focus, type, name.Text == "ofType");
        }

        var arguments = new List<Expression>();
        if (!TakeSymbol(")"))
        {
            do
            {
                var before = _definitions;
                arguments.Add(Scope(ParseExpression(0), before));
            }
            while (TakeSymbol(","));
            Expect(")");
        }

        switch (name.Text, arguments.Count)
        {
            case ("exists", 0 or 1):
                return new Exists(focus, arguments.FirstOrDefault(), negate: false);
            case ("empty", 0):
                return new Exists(focus, null, negate: true);
            case ("not", 0):
                return new Not(focus);
            case ("all", 1):
                return new All(focus, arguments[0]);
            case ("iif", 2 or 3):
                return new Iif(focus, [.. arguments]);
            case ("coalesce", >= 1 and <= 16):
                return new Coalesce(focus, [.. arguments]);
            case ("defineVariable", 1 or 2):
                _definitions++;
                return new DefineVariable(focus, arguments[0], arguments.Count > 1 ? arguments[1] : null);
        }

        if (!FunctionTable.All.TryGetValue(name.Text, out var function))
        {
            FhirPathError.Syntax($"'{name.Text}' at {name.At} is not a function, or not one of {arguments.Count} arguments");
        }

        if (arguments.Count < function.Min || arguments.Count > function.Max)
        {
            FhirPathError.Syntax($"{name.Text}() at {name.At} takes {function.Min} to {function.Max} arguments, found {arguments.Count}");
        }

        return new Call(focus, name.Text, function, [.. arguments]);
    }

    /// <summary>A type specifier: <c>Name</c> or <c>Namespace.Name</c>.</summary>
    private TypeSpecifier ParseType()
    {
        var first = TypeWord();
        return TakeSymbol(".") ? new TypeSpecifier(first, TypeWord()) : new TypeSpecifier(null, first);
    }

    private string TypeWord()
    {
        if (Current.Kind is not (TokenKind.Identifier or TokenKind.Quoted))
        {
            FhirPathError.Syntax($"a type is expected at {Current.At}, found '{Current.Text}'");
        }

        return Take().Text;
    }
}
