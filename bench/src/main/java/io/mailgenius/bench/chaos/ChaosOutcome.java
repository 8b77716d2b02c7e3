package io.mailgenius.bench.chaos;

import java.util.List;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param complaints texts about what is wrong; empty if nothing is
 * @param figures all printed figures
 */
public record ChaosOutcome(List<String> complaints, Map<String, Object> figures) {}
