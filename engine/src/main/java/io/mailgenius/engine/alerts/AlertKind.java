package io.mailgenius.engine.alerts;

import java.time.Duration;

/**
 * What a rule can watch.
 *
 * @param name in capitals, such as {@code STUCK_JOB}
 * @param unit of thresholds
 * @param threshold the usual one
 * @param duration for how long the threshold is usually exceeded before an alert opens
 * @param ofInstallation whether the figure is the same for all workspaces
 * @param meaning one sentence for people
 */
public record AlertKind(
        String name,
        Unit unit,
        double threshold,
        Duration duration,
        boolean ofInstallation,
        String meaning) {

    /** Of a threshold. */
    public enum Unit {
        COUNT,
        SECONDS,
        /** From 0 to 1. */
        SHARE
    }
}
