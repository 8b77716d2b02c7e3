package io.mailgenius.jobs.rules;

import io.mailgenius.jobs.workspaces.Refusal;

/** The position in a rule as JSON path, for problems: {@code all[1].any[0]}. */
record RulePosition(String path, int depth) {

    static final RulePosition ROOT = new RulePosition("", 0);

    RulePosition child(String group, int index) {
        String step = group + "[" + index + "]";
        return new RulePosition(path.isEmpty() ? step : path + "." + step, depth + 1);
    }

    Refusal.Invalid refuse(String problem, String message) {
        return new Refusal.Invalid(problem, (path.isEmpty() ? "rule" : path) + ": " + message);
    }
}
