package io.mailgenius.jobs.templates;

/**
 * Something about a mail that its writer should know before it goes out.
 *
 * @param code a stable word for programs
 * @param words what is the matter and what to do
 * @param where the part, and in it the thing that is meant
 */
public record Finding(String code, Severity severity, String words, String where) {

    public enum Severity {
        /** The mail is not sent like this. */
        ERROR,
        /** It is, if its writer wants it. */
        WARNING
    }

    static Finding error(String code, String where, String words) {
        return new Finding(code, Severity.ERROR, words, where);
    }

    static Finding warning(String code, String where, String words) {
        return new Finding(code, Severity.WARNING, words, where);
    }
}
