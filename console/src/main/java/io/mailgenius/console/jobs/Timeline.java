package io.mailgenius.console.jobs;

import io.mailgenius.engine.operations.StepTimeline;
import io.mailgenius.engine.operations.StepTimeline.PartitionBar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Steps and partitions as bars below each other.
 *
 * @param from the begin of the time axis
 * @param to its end
 */
record Timeline(Instant from, Instant to, List<Row> rows) {

    /** The length of the time axis in units of the SVG's view box. */
    static final int WIDTH = 1_000;

    private static final int NARROWEST = 4;

    /**
     * A bar.
     *
     * @param partition null for the row of a whole step
     * @param x where it begins on the axis
     * @param width 0 if it has not begun
     * @param kind the class of its colour
     */
    record Row(
            String step,
            @Nullable PartitionBar partition,
            String status,
            int x,
            int width,
            String kind,
            @Nullable Duration took) {}

    static Timeline of(List<StepTimeline> steps, Instant now) {
        Instant from =
                moments(steps, StepTimeline::startedAt, PartitionBar::startedAt)
                        .min(Instant::compareTo)
                        .orElse(now);
        boolean open =
                steps.stream()
                        .anyMatch(
                                it ->
                                        it.startedAt() != null && it.endedAt() == null
                                                || it.partitions().stream()
                                                        .anyMatch(
                                                                p ->
                                                                        p.startedAt() != null
                                                                                && p.endedAt()
                                                                                        == null));
        Instant to =
                open
                        ? now
                        : moments(steps, StepTimeline::endedAt, PartitionBar::endedAt)
                                .max(Instant::compareTo)
                                .orElse(now);
        Axis axis = new Axis(from, to.isAfter(from) ? to : from.plusMillis(1));
        List<Row> rows = new ArrayList<>();
        for (StepTimeline step : steps) {
            rows.add(
                    axis.row(
                            step.step(),
                            null,
                            step.status(),
                            step.startedAt(),
                            step.endedAt(),
                            stepKind(step)));
            for (PartitionBar part : step.partitions()) {
                rows.add(
                        axis.row(
                                step.step(),
                                part,
                                step.status(),
                                part.startedAt(),
                                part.endedAt(),
                                kind(part)));
            }
        }
        return new Timeline(axis.from, axis.to, rows);
    }

    private static Stream<Instant> moments(
            List<StepTimeline> steps,
            Function<StepTimeline, @Nullable Instant> ofStep,
            Function<PartitionBar, @Nullable Instant> ofPartition) {
        List<Instant> moments = new ArrayList<>();
        for (StepTimeline step : steps) {
            Instant moment = ofStep.apply(step);
            if (moment != null) {
                moments.add(moment);
            }
            for (PartitionBar part : step.partitions()) {
                Instant own = ofPartition.apply(part);
                if (own != null) {
                    moments.add(own);
                }
            }
        }
        return moments.stream();
    }

    private static String stepKind(StepTimeline step) {
        if (step.status().equals("FAILED")) {
            return "failed";
        }
        return step.endedAt() == null ? "open" : "ended";
    }

    private static String kind(PartitionBar part) {
        if (part.failed() > 0) {
            return "failed";
        }
        if (part.straggler()) {
            return "late";
        }
        return part.endedAt() == null ? "open" : "ended";
    }

    private record Axis(Instant from, Instant to) {

        Row row(
                String step,
                @Nullable PartitionBar part,
                String status,
                @Nullable Instant began,
                @Nullable Instant ended,
                String kind) {
            if (began == null) {
                return new Row(step, part, status, 0, 0, kind, null);
            }
            Instant end = ended == null ? to : ended;
            int x = Math.min(WIDTH - NARROWEST, at(began));
            int width = Math.max(NARROWEST, at(end) - x);
            return new Row(step, part, status, x, width, kind, Duration.between(began, end));
        }

        private int at(Instant moment) {
            double share =
                    (double) Duration.between(from, moment).toMillis()
                            / Math.max(1, Duration.between(from, to).toMillis());
            return (int) Math.round(Math.clamp(share, 0, 1) * WIDTH);
        }
    }
}
