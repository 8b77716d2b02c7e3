package io.mailgenius.bench.chaos;

import java.time.Duration;

/**
 * One thing to be done.
 *
 * @param at after the first chunk was taken
 * @param pick which of those that it can be done to
 * @param lasts until the node goes on, or is replaced, or the store is back
 */
record Fault(FaultKind kind, Duration at, int pick, Duration lasts) {}
