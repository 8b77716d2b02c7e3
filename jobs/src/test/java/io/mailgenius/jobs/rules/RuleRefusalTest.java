package io.mailgenius.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailgenius.jobs.segments.Audience;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

class RuleRefusalTest {

    private static final String CONDITION = "{\"field\":\"city\",\"op\":\"exists\"}";

    private static Refusal.Invalid refusal(JsonNode rule) {
        Refusal.Invalid refusal =
                catchThrowableOfType(
                        Refusal.Invalid.class, () -> RuleReader.read(rule, Audience.NOW));
        assertThat(refusal).as("refusal of " + rule).isNotNull();
        return refusal;
    }

    /** The rule, the problem code, and the parts of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                                       | invalid-segment-rule     | rule: found []… a condition such as
                    "city"                                                   | invalid-segment-rule     | rule: found "city"
                    null                                                     | invalid-segment-rule     | rule: found null
                    {}                                                       | invalid-segment-rule     | rule: a condition needs field… found nothing
                    {"all":{}}                                               | invalid-segment-rule     | all needs an array of rules, found {}
                    {"all":[],"any":[]}                                      | invalid-segment-rule     | a group has one key, found all, any
                    {"all":[]}                                               | empty-segment-group      | rule: all is empty
                    {"all":[{"any":[]}]}                                     | empty-segment-group      | all[0]: any is empty
                    {"none":[7]}                                             | invalid-segment-rule     | none[0]: found 7
                    {"field":"city"}                                         | invalid-segment-rule     | a condition needs op
                    {"field":7,"op":"exists"}                                | invalid-segment-rule     | a condition needs field, a text in quotes; found 7
                    {"field":"city","op":"exists","vaule":1}                 | unknown-segment-property | "vaule"… Did you mean "value"?
                    {"al":[]}                                                | unknown-segment-property | "al"… one of all, any, none
                    {"field":"first_name","op":"exists"}                     | unknown-segment-field    | "first_name"… Did you mean "firstName"?… Allowed: activity
                    {"field":"emial","op":"exists"}                          | unknown-segment-field    | Allowed:
                    {"field":"emails","op":"exists"}                         | unknown-segment-field    | Did you mean "email"?
                    {"field":"plan","op":"exists"}                           | unknown-segment-field    | "plan"… is written "attributes.plan"
                    {"field":"attribute.plan","op":"exists"}                 | unknown-segment-field    | is written "attributes.plan"
                    {"field":"attributes.","op":"exists"}                    | unknown-segment-field    | is written "attributes.<name>"
                    {"field":"attributes","op":"exists"}                     | unknown-segment-field    | "attributes"
                    {"field":"workspace_id","op":"equals","value":1}         | unknown-segment-field    | "workspace_id"
                    {"field":"c.email) OR (true","op":"exists"}              | unknown-segment-field    | "c.email) OR (true"
                    {"field":"city","op":"eq","value":"x"}                   | unknown-segment-operator | "eq"… Allowed: after, before
                    {"field":"city","op":"equal","value":"x"}                | unknown-segment-operator | Did you mean "equals"?
                    {"field":"city","op":"starts_with","value":"x"}          | unknown-segment-operator | Did you mean "startsWith"?
                    {"field":"city","op":"greaterThan","value":1}            | unfit-segment-operator   | greaterThan is not an operator of city, which is a text… contains
                    {"field":"createdAt","op":"contains","value":"2026"}     | unfit-segment-operator   | createdAt, which is a date… before
                    {"field":"status","op":"contains","value":"SUB"}         | unfit-segment-operator   | status… Allowed: equals, notEquals, in, notIn
                    {"field":"list","op":"equals","value":1}                 | unfit-segment-operator   | memberOf
                    {"field":"opened","op":"equals","value":1}               | unfit-segment-operator   | in, notIn
                    {"field":"attributes.n","type":"number","op":"contains","value":"1"} | unfit-segment-operator | which is a number
                    {"field":"attributes.n","op":"in","value":[true]}        | unfit-segment-operator   | which is true or false
                    {"field":"attributes.n","type":"int","op":"exists"}      | unfit-segment-value      | no type "int"… boolean, date, number, text
                    {"field":"attributes.n","type":7,"op":"exists"}          | invalid-segment-rule     | type, a text
                    {"field":"city","type":"text","op":"exists"}             | unknown-segment-property | takes no type
                    {"field":"city","op":"exists","value":true}              | unknown-segment-property | exists on a text takes no value
                    {"field":"city","op":"exists","withinDays":3}            | unknown-segment-property | takes no withinDays
                    {"field":"attributes.n","op":"equals","value":1,"ignoreCase":true} | unknown-segment-property | takes no ignoreCase
                    {"field":"list","op":"memberOf","value":1,"withinDays":3} | unknown-segment-property | list takes no withinDays
                    {"field":"city","op":"equals","value":"x","ignoreCase":1} | unfit-segment-value     | ignoreCase needs true or false
                    {"field":"city","op":"equals"}                           | unfit-segment-value      | value needs a text in quotes; found nothing
                    {"field":"city","op":"equals","value":7}                 | unfit-segment-value      | a text in quotes; found 7
                    {"field":"city","op":"equals","value":null}              | unfit-segment-value      | found null
                    {"field":"city","op":"equals","value":["x"]}             | unfit-segment-value      | found ["x"]
                    {"field":"city","op":"equals","value":""}                | unfit-segment-value      | use notExists
                    {"field":"city","op":"equals","value":"a\\u0000b"}       | unfit-segment-value      | NUL
                    {"field":"city","op":"equals","value":"\\ud800"}         | unfit-segment-value      | surrogate
                    {"field":"attributes.\\u0000","op":"exists"}             | unfit-segment-value      | field contains a NUL
                    {"field":"city","op":"in","value":"Oslo"}                | unfit-segment-value      | array of at least one
                    {"field":"city","op":"in","value":[]}                    | unfit-segment-value      | array of at least one
                    {"field":"city","op":"in","value":["Oslo",7]}            | unfit-segment-value      | value[1] needs a text
                    {"field":"status","op":"equals","value":"SUBSCRIBE"}     | unfit-segment-value      | no status… Did you mean "SUBSCRIBED"?
                    {"field":"status","op":"in","value":[1]}                 | unfit-segment-value      | value[0] needs a status
                    {"field":"attributes.n","op":"greaterThan","value":"7"}  | unfit-segment-value      | a number without quotes; found "7"
                    {"field":"attributes.n","op":"lessThan","value":1e999}   | unfit-segment-value      | number
                    {"field":"attributes.n","op":"lessThan","value":1e305}   | unfit-segment-value      | at most 300 digits
                    {"field":"attributes.n","op":"between","value":[1]}      | unfit-segment-value      | array of two
                    {"field":"attributes.n","op":"between","value":[2,1]}    | unfit-segment-value      | the lower value first
                    {"field":"attributes.n","op":"between","value":[1,"2"]}  | unfit-segment-value      | value[1] needs a number
                    {"field":"createdAt","op":"between","value":["2026-02-01","2026-01-01"]} | unfit-segment-value | the lower value first
                    {"field":"attributes.n","type":"boolean","op":"equals","value":"true"} | unfit-segment-value | true or false without quotes
                    {"field":"createdAt","op":"before","value":20260131}     | unfit-segment-value      | a date in quotes
                    {"field":"createdAt","op":"before","value":"31.1.2026"}  | invalid-segment-date     | "31.1.2026" is not a date… 2026-01-31
                    {"field":"createdAt","op":"before","value":"2026-02-30"} | invalid-segment-date     | "2026-02-30" is not a date
                    {"field":"createdAt","op":"before","value":"2026-01-31T10:00"} | invalid-segment-date | offset
                    {"field":"createdAt","op":"before","value":"0000-01-01"} | invalid-segment-date     | years 1 to 9998
                    {"field":"createdAt","op":"before","value":"+99999-01-01T00:00:00Z"} | invalid-segment-date | years 1 to 9998
                    {"field":"createdAt","op":"withinDays","value":"7"}      | unfit-segment-value      | whole number of days
                    {"field":"createdAt","op":"withinDays","value":1.5}      | unfit-segment-value      | whole number of days
                    {"field":"createdAt","op":"withinDays","value":0}        | unfit-segment-value      | from 1 to 36500
                    {"field":"createdAt","op":"withinDays","value":36501}    | unfit-segment-value      | at most 36500 days
                    {"field":"createdAt","op":"withinDays","value":99999999999} | unfit-segment-value   | whole number of days
                    {"field":"list","op":"memberOf","value":"1 OR 1=1"}      | unfit-segment-value      | the id of a list, a number without quotes; found "1 OR 1=1"
                    {"field":"list","op":"memberOf","value":[1]}             | unfit-segment-value      | the id of a list
                    {"field":"list","op":"memberOf","value":-1}              | unfit-segment-value      | the id of a list
                    {"field":"list","op":"memberOf","value":99999999999999999999} | unfit-segment-value | the id of a list
                    {"field":"opened","op":"in","value":"all"}               | unfit-segment-value      | "any", the id of a campaign
                    {"field":"opened","op":"in","value":["any"]}             | unfit-segment-value      | value[0] needs the id of a campaign
                    {"field":"opened","op":"in"}                             | unfit-segment-value      | found nothing
                    {"field":"opened","op":"in","value":"any","withinDays":"3"} | unfit-segment-value   | withinDays needs a whole number
                    {"field":"opened","op":"in","value":"any","link":"x"}    | unknown-segment-property | takes no link
                    {"field":"clicked","op":"in","value":"any","link":7}     | unfit-segment-value      | link needs a text in quotes
                    {"field":"score","op":"equals","value":3}                | unfit-segment-operator   | which is a score
                    {"field":"score","op":"greaterThan","value":101}         | unfit-segment-value      | a score from 0 to 100
                    {"field":"score","op":"between","value":[3,2]}           | unfit-segment-value      | the lower value first
                    """)
    void a_refusal_names_the_error_and_the_alternatives(
            String rule, String problem, String pieces) {
        Refusal.Invalid refusal = refusal(Audience.json(rule));
        assertThat(refusal.problem()).as(refusal.getMessage()).isEqualTo(problem);
        for (String piece : pieces.split("… ?")) {
            assertThat(refusal).hasMessageContaining(piece);
        }
    }

    @Test
    void the_message_names_the_position_in_the_rule() {
        String rule =
                "{\"all\":[%s,{\"any\":[%s,{\"none\":[{\"field\":\"nope\",\"op\":\"exists\"}]}]}]}"
                        .formatted(CONDITION, CONDITION);
        assertThat(refusal(Audience.json(rule))).hasMessageStartingWith("all[1].any[1].none[0]: ");
    }

    @Test
    void a_missing_rule_is_refused() {
        assertThat(refusal(MissingNode.getInstance()).problem()).isEqualTo("invalid-segment-rule");
    }

    @Test
    void groups_nest_ten_deep_and_no_deeper() {
        String ten = "{\"all\":[".repeat(10) + CONDITION + "]}".repeat(10);
        RuleReader.read(Audience.json(ten), Audience.NOW);
        assertThat(refusal(Audience.json("{\"any\":[" + ten + "]}")).problem())
                .isEqualTo("segment-rule-too-deep");
    }

    @Test
    void a_rule_has_two_hundred_conditions_and_no_more() {
        RuleReader.read(anyOf(200), Audience.NOW);
        assertThat(refusal(anyOf(201)).problem()).isEqualTo("segment-rule-too-large");
    }

    private static JsonNode anyOf(int conditions) {
        return Audience.json(
                "{\"any\":[" + String.join(",", Collections.nCopies(conditions, CONDITION)) + "]}");
    }

    @Test
    void a_condition_has_a_thousand_values_and_no_more() {
        RuleReader.read(oneOf(1_000), Audience.NOW);
        assertThat(refusal(oneOf(1_001))).hasMessageContaining("at most 1000 values");
    }

    private static JsonNode oneOf(int values) {
        return Audience.json(
                "{\"field\":\"city\",\"op\":\"in\",\"value\":["
                        + String.join(",", Collections.nCopies(values, "\"Oslo\""))
                        + "]}");
    }

    @Test
    void a_rule_has_a_million_characters_and_no_more() {
        String values = String.join(",", Collections.nCopies(1_000, "\"" + "x".repeat(999) + "\""));
        String rule = "{\"field\":\"city\",\"op\":\"in\",\"value\":[" + values + "]}";
        assertThat(refusal(Audience.json(rule)).problem()).isEqualTo("segment-rule-too-large");
    }

    @Test
    void a_long_value_does_not_make_a_long_message() {
        String text = "x".repeat(40_000);
        for (String rule :
                new String[] {
                    "{\"field\":\"%s\",\"op\":\"exists\"}",
                    "{\"field\":\"city\",\"op\":\"%s\"}",
                    "{\"field\":\"city\",\"op\":\"exists\",\"%s\":1}",
                    "{\"field\":\"city\",\"op\":\"equals\",\"value\":\"%s\"}",
                    "{\"field\":\"createdAt\",\"op\":\"before\",\"value\":\"%s\"}",
                    "{\"field\":\"attributes.%s\",\"op\":\"exists\"}"
                }) {
            assertThatThrownBy(
                            () ->
                                    RuleReader.read(
                                            Audience.json(rule.formatted(text)), Audience.NOW))
                    .isInstanceOf(Refusal.Invalid.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600));
        }
    }
}
