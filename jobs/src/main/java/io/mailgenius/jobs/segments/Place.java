package io.mailgenius.jobs.segments;

import io.mailgenius.jobs.workspaces.Refusal;

/** Where in a rule the reader stands, in the words of whoever wrote it: {@code all[1].any[0]}. */
record Place(String path, int depth) {

    static final Place ROOT = new Place("", 0);

    Place child(String group, int index) {
        String step = group + "[" + index + "]";
        return new Place(path.isEmpty() ? step : path + "." + step, depth + 1);
    }

    Refusal.Invalid refuse(String problem, String message) {
        return new Refusal.Invalid(problem, (path.isEmpty() ? "rule" : path) + ": " + message);
    }
}
