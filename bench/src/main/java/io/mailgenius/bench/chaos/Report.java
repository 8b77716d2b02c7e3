package io.mailgenius.bench.chaos;

import io.mailgenius.bench.verify.Verdict;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param faults how many were done of each kind
 * @param complaints what does not hold, in words; nothing if all does
 * @param figures all of them, as they are printed
 * @param table for people
 */
public record Report(
        Map<FaultKind, Integer> faults,
        Verdict verdict,
        List<String> complaints,
        Map<String, Object> figures,
        String table) {}
