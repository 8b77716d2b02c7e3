package io.mailgenius.console.overview;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether there is reason to worry.
 *
 * @param level the class of its colour: {@code good}, {@code warn} or {@code bad}
 */
record HealthVerdict(String level, List<Reason> reasons) {

    /**
     * A reason to worry.
     *
     * @param path where to look
     */
    record Reason(boolean bad, String text, String path) {}

    static HealthVerdict of(List<Reason> reasons) {
        List<Reason> worst = new ArrayList<>(reasons.stream().filter(Reason::bad).toList());
        String level = !worst.isEmpty() ? "bad" : reasons.isEmpty() ? "good" : "warn";
        reasons.stream().filter(it -> !it.bad()).forEach(worst::add);
        return new HealthVerdict(level, worst);
    }
}
