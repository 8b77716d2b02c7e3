package io.mailgenius.engine.cluster;

/**
 * A loop without which the node is of no use stands still and could not be started again: the
 * process should end.
 *
 * @param loop its name, as in {@link RoundMonitor#late()}
 */
public record NodeStuck(String loop) {}
