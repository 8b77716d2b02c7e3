package io.mailgenius.schema;

/**
 * How an attempt ended that did not succeed: {@code FAILED} by an error, {@code LOST} because its
 * lease expired, {@code RETURNED} by a transient failure or the shutdown of its node.
 */
public enum AttemptOutcome {
    FAILED,
    LOST,
    RETURNED
}
