package io.mailgenius.jobs.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An operator and its JSON name. */
enum Operator {
    EQUALS("equals"),
    NOT_EQUALS("notEquals"),
    IN("in"),
    NOT_IN("notIn"),
    EXISTS("exists"),
    NOT_EXISTS("notExists"),
    CONTAINS("contains"),
    NOT_CONTAINS("notContains"),
    STARTS_WITH("startsWith"),
    ENDS_WITH("endsWith"),
    GREATER_THAN("greaterThan"),
    GREATER_OR_EQUAL("greaterOrEqual"),
    LESS_THAN("lessThan"),
    LESS_OR_EQUAL("lessOrEqual"),
    BETWEEN("between"),
    BEFORE("before"),
    AFTER("after"),
    ON_OR_BEFORE("onOrBefore"),
    ON_OR_AFTER("onOrAfter"),
    WITHIN_DAYS("withinDays"),
    WITHIN_NEXT_DAYS("withinNextDays"),
    OLDER_THAN_DAYS("olderThanDays"),
    MEMBER_OF("memberOf"),
    NOT_MEMBER_OF("notMemberOf");

    static final Map<String, Operator> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(o -> o.word, Function.identity()));

    final String word;

    Operator(String word) {
        this.word = word;
    }
}
