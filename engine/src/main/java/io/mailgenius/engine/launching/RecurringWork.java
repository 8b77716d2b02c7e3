package io.mailgenius.engine.launching;

import java.time.Duration;

/**
 * Something that one node of the cluster does at a time, again and again. A bean of the product.
 *
 * @param pause between the end of one run and the next
 * @param statementLimit how long an answer of PostgreSQL is waited for in it
 */
public record RecurringWork(String name, Duration pause, Duration statementLimit, Runnable work) {

    /** For work whose statements take seconds at the most. */
    public static final Duration SHORT = Duration.ofSeconds(30);

    /** For work that reads or deletes by the million. */
    public static final Duration LONG = Duration.ofMinutes(15);

    public RecurringWork(String name, Duration pause, Runnable work) {
        this(name, pause, SHORT, work);
    }
}
