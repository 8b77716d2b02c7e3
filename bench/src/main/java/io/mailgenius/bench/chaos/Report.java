package io.mailgenius.bench.chaos;

import io.mailgenius.bench.verify.Verdict;
import java.util.List;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param faults the number of injected faults per kind
 * @param complaints texts about what is wrong; empty if nothing is
 * @param figures all printed figures
 * @param table for people
 */
public record Report(
        Map<FaultKind, Integer> faults,
        Verdict verdict,
        List<String> complaints,
        Map<String, Object> figures,
        String table) {}
