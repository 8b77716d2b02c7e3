package io.mailgenius.bench.chaos;

import java.time.Duration;

/**
 * A fault to inject.
 *
 * @param at after the first chunk was claimed
 * @param pick selects one of the possible targets
 * @param lasts until the node continues or is replaced, or the store is available again
 */
record Fault(FaultKind kind, Duration at, int pick, Duration lasts) {}
