package io.mailgenius.jobs.segments;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a contact did with a mail, or what became of it; the first time of each is written down. */
enum Engagement {
    DELIVERED("delivered"),
    OPENED("opened"),
    CLICKED("clicked"),
    BOUNCED("bounced"),
    COMPLAINED("complained"),
    UNSUBSCRIBED("unsubscribed");

    static final Map<String, Engagement> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(e -> e.word, Function.identity()));

    final String word;
    final String sql;

    Engagement(String word) {
        this.word = word;
        this.sql = "e." + word + "_at";
    }
}
