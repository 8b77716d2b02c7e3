package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liqp.exceptions.LiquidException;

/** What is wrong with a template, for the person who wrote it. */
final class Problem {

    static final String SLUG = "template-does-not-parse";

    static final int MAX_SOURCE = 512 * 1024;
    private static final int MAX_TAG = 2_000;
    private static final int MAX_DEPTH = 50;

    private static final Pattern TAG = Pattern.compile("\\{[{%]-?\\s*(\\w*)");
    private static final Pattern OPENS =
            Pattern.compile("if|unless|for|case|capture|tablerow|ifchanged");
    private static final Pattern CONTINUES = Pattern.compile("end\\w+|else|elsif|when");

    private static final Pattern UNKNOWN_TAG = Pattern.compile("Invalid Tag: '(.*?)'");
    private static final Pattern BAD_CHARACTER =
            Pattern.compile("token recognition error at: '(.*)'\"");
    private static final Pattern EXPECTED =
            Pattern.compile("mismatched input '(.+?)' expecting '(.+?)'\"");
    private static final Pattern MISSING = Pattern.compile("missing '(.+?)' at '(.+?)'");

    private Problem() {}

    /**
     * Sizes and depths for which the parser would need more stack or time than there is. Found
     * before it starts, since it cannot be stopped.
     */
    static void check(String part, String source) {
        if (source.length() > MAX_SOURCE) {
            throw new Refusal.Invalid(
                    SLUG,
                    "The %s has %,d characters; at most %,d can be read."
                            .formatted(part, source.length(), MAX_SOURCE));
        }
        int depth = 0;
        Matcher tag = TAG.matcher(source);
        for (int from = 0; tag.find(from); ) {
            boolean output = source.charAt(tag.start() + 1) == '{';
            String name = output ? "" : tag.group(1);
            int end = source.indexOf(output ? "}}" : "%}", tag.start() + 2);
            if (end < 0) {
                throw at(part, source, tag.start(), "this tag is not closed");
            }
            if (end - tag.start() > MAX_TAG) {
                throw at(
                        part,
                        source,
                        tag.start(),
                        "this tag is not closed, or longer than %,d characters".formatted(MAX_TAG));
            }
            depth += OPENS.matcher(name).matches() ? 1 : 0;
            depth -= name.startsWith("end") && depth > 0 ? 1 : 0;
            if (depth > MAX_DEPTH) {
                throw at(
                        part,
                        source,
                        tag.start(),
                        "tags stand more than %d deep in each other".formatted(MAX_DEPTH));
            }
            from =
                    name.equals("raw") || name.equals("comment")
                            ? Math.max(end, source.indexOf("end" + name, end))
                            : end;
        }
    }

    static Refusal at(String part, String source, LiquidException e) {
        return at(part, source, offset(source, e.line, e.charPositionInLine), words(source, e));
    }

    static Refusal at(String part, String source, int offset, String problem) {
        String before = source.substring(0, offset);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = offset - before.lastIndexOf('\n');
        return new Refusal.Invalid(
                SLUG, "%s, line %d, column %d: %s.".formatted(part, line, column, problem));
    }

    /** Of a tag, as much as shows which one is meant. */
    static String quoted(String text) {
        return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }

    private static String words(String source, LiquidException e) {
        String message = String.valueOf(e.getMessage());
        Matcher unknown = UNKNOWN_TAG.matcher(message);
        if (unknown.find()) {
            return "there is no tag \"" + unknown.group(1) + "\"";
        }
        if (message.startsWith("there is no ")) {
            return message;
        }
        if (message.contains("'<EOF>' expecting")) {
            return "the template ends while a tag is open; an endif, endfor or the like is missing";
        }
        Matcher character = BAD_CHARACTER.matcher(message);
        if (character.find()) {
            return "\"" + character.group(1) + "\" cannot stand here";
        }
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            return "\"%s\" is missing before \"%s\"".formatted(missing.group(1), missing.group(2));
        }
        Matcher expected = EXPECTED.matcher(message);
        if (expected.find()) {
            return "\"%s\" stands where \"%s\" should"
                    .formatted(expected.group(1), expected.group(2));
        }
        return inTag(source, offset(source, e.line, e.charPositionInLine));
    }

    private static String inTag(String source, int offset) {
        int open = Math.max(source.lastIndexOf("{{", offset), source.lastIndexOf("{%", offset));
        Matcher tag = TAG.matcher(source);
        if (open < 0 || !tag.find(open)) {
            return "this cannot be read";
        }
        int close = source.indexOf(source.charAt(open + 1) == '{' ? "}}" : "%}", open);
        String text = source.substring(open, close < 0 ? source.length() : close + 2);
        return CONTINUES.matcher(tag.group(1)).matches()
                ? "\"" + text + "\" belongs to no tag that is open here"
                : "\"" + text + "\" cannot be read";
    }

    private static int offset(String source, int line, int column) {
        int offset = 0;
        for (int i = 1; i < line; i++) {
            offset = source.indexOf('\n', offset) + 1;
        }
        return Math.clamp((long) offset + column, 0, source.length());
    }
}
