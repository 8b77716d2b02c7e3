package io.mailgenius.engine.cluster;

/**
 * Published when a loop that the node depends on makes no progress and could not be restarted: the
 * process should exit.
 */
public record NodeStuck(String loop) {}
