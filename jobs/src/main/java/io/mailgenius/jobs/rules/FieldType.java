package io.mailgenius.jobs.rules;

import static io.mailgenius.jobs.rules.Operator.*;

import java.util.EnumSet;
import java.util.Set;

/** The type that a field's value is converted to, which determines the operators. */
enum FieldType {
    TEXT(
            "a text",
            EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, EXISTS, NOT_EXISTS),
            EnumSet.of(CONTAINS, NOT_CONTAINS, STARTS_WITH, ENDS_WITH)),
    NUMBER(
            "a number",
            EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, EXISTS, NOT_EXISTS, BETWEEN),
            EnumSet.of(GREATER_THAN, GREATER_OR_EQUAL, LESS_THAN, LESS_OR_EQUAL)),
    DATE(
            "a date",
            EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, EXISTS, NOT_EXISTS, BETWEEN),
            EnumSet.of(
                    BEFORE,
                    AFTER,
                    ON_OR_BEFORE,
                    ON_OR_AFTER,
                    WITHIN_DAYS,
                    WITHIN_NEXT_DAYS,
                    OLDER_THAN_DAYS)),
    BOOLEAN(
            "true or false",
            EnumSet.of(EQUALS, NOT_EQUALS, EXISTS, NOT_EXISTS),
            EnumSet.noneOf(Operator.class)),
    STATUS("a status", EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN), EnumSet.noneOf(Operator.class)),
    LIST("a list", EnumSet.noneOf(Operator.class), EnumSet.of(MEMBER_OF, NOT_MEMBER_OF)),
    ENGAGEMENT("an engagement", EnumSet.of(IN, NOT_IN), EnumSet.noneOf(Operator.class)),
    SCORE(
            "a score",
            EnumSet.of(BETWEEN, GREATER_THAN, GREATER_OR_EQUAL, LESS_THAN, LESS_OR_EQUAL),
            EnumSet.noneOf(Operator.class));

    final String noun;
    final Set<Operator> operators;

    /** The operators that no other type has, so that they imply the type of an attribute. */
    final Set<Operator> own;

    FieldType(String noun, EnumSet<Operator> shared, EnumSet<Operator> own) {
        this.noun = noun;
        this.own = own;
        this.operators = EnumSet.copyOf(shared);
        this.operators.addAll(own);
    }
}
