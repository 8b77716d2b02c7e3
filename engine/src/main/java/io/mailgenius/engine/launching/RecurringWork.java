package io.mailgenius.engine.launching;

import java.time.Duration;

/**
 * A task that runs repeatedly, on one node of the cluster at a time. A bean of the application.
 *
 * @param pause the time between the end of one run and the start of the next
 * @param statementLimit the statement timeout during a run
 */
public record RecurringWork(String name, Duration pause, Duration statementLimit, Runnable work) {

    /** For tasks whose statements take seconds at most. */
    public static final Duration SHORT = Duration.ofSeconds(30);

    /** For tasks that read or delete millions of rows. */
    public static final Duration LONG = Duration.ofMinutes(15);

    public RecurringWork(String name, Duration pause, Runnable work) {
        this(name, pause, SHORT, work);
    }
}
