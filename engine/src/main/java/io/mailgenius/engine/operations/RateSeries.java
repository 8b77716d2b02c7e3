package io.mailgenius.engine.operations;

import java.time.Duration;
import java.util.List;

/**
 * The throughput of a job from its first claimed chunk on.
 *
 * @param interval of each point
 * @param points in the order of time, without those in which nothing was finished
 */
public record RateSeries(Duration interval, List<RatePoint> points) {}
