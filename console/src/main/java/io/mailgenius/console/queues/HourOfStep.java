package io.mailgenius.console.queues;

import io.mailgenius.console.pages.Sparkline;
import io.mailgenius.engine.operations.StepLoad;
import io.mailgenius.engine.operations.StepLoad.Minute;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A step with its last hour as lines.
 *
 * @param items per second
 * @param utilisation the share of all slots that worked on it, from 0 to 1
 * @param failures in the hour
 */
record HourOfStep(StepLoad load, Sparkline items, Sparkline utilisation, long failures) {

    private static final int MINUTES = 60;
    private static final int WIDTH = 120;
    private static final int HEIGHT = 24;

    static HourOfStep of(StepLoad load, Instant now) {
        return new HourOfStep(
                load,
                line(load, now, minute -> minute.items() / 60.0),
                line(load, now, Minute::utilisation),
                load.minutes().stream().mapToLong(Minute::failures).sum());
    }

    /** In the minutes between those of the step it did nothing. */
    private static Sparkline line(StepLoad load, Instant now, ToDoubleFunction<Minute> value) {
        List<Double> values = new ArrayList<>(Collections.nCopies(MINUTES, 0.0));
        Instant begin = now.truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(MINUTES - 1L));
        for (Minute minute : load.minutes()) {
            long n = Math.floorDiv(Duration.between(begin, minute.from()).toSeconds(), 60L);
            if (n >= 0 && n < MINUTES) {
                values.set((int) n, value.applyAsDouble(minute));
            }
        }
        return Sparkline.of(values, WIDTH, HEIGHT);
    }
}
