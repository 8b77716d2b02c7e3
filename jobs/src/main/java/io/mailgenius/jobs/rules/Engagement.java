package io.mailgenius.jobs.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a contact did with a mail, or what became of it. Of each the first time per campaign is
 * written down in {@code engagement}; when a mail went out stands in {@code send}.
 */
public enum Engagement {
    DELIVERED("delivered"),
    OPENED("opened"),
    CLICKED("clicked"),
    BOUNCED("bounced"),
    COMPLAINED("complained"),
    UNSUBSCRIBED("unsubscribed"),
    MAILED("mailed");

    static final Map<String, Engagement> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(e -> e.word, Function.identity()));

    final String word;

    Engagement(String word) {
        this.word = word;
    }
}
