package io.mailgenius.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.segments.Audience;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ann has typed values, Csv the same values as text, Odd values of unexpected types, Null JSON
 * nulls and empty texts, Bare none.
 */
class RuleTest {

    private static final Audience AUDIENCE = new Audience();
    private static final Map<Long, String> NAMES = new HashMap<>();
    private static final Map<String, Long> IDS = new HashMap<>();

    @BeforeAll
    static void some_contacts_of_all_sorts() {
        contact(
                "Ann",
                Map.of(
                        "last_name", "O'Hara",
                        "phone", "+4712345",
                        "city", "Oslo",
                        "country", "NO",
                        "locale", "nb-NO",
                        "time_zone", "Europe/Oslo",
                        "created_at", "2026-01-31T23:30:00Z",
                        "updated_at", "2026-03-15T11:00:00Z",
                        "attributes",
                                """
                                {"plan":"pro","score":42,"vip":true,"renewal":"2026-03-01",
                                 "note":"100%_sure","a.b":"dotted","it's":"quoted"}"""));
        contact(
                "Csv",
                Map.of(
                        "city", "OSLO",
                        "country", "DK",
                        "created_at", "2026-02-01T00:00:00Z",
                        "updated_at", "2026-03-10T12:00:00Z",
                        "status", "UNSUBSCRIBED",
                        "attributes",
                                """
                                {"plan":"Pro","score":"42.0","vip":"TRUE",
                                 "renewal":"2026-03-01T00:30:00+01:00","note":"100 sure"}"""));
        contact(
                "Odd",
                Map.of(
                        "city", "Osl_",
                        "created_at", "2026-03-15T12:00:00Z",
                        "updated_at", "2026-03-15T12:00:00Z",
                        "status", "PENDING",
                        "attributes",
                                """
                                {"plan":7,"score":"many","vip":"yes","renewal":"2026-02-30",
                                 "note":{"plan":"pro"}}"""));
        contact(
                "Null",
                Map.of(
                        "city", "",
                        "created_at", "2025-01-01T00:00:00Z",
                        "updated_at", "2025-01-01T00:00:00Z",
                        "attributes",
                                """
                                {"plan":null,"score":null,"vip":false,"renewal":"","note":["pro",42]}"""));
        contact(
                "Bare",
                Map.of(
                        "created_at", "2024-02-29T00:00:00Z",
                        "updated_at", "2024-02-29T00:00:00Z"));
        AUDIENCE.contact(
                AUDIENCE.stranger,
                "Stranger",
                Map.of("city", "Oslo", "attributes", "{\"plan\":\"pro\"}"));
    }

    private static void contact(String name, Map<String, Object> columns) {
        long id = AUDIENCE.contact(name, columns);
        NAMES.put(id, name);
        IDS.put(name, id);
    }

    @AfterAll
    static void close() {
        AUDIENCE.close();
    }

    private static void assertMeans(String rule, String names) {
        List<String> expected =
                names == null || names.isBlank() ? List.of() : Arrays.asList(names.split(" "));
        List<String> matches =
                AUDIENCE.matching(Audience.json(rule)).stream()
                        .map(id -> NAMES.getOrDefault(id, "somebody else"))
                        .toList();
        assertThat(matches).as(rule).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"field":"city","op":"equals","value":"Oslo"}                                | Ann
                    {"field":"city","op":"equals","value":"oslo","ignoreCase":true}              | Ann Csv
                    {"field":"city","op":"notEquals","value":"Oslo"}                             | Csv Odd Null Bare
                    {"field":"city","op":"in","value":["Oslo","OSLO","Rome"]}                    | Ann Csv
                    {"field":"city","op":"in","value":["oslo","osl_"],"ignoreCase":true}         | Ann Csv Odd
                    {"field":"city","op":"notIn","value":["Oslo","OSLO"]}                        | Odd Null Bare
                    {"field":"city","op":"contains","value":"sl"}                                | Ann Odd
                    {"field":"city","op":"contains","value":"sl","ignoreCase":true}              | Ann Csv Odd
                    {"field":"city","op":"contains","value":"_"}                                 | Odd
                    {"field":"city","op":"contains","value":"%"}                                 |
                    {"field":"city","op":"notContains","value":"sl"}                             | Csv Null Bare
                    {"field":"city","op":"startsWith","value":"Osl"}                             | Ann Odd
                    {"field":"city","op":"startsWith","value":"Osl_"}                            | Odd
                    {"field":"city","op":"endsWith","value":"lo"}                                | Ann
                    {"field":"city","op":"endsWith","value":"longer than Oslo"}                  |
                    {"field":"city","op":"exists"}                                               | Ann Csv Odd
                    {"field":"city","op":"notExists"}                                            | Null Bare
                    {"field":"lastName","op":"equals","value":"O'Hara"}                          | Ann
                    {"field":"phone","op":"startsWith","value":"+47"}                            | Ann
                    {"field":"locale","op":"endsWith","value":"-NO"}                             | Ann
                    {"field":"timeZone","op":"startsWith","value":"Europe/"}                     | Ann
                    {"field":"country","op":"in","value":["NO","DK"]}                            | Ann Csv
                    {"field":"firstName","op":"equals","value":"Bare"}                           | Bare
                    {"field":"email","op":"equals","value":"ANN@Example.com"}                    | Ann
                    {"field":"email","op":"in","value":["Ann@example.com","csv@example.com"]}    | Ann Csv
                    {"field":"email","op":"endsWith","value":"@EXAMPLE.COM"}                     | Ann Csv Odd Null Bare
                    {"field":"status","op":"equals","value":"SUBSCRIBED"}                        | Ann Null Bare
                    {"field":"status","op":"notEquals","value":"SUBSCRIBED"}                     | Csv Odd
                    {"field":"status","op":"in","value":["PENDING","UNSUBSCRIBED"]}              | Csv Odd
                    {"field":"status","op":"notIn","value":["PENDING"]}                          | Ann Csv Null Bare
                    """)
    void text_of_a_column(String rule, String names) {
        assertMeans(rule, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"field":"attributes.plan","op":"equals","value":"pro"}                      | Ann
                    {"field":"attributes.plan","op":"equals","value":"PRO","ignoreCase":true}    | Ann Csv
                    {"field":"attributes.plan","op":"equals","value":"7"}                        | Odd
                    {"field":"attributes.plan","op":"notEquals","value":"pro"}                   | Csv Odd Null Bare
                    {"field":"attributes.plan","op":"in","value":["pro","Pro"]}                  | Ann Csv
                    {"field":"attributes.plan","op":"notIn","value":["pro","Pro"]}               | Odd Null Bare
                    {"field":"attributes.plan","op":"exists"}                                    | Ann Csv Odd
                    {"field":"attributes.plan","op":"notExists"}                                 | Null Bare
                    {"field":"attributes.renewal","op":"notExists"}                              | Null Bare
                    {"field":"attributes.note","op":"exists"}                                    | Ann Csv Odd Null
                    {"field":"attributes.note","op":"contains","value":"pro"}                    |
                    {"field":"attributes.note","op":"notContains","value":"100"}                 | Odd Null Bare
                    {"field":"attributes.note","op":"contains","value":"100%"}                   | Ann
                    {"field":"attributes.note","op":"startsWith","value":"100%_"}                | Ann
                    {"field":"attributes.note","op":"endsWith","value":"_sure"}                  | Ann
                    {"field":"attributes.score","op":"startsWith","value":"4"}                   | Ann Csv
                    {"field":"attributes.a.b","op":"equals","value":"dotted"}                    | Ann
                    {"field":"attributes.it's","op":"equals","value":"quoted"}                   | Ann
                    {"field":"attributes.none","op":"equals","value":"pro"}                      |
                    {"field":"attributes.none","op":"notEquals","value":"pro"}                   | Ann Csv Odd Null Bare
                    """)
    void text_of_an_attribute(String rule, String names) {
        assertMeans(rule, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"field":"attributes.score","op":"equals","value":42}                        | Ann Csv
                    {"field":"attributes.score","op":"equals","value":42.000}                    | Ann Csv
                    {"field":"attributes.score","op":"notEquals","value":42}                     | Odd Null Bare
                    {"field":"attributes.score","op":"in","value":[41,42]}                       | Ann Csv
                    {"field":"attributes.score","op":"notIn","value":[41,42]}                    | Odd Null Bare
                    {"field":"attributes.score","op":"greaterThan","value":41.9}                 | Ann Csv
                    {"field":"attributes.score","op":"greaterThan","value":42}                   |
                    {"field":"attributes.score","op":"greaterOrEqual","value":42}                | Ann Csv
                    {"field":"attributes.score","op":"lessThan","value":42}                      |
                    {"field":"attributes.score","op":"lessThan","value":1e3}                     | Ann Csv
                    {"field":"attributes.score","op":"lessOrEqual","value":42}                   | Ann Csv
                    {"field":"attributes.score","op":"between","value":[42,43]}                  | Ann Csv
                    {"field":"attributes.score","op":"between","value":[-1,41]}                  |
                    {"field":"attributes.score","op":"exists","type":"number"}                   | Ann Csv Odd
                    {"field":"attributes.plan","op":"greaterThan","value":6}                     | Odd
                    {"field":"attributes.note","op":"greaterThan","value":-1e9}                  |
                    {"field":"attributes.vip","op":"lessThan","value":1e9}                       |
                    {"none":[{"field":"attributes.score","op":"greaterThan","value":0}]}         | Odd Null Bare
                    """)
    void numbers(String rule, String names) {
        assertMeans(rule, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"field":"attributes.vip","op":"equals","value":true}                        | Ann Csv
                    {"field":"attributes.vip","op":"equals","value":false}                       | Null
                    {"field":"attributes.vip","op":"notEquals","value":true}                     | Odd Null Bare
                    {"field":"attributes.vip","op":"notEquals","value":false}                    | Ann Csv Odd Bare
                    {"field":"attributes.vip","op":"exists","type":"boolean"}                    | Ann Csv Odd Null
                    """)
    void true_and_false(String rule, String names) {
        assertMeans(rule, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"field":"createdAt","op":"equals","value":"2026-01-31"}                     | Ann
                    {"field":"createdAt","op":"notEquals","value":"2026-01-31"}                  | Csv Odd Null Bare
                    {"field":"createdAt","op":"in","value":["2026-01-31","2026-02-01"]}          | Ann Csv
                    {"field":"createdAt","op":"notIn","value":["2026-01-31","2026-02-01"]}       | Odd Null Bare
                    {"field":"createdAt","op":"before","value":"2026-01-31"}                     | Null Bare
                    {"field":"createdAt","op":"onOrBefore","value":"2026-01-31"}                 | Ann Null Bare
                    {"field":"createdAt","op":"after","value":"2026-01-31"}                      | Csv Odd
                    {"field":"createdAt","op":"onOrAfter","value":"2026-01-31"}                  | Ann Csv Odd
                    {"field":"createdAt","op":"after","value":"2026-02-01T00:59:00+01:00"}       | Csv Odd
                    {"field":"createdAt","op":"after","value":"2026-02-01T01:00:00+01:00"}       | Odd
                    {"field":"createdAt","op":"between","value":["2024-02-29","2026-01-31"]}     | Ann Null Bare
                    {"field":"createdAt","op":"exists"}                                          | Ann Csv Odd Null Bare
                    {"field":"updatedAt","op":"withinDays","value":5}                            | Ann Csv Odd
                    {"field":"updatedAt","op":"withinDays","value":4}                            | Ann Odd
                    {"field":"updatedAt","op":"olderThanDays","value":4}                         | Csv Null Bare
                    {"field":"updatedAt","op":"olderThanDays","value":5}                         | Null Bare
                    {"field":"updatedAt","op":"withinNextDays","value":5}                        | Ann Odd
                    {"field":"attributes.renewal","op":"equals","type":"date","value":"2026-03-01"} | Ann
                    {"field":"attributes.renewal","op":"equals","type":"date","value":"2026-02-28"} | Csv
                    {"field":"attributes.renewal","op":"equals","value":"2026-03-01"}            | Ann
                    {"field":"attributes.renewal","op":"before","value":"2026-03-01"}            | Csv
                    {"field":"attributes.renewal","op":"onOrAfter","value":"2026-03-01"}         | Ann
                    {"field":"attributes.renewal","op":"between","value":["2026-02-01","2026-03-01"]} | Ann Csv
                    {"field":"attributes.renewal","op":"withinDays","value":30}                  | Ann Csv
                    {"field":"attributes.renewal","op":"olderThanDays","value":1}                | Ann Csv
                    {"field":"attributes.renewal","op":"after","value":"0001-01-01"}             | Ann Csv
                    {"none":[{"field":"attributes.renewal","op":"after","value":"0001-01-01"}]}  | Odd Null Bare
                    {"field":"attributes.score","op":"before","value":"9000-01-01"}              |
                    """)
    void dates(String rule, String names) {
        assertMeans(rule, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"all":[{"field":"city","op":"exists"},{"field":"status","op":"equals","value":"SUBSCRIBED"}]} | Ann
                    {"any":[{"field":"city","op":"equals","value":"Oslo"},{"field":"city","op":"notExists"}]}      | Ann Null Bare
                    {"none":[{"field":"city","op":"equals","value":"Oslo"},{"field":"attributes.plan","op":"equals","value":"Pro"}]} | Odd Null Bare
                    {"all":[{"field":"city","op":"exists"},{"any":[{"field":"country","op":"equals","value":"DK"},{"none":[{"field":"attributes.plan","op":"exists"}]}]}]} | Csv
                    {"none":[{"none":[{"field":"city","op":"equals","value":"Oslo"}]}]}                            | Ann
                    """)
    void groups(String rule, String names) {
        assertMeans(rule, names);
    }

    @Test
    void members_of_a_list() {
        long list = AUDIENCE.list(IDS.get("Ann"), IDS.get("Bare"));
        assertMeans(
                "{\"field\":\"list\",\"op\":\"memberOf\",\"value\":%d}".formatted(list),
                "Ann Bare");
        assertMeans(
                "{\"field\":\"list\",\"op\":\"notMemberOf\",\"value\":%d}".formatted(list),
                "Csv Odd Null");
        assertMeans(
                "{\"field\":\"list\",\"op\":\"memberOf\",\"value\":%d}".formatted(list + 99), "");
    }

    @Test
    void engagement_with_one_campaign_with_several_and_with_any() {
        long spring = AUDIENCE.campaign();
        long summer = AUDIENCE.campaign();
        AUDIENCE.engaged(
                spring, IDS.get("Ann"), "opened_at", Audience.NOW.minus(Duration.ofDays(5)));
        AUDIENCE.engaged(
                summer, IDS.get("Csv"), "opened_at", Audience.NOW.minus(Duration.ofDays(50)));
        AUDIENCE.engaged(summer, IDS.get("Odd"), "delivered_at", Audience.NOW);
        for (String what : List.of("clicked", "bounced", "complained", "unsubscribed")) {
            AUDIENCE.engaged(spring, IDS.get("Null"), what + "_at", Instant.EPOCH);
            assertMeans(
                    "{\"field\":\"%s\",\"op\":\"in\",\"value\":\"any\"}".formatted(what), "Null");
        }
        String opened = "{\"field\":\"opened\",\"op\":\"%s\",\"value\":%s}";
        assertMeans(opened.formatted("in", spring), "Ann");
        assertMeans(opened.formatted("notIn", spring), "Csv Odd Null Bare");
        assertMeans(opened.formatted("in", List.of(spring, summer)), "Ann Csv");
        assertMeans(opened.formatted("in", "\"any\""), "Ann Csv");
        assertMeans(opened.formatted("notIn", "\"any\""), "Odd Null Bare");
        String lately = "{\"field\":\"opened\",\"op\":\"%s\",\"value\":\"any\",\"withinDays\":%d}";
        assertMeans(lately.formatted("in", 5), "Ann");
        assertMeans(lately.formatted("in", 4), "");
        assertMeans(lately.formatted("notIn", 5), "Csv Odd Null Bare");
        assertMeans(
                "{\"field\":\"delivered\",\"op\":\"in\",\"value\":%d}".formatted(summer), "Odd");
    }

    /** If one of these were inserted into the SQL itself, it would fail or match all contacts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "'; DROP TABLE contact; --",
                "\\' OR 1=1 --",
                "pro') OR true --",
                "$$",
                ":rule0",
                ":workspace",
                "?",
                "??",
                "{ts '2026-01-01'}",
                "/* */",
                "%",
                "_",
                "E'\\\\x00'",
                "a\nb"
            })
    void values_of_a_rule_cannot_inject_sql(String attack) {
        String quoted = Audience.MAPPER.writeValueAsString(attack);
        String named = Audience.MAPPER.writeValueAsString("attributes." + attack);
        for (String field : List.of("\"city\"", "\"attributes.plan\"", named)) {
            for (String op : List.of("equals", "contains", "startsWith", "endsWith")) {
                boolean found = op.equals("contains") || op.equals("endsWith");
                assertMeans(
                        "{\"field\":%s,\"op\":\"%s\",\"value\":%s}".formatted(field, op, quoted),
                        found && field.equals("\"city\"") && attack.equals("_") ? "Odd" : "");
            }
            assertMeans(
                    "{\"field\":%s,\"op\":\"in\",\"value\":[%s,%s],\"ignoreCase\":true}"
                            .formatted(field, quoted, quoted),
                    "");
        }
        for (String op :
                List.of("\"greaterThan\",\"value\":0", "\"before\",\"value\":\"2030-01-01\"")) {
            assertMeans("{\"field\":%s,\"op\":%s}".formatted(named, op), "");
        }
    }
}
