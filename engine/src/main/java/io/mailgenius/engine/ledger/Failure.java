package io.mailgenius.engine.ledger;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt did not succeed.
 *
 * @param error the messages of the exception and its causes
 * @param stack its stack trace, cut to 8,000 characters
 */
public record Failure(String error, @Nullable String stack) {

    private static final int STACK_LENGTH = 8_000;

    /** With the stack trace of the exception. */
    public static Failure of(String error, Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        // PostgreSQL stores no such characters in texts.
        String text = stack.toString().replace("\0", "");
        return new Failure(
                error,
                text.length() <= STACK_LENGTH
                        ? text
                        : text.substring(0, STACK_LENGTH / 2)
                                + "\n[…]\n"
                                + text.substring(text.length() - STACK_LENGTH / 2));
    }
}
