package io.mailgenius.schema;

/**
 * The states of a node: {@code DEAD} sent no heartbeat for longer than a lease, {@code GONE} has
 * shut down.
 */
public enum NodeState {
    ALIVE,
    DRAINING,
    DEAD,
    GONE
}
