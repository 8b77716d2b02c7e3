package io.mailgenius.engine.operations;

/**
 * A number of jobs, counted up to a limit.
 *
 * @param capped whether there are more than {@code jobs}
 */
public record JobCount(long jobs, boolean capped) {}
