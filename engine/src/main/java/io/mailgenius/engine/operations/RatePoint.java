package io.mailgenius.engine.operations;

import java.time.Instant;

/**
 * What was finished in an interval.
 *
 * @param from the begin of the interval
 * @param items in the unit of the step
 */
public record RatePoint(Instant from, String step, long chunks, long items) {}
