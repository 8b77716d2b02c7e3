package io.mailgenius.bench.chaos;

import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param complaints what does not hold, in words; nothing if all does
 * @param figures all of them, as they are printed
 */
public record ChaosOutcome(List<String> complaints, Map<String, Object> figures) {}
