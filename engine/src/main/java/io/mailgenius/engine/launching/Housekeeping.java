package io.mailgenius.engine.launching;

import java.util.HashMap;
import java.util.Map;

/** Marks what the product launches by itself: lists of jobs leave it out unless asked for it. */
public final class Housekeeping {

    /** The column {@code launch.housekeeping} is generated from it. */
    private static final String PARAMETER = "housekeeping";

    private Housekeeping() {}

    /** The parameters of a {@link LaunchRequest} that nobody asked for. */
    public static Map<String, String> marked(Map<String, String> parameters) {
        Map<String, String> marked = new HashMap<>(parameters);
        marked.put(PARAMETER, "true");
        return marked;
    }
}
