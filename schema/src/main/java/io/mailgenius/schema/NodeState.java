package io.mailgenius.schema;

/**
 * Whether a node takes work: {@code DEAD} was silent past its lease, {@code GONE} left by itself.
 */
public enum NodeState {
    ALIVE,
    DRAINING,
    DEAD,
    GONE
}
