package io.mailgenius.jobs.templates.liquid;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Locale;

/** Builds the problem that reports an invalid template to its author. */
public final class TemplateProblem {

    public static final String SLUG = "template-does-not-parse";

    public static final int MAX_SOURCE = 512 * 1024;

    private TemplateProblem() {}

    public static void checkSize(String part, String source) {
        if (source.length() > MAX_SOURCE) {
            throw new Refusal.Invalid(
                    SLUG,
                    String.format(
                            Locale.ROOT,
                            "The %s has %,d characters; at most %,d are allowed.",
                            part,
                            source.length(),
                            MAX_SOURCE));
        }
    }

    public static Refusal at(String part, String source, int offset, String problem) {
        String before = source.substring(0, offset);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = offset - before.lastIndexOf('\n');
        return new Refusal.Invalid(
                SLUG,
                String.format(
                        Locale.ROOT, "%s, line %d, column %d: %s.", part, line, column, problem));
    }

    /** Shortens a tag to a length that still identifies it. */
    public static String quoted(String text) {
        return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }
}
