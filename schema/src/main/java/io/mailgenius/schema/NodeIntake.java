package io.mailgenius.schema;

/**
 * Whether a node takes chunks: {@code PAUSED} until it is resumed; {@code DRAINING} while it
 * finishes those in hand; {@code DRAINED} when it has none.
 */
public enum NodeIntake {
    TAKING,
    PAUSED,
    DRAINING,
    DRAINED
}
