package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.templates.liquid.Symbol.Type;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/** Splits the markup of an output or a tag into symbols. */
final class MarkupLexer {

    private final String source;
    private final int end;
    private final List<Symbol> symbols = new ArrayList<>();
    private int at;

    private MarkupLexer(String source, int start, int end) {
        this.source = source;
        this.at = start;
        this.end = end;
    }

    /** The last symbol is an {@link Type#END}. */
    static List<Symbol> lex(String source, int start, int end) {
        return new MarkupLexer(source, start, end).lex();
    }

    private List<Symbol> lex() {
        while (true) {
            while (at < end && isSpace(source.charAt(at))) {
                at++;
            }
            if (at >= end) {
                symbols.add(new Symbol(Type.END, "", end));
                return symbols;
            }
            next();
        }
    }

    private void next() {
        char c = source.charAt(at);
        char following = at + 1 < end ? source.charAt(at + 1) : ' ';
        if (isDigit(c) || c == '-' && isDigit(following)) {
            number();
        } else if (isNameStart(c)) {
            name();
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            switch (c) {
                case '|' -> add(Type.PIPE, 1);
                case ':' -> add(Type.COLON, 1);
                case ',' -> add(Type.COMMA, 1);
                case '[' -> add(Type.OPEN_SQUARE, 1);
                case ']' -> add(Type.CLOSE_SQUARE, 1);
                case '(' -> add(Type.OPEN_ROUND, 1);
                case ')' -> add(Type.CLOSE_ROUND, 1);
                case '.' ->
                        add(following == '.' ? Type.DOTDOT : Type.DOT, following == '.' ? 2 : 1);
                case '<', '>' -> {
                    boolean two = following == '=' || c == '<' && following == '>';
                    add(Type.COMPARISON, two ? 2 : 1);
                }
                case '=', '!' -> {
                    if (following != '=') {
                        throw unexpectedCharacter();
                    }
                    add(Type.COMPARISON, 2);
                }
                default -> throw unexpectedCharacter();
            }
        }
    }

    private LiquidSyntaxException unexpectedCharacter() {
        return new LiquidSyntaxException(
                at, '"' + Character.toString(source.codePointAt(at)) + "\" is not allowed here");
    }

    private void add(Type type, int length) {
        symbols.add(new Symbol(type, source.substring(at, at + length), at));
        at += length;
    }

    private void number() {
        int i = digits(at + 1);
        if (i + 1 < end && source.charAt(i) == '.' && isDigit(source.charAt(i + 1))) {
            i = digits(i + 1);
        }
        add(Type.NUMBER, i - at);
    }

    private int digits(int from) {
        int i = from;
        while (i < end && isDigit(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void name() {
        int i = at + 1;
        while (i < end && (isNamePart(source.charAt(i)) || source.charAt(i) == '-')) {
            i++;
        }
        if (i < end && source.charAt(i) == '?') {
            i++;
        }
        String name = Normalizer.normalize(source.substring(at, i), Normalizer.Form.NFC).intern();
        boolean member = !symbols.isEmpty() && symbols.getLast().type() == Type.DOT;
        Type type = name.equals("contains") && !member ? Type.COMPARISON : Type.NAME;
        symbols.add(new Symbol(type, name, at));
        at = i;
    }

    private void string(char quote) {
        int close = source.indexOf(quote, at + 1);
        if (close < 0 || close >= end) {
            throw new LiquidSyntaxException(at, "the quotation mark " + quote + " is not closed");
        }
        symbols.add(new Symbol(Type.STRING, source.substring(at + 1, close), at));
        at = close + 1;
    }

    static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_' || Character.isSurrogate(c);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c)
                || c == '_'
                || Character.isSurrogate(c)
                || Character.getType(c) == Character.NON_SPACING_MARK;
    }
}
