package io.mailgenius.engine.launching;

import java.util.HashMap;
import java.util.Map;

/**
 * Marks launches that the product makes by itself. Job lists omit them unless they are requested.
 */
public final class Housekeeping {

    /** The generated column {@code launch.housekeeping} depends on it. */
    private static final String PARAMETER = "housekeeping";

    private Housekeeping() {}

    /** Adds the mark to the parameters of a {@link LaunchRequest}. */
    public static Map<String, String> marked(Map<String, String> parameters) {
        Map<String, String> marked = new HashMap<>(parameters);
        marked.put(PARAMETER, "true");
        return marked;
    }
}
