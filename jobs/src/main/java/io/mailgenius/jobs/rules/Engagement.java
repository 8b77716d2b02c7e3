package io.mailgenius.jobs.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Engagement with a mail. Table {@code engagement} has the first time of each type per campaign;
 * {@code send} has the time at which a mail was sent.
 */
public enum Engagement {
    DELIVERED("delivered"),
    OPENED("opened"),
    CLICKED("clicked"),
    BOUNCED("bounced"),
    COMPLAINED("complained"),
    UNSUBSCRIBED("unsubscribed"),
    MAILED("mailed");

    static final Map<String, Engagement> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(e -> e.word, Function.identity()));

    final String word;

    Engagement(String word) {
        this.word = word;
    }
}
