package io.mailgenius.jobs.activities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.activities.ActivityResult.Outcome;
import io.mailgenius.jobs.analytics.Conversion;
import io.mailgenius.jobs.analytics.Conversions;
import io.mailgenius.jobs.contacts.ContactKeys;
import io.mailgenius.jobs.rules.CompiledRule;
import io.mailgenius.jobs.rules.RuleCompiler;
import io.mailgenius.jobs.rules.RuleReader;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class ActivitiesTest {

    private static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");

    private static LaunchFixture fixture;
    private static JdbcClient jdbc;
    private static ActivityStore store;
    private static Activities activities;

    @BeforeAll
    static void open() {
        fixture = new LaunchFixture(ContactKeys.class);
        jdbc = JdbcClient.create(fixture.database.dataSource());
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        store =
                new ActivityStore(
                        jdbc,
                        new WorkspaceTransactionManager(fixture.database.dataSource()),
                        new ContactKeys(jdbc, fixture.provider(SecretEncryption.class)),
                        clock);
        activities = new Activities(store, clock, new SimpleMeterRegistry());
        activities.start();
    }

    @AfterAll
    static void close() {
        activities.stop();
        fixture.close();
    }

    @BeforeEach
    void empty() {
        fixture.owner()
                .sql("TRUNCATE contact, activity, contact_change, suppression, engagement")
                .update();
    }

    private static long contact(String email, @Nullable String externalId) {
        return fixture.owner()
                .sql(
                        "INSERT INTO contact (workspace_id, email, external_id) VALUES (?, ?, ?) RETURNING id")
                .params(java.util.Arrays.asList(fixture.workspace, email, externalId))
                .query(Long.class)
                .single();
    }

    private static ActivityDraft by(String id, String email) {
        return draft(id, "order_placed", email, null, NOW, null, null, false);
    }

    private static ActivityDraft draft(
            String id,
            String name,
            @Nullable String email,
            @Nullable String externalId,
            Instant at,
            @Nullable Map<String, Object> properties,
            @Nullable String value,
            boolean create) {
        return new ActivityDraft(
                id,
                name,
                email,
                externalId,
                at,
                properties,
                value == null ? null : new BigDecimal(value),
                value == null ? null : "EUR",
                create);
    }

    private static List<ActivityResult> record(ActivityDraft... drafts) {
        return fixture.in(() -> activities.record(List.of(drafts)).orElseThrow());
    }

    private static List<Outcome> outcomes(List<ActivityResult> results) {
        return results.stream().map(ActivityResult::outcome).toList();
    }

    private static long count(String table) {
        return fixture.owner().sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    @Test
    void an_activity_is_stored_once_whoever_reports_it_again_and_how_often() throws Exception {
        long ada = contact("ada@example.com", "crm-7");
        assertThat(record(by("a", "ADA@example.com"), by("a", "ada@example.com")))
                .containsExactly(
                        new ActivityResult("a", Outcome.STORED, ada, null, null),
                        new ActivityResult("a", Outcome.DUPLICATE, null, null, null));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<ActivityResult>>> all =
                    IntStream.range(0, 20)
                            .mapToObj(
                                    _ ->
                                            threads.submit(
                                                    () ->
                                                            record(
                                                                    by("a", "ada@example.com"),
                                                                    by("b", "ada@example.com"))))
                            .toList();
            long stored = 0;
            for (Future<List<ActivityResult>> results : all) {
                stored +=
                        results.get().stream().filter(it -> it.outcome() == Outcome.STORED).count();
            }
            assertThat(stored).isEqualTo(1);
        }
        assertThat(count("activity")).isEqualTo(2);
    }

    @Test
    void a_contact_is_found_by_external_id_first_and_created_only_if_told() {
        long ada = contact("ada@example.com", "crm-7");
        contact("bob@example.com", null);
        fixture.owner()
                .sql(
                        "INSERT INTO suppression (workspace_id, email, reason, source) VALUES (?, 'gone@example.com', 'BOUNCED', 'test')")
                .param(fixture.workspace)
                .update();
        List<ActivityResult> results =
                record(
                        draft("1", "n", "bob@example.com", "crm-7", NOW, null, null, false),
                        draft("2", "n", "new@example.com", "crm-8", NOW, null, null, false),
                        draft("3", "n", null, "crm-9", NOW, null, null, true),
                        draft("4", "n", "new@example.com", "crm-8", NOW, null, null, true),
                        draft("5", "n", null, "crm-8", NOW, null, null, false),
                        draft("6", "n", "gone@example.com", null, NOW, null, null, true));
        assertThat(results.getFirst().contactId()).isEqualTo(ada);
        assertThat(results.stream().map(ActivityResult::problem).toList())
                .containsExactly(null, null, "contact-unknown", null, null, null);
        // One report of a request that may create the contact serves the others.
        assertThat(outcomes(results))
                .containsExactly(
                        Outcome.STORED,
                        Outcome.STORED,
                        Outcome.REFUSED,
                        Outcome.STORED,
                        Outcome.STORED,
                        Outcome.STORED);
        assertThat(
                        fixture.owner()
                                .sql(
                                        "SELECT email || ' ' || coalesce(external_id, '-') || ' ' || status FROM contact WHERE email ~ '^(new|gone)' ORDER BY email")
                                .query(String.class)
                                .list())
                .containsExactly("gone@example.com - BOUNCED", "new@example.com crm-8 PENDING");
    }

    @Test
    void a_bad_report_is_refused_alone() {
        contact("ada@example.com", null);
        ActivityDraft huge =
                new ActivityDraft(
                        "2",
                        "n",
                        "ada@example.com",
                        null,
                        NOW,
                        null,
                        new BigDecimal("1e999999999"),
                        "EUR",
                        null);
        List<ActivityResult> results =
                record(
                        by("1", "ada@example.com"),
                        huge,
                        by("3", "no address"),
                        draft("4", "n", null, null, NOW, null, null, false),
                        draft(
                                "5",
                                "n",
                                "ada@example.com",
                                null,
                                NOW.plus(Duration.ofDays(2)),
                                null,
                                null,
                                false),
                        draft(
                                "6",
                                "n",
                                "ada@example.com",
                                null,
                                NOW,
                                Map.of("x", "y".repeat(20_000)),
                                null,
                                false),
                        draft(" ", "n", "ada@example.com", null, NOW, null, null, false));
        assertThat(results.stream().map(ActivityResult::problem).toList())
                .containsExactly(
                        null,
                        "event-value-invalid",
                        "email-is-malformed",
                        "event-without-contact",
                        "event-time-invalid",
                        "event-properties-too-large",
                        "event-id-invalid");
        assertThatThrownBy(() -> record()).isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void whatever_removes_a_contact_removes_its_activities_and_segments_hear_of_each() {
        long ada = contact("ada@example.com", null);
        record(by("1", "ada@example.com"));
        assertThat(
                        fixture.owner()
                                .sql(
                                        "SELECT contact_ids[1] FROM contact_change ORDER BY id DESC LIMIT 1")
                                .query(Long.class)
                                .single())
                .isEqualTo(ada);
        fixture.run(() -> jdbc.sql("DELETE FROM contact WHERE id = ?").param(ada).update());
        assertThat(count("activity")).isZero();
        // Reported again it does not bring the contact back.
        assertThat(record(by("1", "ada@example.com")).getFirst().problem())
                .isEqualTo("contact-unknown");
    }

    @Test
    void retention_takes_what_is_older() {
        contact("ada@example.com", null);
        record(
                draft(
                        "old",
                        "n",
                        "ada@example.com",
                        null,
                        NOW.minus(Duration.ofDays(40)),
                        null,
                        null,
                        false),
                by("new", "ada@example.com"));
        assertThat((int) fixture.in(() -> store.forget(NOW.minus(Duration.ofDays(31)), 10)))
                .isEqualTo(1);
        assertThat(fixture.owner().sql("SELECT event_id FROM activity").query(String.class).list())
                .containsExactly("new");
    }

    private static void orders() {
        contact("ada@example.com", null);
        contact("bob@example.com", null);
        contact("cleo@example.com", null);
        Instant longAgo = NOW.minus(Duration.ofDays(20));
        record(
                draft(
                        "1",
                        "order",
                        "ada@example.com",
                        null,
                        longAgo,
                        Map.of("plan", "pro", "items", 3),
                        "10.50",
                        false),
                draft(
                        "2",
                        "order",
                        "ada@example.com",
                        null,
                        NOW,
                        Map.of("plan", "basic", "items", 12),
                        "5",
                        false),
                draft(
                        "3",
                        "order",
                        "bob@example.com",
                        null,
                        longAgo,
                        Map.of("plan", "pro", "items", 40),
                        "100",
                        false),
                draft("4", "visit", "bob@example.com", null, NOW, null, null, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'op':'greaterOrEqual','value':1                                        | ada bob",
                "'op':'exists'                                                          | ada bob",
                "'op':'notExists'                                                       | cleo",
                "'op':'equals','value':0                                                | cleo",
                "'op':'lessThan','value':2                                              | bob cleo",
                "'op':'greaterOrEqual','value':1,'withinDays':7                         | ada",
                "'op':'between','value':[1,1],'withinDays':30                           | bob",
                "'measure':'sum','currency':'EUR','op':'greaterThan','value':15         | ada bob",
                "'measure':'sum','currency':'EUR','op':'lessOrEqual','value':15.5       | ada cleo",
                "'measure':'sum','currency':'EUR','op':'greaterThan','value':1,'withinDays':7 | ada",
                "'measure':'sum','currency':'USD','op':'equals','value':0               | ada bob cleo",
                "'measure':'last','op':'withinDays','value':7                           | ada",
                "'measure':'last','op':'olderThanDays','value':7                        | bob",
                "'measure':'last','op':'notExists'                                      | cleo",
                "'op':'exists','where':{'field':'properties.plan','op':'equals','value':'pro'} | ada bob",
                "'op':'exists','withinDays':7,'where':{'field':'properties.plan','op':'equals','value':'pro'} |",
                "'op':'exists','where':{'all':[{'field':'properties.plan','op':'equals','value':'pro'},{'field':'properties.items','op':'greaterThan','value':10}]} | bob",
                "'op':'exists','where':{'none':[{'field':'properties.plan','op':'exists'}]} |",
            })
    void segments_ask_for_number_sum_and_last_and_for_properties(
            String rule, @Nullable String who) {
        orders();
        String json = "{'field':'activity','name':'order',%s}".formatted(rule).replace('\'', '"');
        CompiledRule compiled =
                RuleCompiler.compile(RuleReader.read(JsonMapper.shared().readTree(json), NOW));
        List<String> found =
                fixture.in(
                        () ->
                                jdbc.sql(
                                                "SELECT split_part(c.email, '@', 1) FROM contact c WHERE c.workspace_id = :workspace AND "
                                                        + compiled.sql()
                                                        + " ORDER BY 1")
                                        .params(compiled.params())
                                        .param("workspace", fixture.workspace)
                                        .query(String.class)
                                        .list());
        assertThat(String.join(" ", found)).isEqualTo(who == null ? "" : who.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'op':'exists','value':1",
                "'op':'contains','value':'x'",
                "'measure':'sum','op':'greaterThan','value':1",
                "'measure':'mean','op':'greaterThan','value':1",
                "'op':'greaterThan','value':1,'currency':'EUR'",
                "'op':'exists','where':{'field':'email','op':'exists'}",
                "'op':'exists','where':{'field':'activity','name':'x','op':'exists'}",
                "'op':'exists','where':{'field':'properties.a','op':'exists','name':'x'}",
                "'op':'exists','ignoreCase':true",
            })
    void a_rule_that_means_nothing_is_refused(String rule) {
        String json = "{'field':'activity','name':'order',%s}".formatted(rule).replace('\'', '"');
        assertThatThrownBy(() -> RuleReader.read(JsonMapper.shared().readTree(json), NOW))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void an_activity_is_the_conversion_of_the_campaign_that_was_clicked_last_before_it() {
        long ada = contact("ada@example.com", null);
        long first = campaign("first");
        long second = campaign("second");
        clicked(first, ada, NOW.minus(Duration.ofDays(3)));
        clicked(second, ada, NOW.minus(Duration.ofDays(1)));
        record(
                draft(
                        "0",
                        "order",
                        "ada@example.com",
                        null,
                        NOW.minus(Duration.ofDays(4)),
                        null,
                        "1",
                        false),
                draft(
                        "1",
                        "order",
                        "ada@example.com",
                        null,
                        NOW.minus(Duration.ofDays(2)),
                        null,
                        "10",
                        false),
                draft("2", "order", "ada@example.com", null, NOW, null, "20.25", false),
                draft("3", "visit", "ada@example.com", null, NOW, null, null, false));
        Conversions conversions = new Conversions(jdbc);
        assertThat(fixture.in(() -> conversions.of(first, 5)))
                .containsExactly(
                        new Conversion(
                                "order",
                                1,
                                1,
                                List.of(
                                        new Conversion.Revenue(
                                                "EUR", new BigDecimal("10.000000"), 1))));
        assertThat(fixture.in(() -> conversions.of(second, 5)))
                .containsExactly(
                        new Conversion(
                                "order",
                                1,
                                1,
                                List.of(
                                        new Conversion.Revenue(
                                                "EUR", new BigDecimal("20.250000"), 1))),
                        new Conversion("visit", 1, 1, List.of()));
        assertThat(fixture.in(() -> conversions.of(first, 1)).stream().map(Conversion::name))
                .as("outside of the window, except for what is exactly within")
                .isEmpty();
        assertThatThrownBy(() -> fixture.in(() -> conversions.of(first, 0)))
                .isInstanceOf(Refusal.Invalid.class);
    }

    private static long campaign(String name) {
        return fixture.owner()
                .sql(
                        "INSERT INTO campaign (workspace_id, name, subject, sender, audience) VALUES (?, ?, 's', 'a@b.example', '{\"all\":true}') RETURNING id")
                .params(fixture.workspace, name)
                .query(Long.class)
                .single();
    }

    private static void clicked(long campaign, long contact, Instant at) {
        fixture.owner()
                .sql(
                        "INSERT INTO engagement (workspace_id, campaign_id, contact_id, clicked_at) VALUES (?, ?, ?, ?)")
                .params(fixture.workspace, campaign, contact, at.atOffset(ZoneOffset.UTC))
                .update();
    }
}
