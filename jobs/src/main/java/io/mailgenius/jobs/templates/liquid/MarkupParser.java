package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.Expression.Emptiness;
import io.mailgenius.jobs.templates.liquid.Expression.Interval;
import io.mailgenius.jobs.templates.liquid.Expression.Literal;
import io.mailgenius.jobs.templates.liquid.Expression.Step;
import io.mailgenius.jobs.templates.liquid.Expression.Variable;
import io.mailgenius.jobs.templates.liquid.Symbol.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Parses the markup of one output or tag: expressions, filters and conditions. */
final class MarkupParser {

    private static final int MAX_DEPTH = 50;
    private static final int MAX_DIGITS = 400;
    private static final Literal NO_INDEX = new Literal(null);

    private final List<Symbol> symbols;
    private final Map<String, FilterDefinition> filters;
    private final Consumer<String> variables;
    private int at;
    private int depth;

    /**
     * @param variables receives each variable with the properties whose names are literal
     */
    MarkupParser(
            List<Symbol> symbols,
            Map<String, FilterDefinition> filters,
            Consumer<String> variables) {
        this.symbols = symbols;
        this.filters = filters;
        this.variables = variables;
    }

    boolean isAtEnd() {
        return peek().type() == Type.END;
    }

    Symbol peek() {
        return symbols.get(at);
    }

    Symbol next() {
        Symbol symbol = peek();
        at = Math.min(at + 1, symbols.size() - 1);
        return symbol;
    }

    boolean accept(Type type) {
        boolean fits = peek().type() == type;
        if (fits) {
            next();
        }
        return fits;
    }

    boolean acceptName(String name) {
        boolean fits = peek().type() == Type.NAME && peek().text().equals(name);
        if (fits) {
            next();
        }
        return fits;
    }

    Symbol expect(Type type, String shown) {
        if (peek().type() != type) {
            throw unexpected(shown);
        }
        return next();
    }

    void expectEnd() {
        if (!isAtEnd()) {
            throw new UnreadableMarkup();
        }
    }

    private RuntimeException unexpected(String shown) {
        return isAtEnd()
                ? new LiquidSyntaxException(peek().offset(), shown + " is missing here")
                : new UnreadableMarkup();
    }

    /** A value with its filters, up to the end of the markup; empty markup renders nothing. */
    FilteredValue filteredValue() {
        if (isAtEnd()) {
            return FilteredValue.NOTHING;
        }
        Expression value = expression();
        List<FilterCall> calls = new ArrayList<>();
        while (peek().type() == Type.PIPE) {
            calls.add(filter(next()));
        }
        expectEnd();
        return new FilteredValue(value, calls);
    }

    private FilterCall filter(Symbol pipe) {
        String name = expect(Type.NAME, "a filter").text();
        FilterDefinition filter = filters.get(name);
        if (filter == null) {
            throw new LiquidSyntaxException(pipe.offset(), "there is no filter \"" + name + "\"");
        }
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new HashMap<>();
        if (accept(Type.COLON)) {
            while (!isAtEnd() && peek().type() != Type.PIPE) {
                if (peek().type() == Type.NAME && symbols.get(at + 1).type() == Type.COLON) {
                    String option = next().text();
                    next();
                    named.put(option, expression());
                } else {
                    positional.add(expression());
                }
                if (!accept(Type.COMMA)) {
                    break;
                }
            }
        }
        return new FilterCall(filter, positional, named);
    }

    /** A condition up to the end of the markup. */
    Condition condition() {
        List<Condition> parts = new ArrayList<>();
        List<Boolean> and = new ArrayList<>();
        parts.add(comparison());
        while (peek().type() == Type.NAME) {
            boolean isAnd = peek().text().equals("and");
            if (!isAnd && !peek().text().equals("or")) {
                break;
            }
            next();
            and.add(isAnd);
            parts.add(comparison());
        }
        expectEnd();
        Condition condition = parts.getLast();
        for (int i = parts.size() - 2; i >= 0; i--) {
            condition =
                    and.get(i)
                            ? new Condition.And(parts.get(i), condition)
                            : new Condition.Or(parts.get(i), condition);
        }
        return condition;
    }

    private Condition comparison() {
        Expression left = expression();
        if (peek().type() != Type.COMPARISON) {
            return new Condition.Truth(left);
        }
        Condition.Operator operator = Condition.Operator.of(next().text());
        return new Condition.Comparison(left, operator, expression());
    }

    Expression expression() {
        if (++depth > MAX_DEPTH) {
            throw new LiquidSyntaxException(
                    peek().offset(),
                    String.format(
                            Locale.ROOT,
                            "brackets are nested more than %d levels deep",
                            MAX_DEPTH));
        }
        Expression expression =
                switch (peek().type()) {
                    case NAME -> named();
                    case NUMBER -> number(next().text());
                    case STRING -> new Literal(next().text());
                    case OPEN_SQUARE -> variable(bracketed(), null);
                    case OPEN_ROUND -> interval();
                    case PIPE,
                            DOT,
                            DOTDOT,
                            COLON,
                            COMMA,
                            CLOSE_SQUARE,
                            CLOSE_ROUND,
                            COMPARISON,
                            END ->
                            throw unexpected("a value");
                };
        depth--;
        return expression;
    }

    private Expression named() {
        String name = next().text();
        if (peek().type() != Type.DOT && peek().type() != Type.OPEN_SQUARE) {
            switch (name) {
                case "true" -> {
                    return new Literal(true);
                }
                case "false" -> {
                    return new Literal(false);
                }
                case "nil", "null" -> {
                    return new Literal(null);
                }
                case "blank" -> {
                    return Emptiness.BLANK;
                }
                case "empty" -> {
                    return Emptiness.EMPTY;
                }
                default -> {}
            }
        }
        return variable(new Literal(name), name);
    }

    /**
     * @param name null if the name is computed while rendering
     */
    private Variable variable(Expression root, @Nullable String name) {
        String known = root instanceof Literal(String text) ? text : name;
        StringBuilder path = new StringBuilder(known == null ? "" : known);
        boolean open = known == null;
        List<Step> steps = new ArrayList<>();
        while (true) {
            String property = null;
            if (accept(Type.DOT)) {
                property = expect(Type.NAME, "a name").text();
                steps.add(new Step(property, NO_INDEX));
            } else if (peek().type() == Type.OPEN_SQUARE) {
                Expression index = bracketed();
                steps.add(new Step(null, index));
                property = index instanceof Literal(String text) ? text : null;
            } else {
                break;
            }
            open |= property == null;
            if (!open) {
                path.append('.').append(property);
            }
        }
        if (!path.isEmpty()) {
            variables.accept(path.toString());
        }
        return new Variable(root, steps.toArray(Step[]::new));
    }

    private Expression bracketed() {
        next();
        Expression index = expression();
        expect(Type.CLOSE_SQUARE, "\"]\"");
        return index instanceof Literal(String text)
                ? new Literal(Normalizer.normalize(text, Normalizer.Form.NFC))
                : index;
    }

    private Expression interval() {
        next();
        Expression from = expression();
        expect(Type.DOTDOT, "\"..\"");
        Expression to = expression();
        expect(Type.CLOSE_ROUND, "\")\"");
        return new Interval(from, to);
    }

    private static Literal number(String text) {
        if (text.length() > MAX_DIGITS) {
            throw new UnreadableMarkup();
        }
        return new Literal(
                text.indexOf('.') >= 0
                        ? new BigDecimal(text)
                        : LiquidNumbers.of(new BigInteger(text)));
    }
}
