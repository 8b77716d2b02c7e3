package io.mailgenius.jobs.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is asked of a contact's activities. */
public enum ActivityMeasure {
    COUNT("count", FieldType.NUMBER),
    SUM("sum", FieldType.NUMBER),
    LAST("last", FieldType.DATE);

    static final Map<String, ActivityMeasure> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(m -> m.word, Function.identity()));

    final String word;
    final FieldType type;

    ActivityMeasure(String word, FieldType type) {
        this.word = word;
        this.type = type;
    }
}
