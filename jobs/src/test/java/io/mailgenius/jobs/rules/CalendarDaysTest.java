package io.mailgenius.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ManualClock;
import io.mailgenius.jobs.search.Facet;
import io.mailgenius.jobs.search.SegmentIndex;
import io.mailgenius.jobs.segments.Audience;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** SQL and the index agree on days of the workspace's time zone. */
class CalendarDaysTest {

    private static Audience audience;

    @BeforeAll
    static void open() {
        audience = new Audience();
        for (String day :
                List.of(
                        "2026-02-28",
                        "2026-03-01",
                        "2026-03-02",
                        "2026-03-03",
                        "2026-03-09",
                        "2026-03-10",
                        "2026-03-02T01:30:00Z",
                        "2026-03-02 01:30",
                        "2026-03-29 02:30")) {
            audience.contact(
                    day,
                    Map.of(
                            "email",
                            "x" + day.hashCode() + "@example.com",
                            "attributes",
                            "{\"renewal\":\"%s\"}".formatted(day)));
        }
    }

    @AfterAll
    static void close() {
        audience.close();
    }

    /** 01:30 UTC on 2 March, when it is 1 March in São Paulo. */
    private static final Instant NOW = Instant.parse("2026-03-02T01:30:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UTC               | withinNextDays | 1  | 2026-03-02, 2026-03-03, 2026-03-02T01:30:00Z, 2026-03-02 01:30",
                "America/Sao_Paulo | withinNextDays | 1  | 2026-03-01, 2026-03-02, 2026-03-02T01:30:00Z, 2026-03-02 01:30",
                "UTC               | withinDays     | 1  | 2026-03-01, 2026-03-02, 2026-03-02T01:30:00Z, 2026-03-02 01:30",
                "America/Sao_Paulo | withinDays     | 1  | 2026-02-28, 2026-03-01, 2026-03-02T01:30:00Z",
                "UTC               | olderThanDays  | 1  | 2026-02-28",
                "America/Sao_Paulo | olderThanDays  | 1  | ''",
                "Asia/Tokyo        | withinNextDays | 7  | 2026-03-02, 2026-03-03, 2026-03-09, 2026-03-02T01:30:00Z, 2026-03-02 01:30",
                "America/Sao_Paulo | equals         | '\"2026-03-01\"' | 2026-03-01, 2026-03-02T01:30:00Z",
                "UTC               | equals         | '\"2026-03-02\"' | 2026-03-02, 2026-03-02T01:30:00Z, 2026-03-02 01:30",
                "America/Sao_Paulo | before         | '\"2026-03-01\"' | 2026-02-28",
                "Europe/Berlin     | onOrAfter      | '\"2026-03-10\"' | 2026-03-10, 2026-03-29 02:30"
            })
    void days_are_those_of_the_workspaces_calendar(
            String zone, String op, String value, String matches) {
        Rule rule =
                RuleReader.read(
                        Audience.json(
                                """
                                {"field":"attributes.renewal","op":"%s","value":%s,"type":"date"}
                                """
                                        .formatted(op, value)),
                        NOW,
                        () -> ZoneId.of(zone));
        Set<String> wanted =
                matches == null || matches.isBlank()
                        ? Set.of()
                        : new LinkedHashSet<>(List.of(matches.split(", ")));
        assertThat(byRows(rule)).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(byIndex(rule)).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private static List<String> byRows(Rule rule) {
        CompiledRule compiled = RuleCompiler.compile(rule);
        return audience.inside(
                () ->
                        audience.jdbc
                                .sql("SELECT c.first_name FROM contact c WHERE " + compiled.sql())
                                .params(compiled.params())
                                .param("after", 0L)
                                .param("through", Long.MAX_VALUE)
                                .query(String.class)
                                .list());
    }

    private static List<String> byIndex(Rule rule) {
        SegmentIndex index =
                new SegmentIndex(
                        audience.jdbc,
                        new TransactionTemplate(audience.transactions),
                        new ManualClock(),
                        audience.workspace);
        SegmentIndex.Answer answer = index.ask(rule, 100);
        if (answer instanceof SegmentIndex.Needs(Set<Facet> facets)) {
            facets.forEach(index::load);
            answer = index.ask(rule, 100);
        }
        List<Long> ids = ((SegmentIndex.Counted) answer).first();
        return ids.isEmpty()
                ? List.of()
                : JdbcClient.create(audience.database.owner())
                        .sql("SELECT first_name FROM contact WHERE id IN (:ids)")
                        .param("ids", ids)
                        .query(String.class)
                        .list();
    }
}
