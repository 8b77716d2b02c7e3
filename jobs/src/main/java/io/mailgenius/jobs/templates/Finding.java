package io.mailgenius.jobs.templates;

/**
 * A problem that the check found in a mail before it is sent.
 *
 * @param code a stable code for clients
 * @param words the problem and how to correct it
 * @param where the part of the mail, and the element or variable in it
 */
public record Finding(String code, Severity severity, String words, String where) {

    public enum Severity {
        /** Blocks sending. */
        ERROR,
        /** Does not block sending. */
        WARNING
    }

    static Finding error(String code, String where, String words) {
        return new Finding(code, Severity.ERROR, words, where);
    }

    static Finding warning(String code, String where, String words) {
        return new Finding(code, Severity.WARNING, words, where);
    }
}
