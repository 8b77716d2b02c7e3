package io.mailgenius.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.CountedStatements;
import io.mailgenius.engine.ManualClock;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.alerts.AlertKind.Unit;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.AlertState;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** On a node without the role of a manager, so that only the test evaluates. */
class AlertsTest {

    private static final ManualClock CLOCK = new ManualClock();
    private static final CountedStatements COUNTED = new CountedStatements();
    private static TestDatabase database;
    private static TestNode node;

    private final AlertEvaluator evaluator = node.get(AlertEvaluator.class);
    private final AlertNotices notices = node.get(AlertNotices.class);
    private final Heat heat = node.get(Heat.class);
    private final Bell bell = node.get(Bell.class);
    private long workspace;

    /** A figure that the test sets. */
    static final class Heat implements AlertSource {

        final Map<Long, Double> degrees = new ConcurrentHashMap<>();
        volatile boolean broken;

        @Override
        public List<AlertKind> kinds() {
            return List.of(
                    new AlertKind("HEAT", Unit.COUNT, 100, Duration.ofMinutes(1), false, "Hot."));
        }

        @Override
        public List<AlertFigure> figures(Watched watched, Instant now) {
            if (broken) {
                throw new TransientDataAccessResourceException("the thermometer is away");
            }
            List<AlertFigure> figures = new ArrayList<>();
            for (long workspace : watched.workspaces("HEAT")) {
                Double value = degrees.get(workspace);
                if (value != null) {
                    figures.add(
                            new AlertFigure("HEAT", workspace, "oven", value, value + " degrees"));
                }
            }
            return figures;
        }
    }

    /** Keeps what it is told, and refuses while it is deaf. */
    static final class Bell implements AlertChannel {

        final List<Notice> heard = new CopyOnWriteArrayList<>();
        final List<Notice> refused = new CopyOnWriteArrayList<>();
        volatile boolean deaf;

        @Override
        public String name() {
            return "webhook";
        }

        @Override
        public Delivery deliver(Notice notice) {
            assertThat(WorkspaceScope.required()).isEqualTo(notice.workspaceId());
            (deaf ? refused : heard).add(notice);
            return deaf ? new Delivery.Refused("deaf") : new Delivery.Accepted();
        }
    }

    /** Without an annotation, since nodes of other tests scan this package. */
    static class Kitchen {
        @Bean
        Heat heat() {
            return new Heat();
        }

        @Bean
        Bell bell() {
            return new Bell();
        }
    }

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
        node =
                TestNode.start(
                        database,
                        TestNode.settings(database, Set.of(Role.WORKER)),
                        List.of(TestNode.by(CLOCK), COUNTED),
                        Kitchen.class);
    }

    @AfterAll
    static void close() {
        node.close();
        database.close();
    }

    @BeforeEach
    void anotherWorkspace() {
        workspace = database.workspace("kitchen " + UUID.randomUUID());
        heat.degrees.clear();
        heat.broken = false;
        bell.deaf = false;
        bell.heard.clear();
        bell.refused.clear();
        owner().sql("DELETE FROM alert_rule").update();
    }

    private static JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    private AlertRule rule(String kind, double threshold, int seconds) {
        return ruleOf(workspace, kind, threshold, seconds);
    }

    private static AlertRule ruleOf(long workspace, String kind, double threshold, int seconds) {
        return WorkspaceScope.call(
                workspace,
                () ->
                        node.get(AlertRules.class)
                                .insert(
                                        new AlertRule(
                                                workspace,
                                                0,
                                                "rule of " + kind,
                                                kind,
                                                threshold,
                                                seconds,
                                                true,
                                                List.of(),
                                                "https://example.com/bell",
                                                UUID.randomUUID(),
                                                new SealedSecret(new byte[50]))));
    }

    private List<Alert> alerts() {
        return WorkspaceScope.call(
                workspace,
                () ->
                        node.get(Alerts.class)
                                .page(
                                        workspace,
                                        EnumSet.allOf(AlertState.class),
                                        Long.MAX_VALUE,
                                        100));
    }

    private @Nullable AlertState state() {
        return alerts().isEmpty() ? null : alerts().getFirst().state();
    }

    private void at(double degrees, Duration later) {
        CLOCK.advance(later);
        heat.degrees.put(workspace, degrees);
        evaluator.evaluate();
    }

    /** Delivers what is due and waits until as many as that were heard in all. */
    private void told(int times) {
        await().until(
                        () -> {
                            notices.deliverDue();
                            return bell.heard.size() >= times && due() == 0;
                        });
        assertThat(bell.heard).hasSize(times);
    }

    private long due() {
        return owner().sql("SELECT count(*) FROM alert_notice WHERE state = 'DUE'")
                .query(Long.class)
                .single();
    }

    @Test
    void an_alert_opens_after_its_duration_and_resolves_with_hysteresis_and_is_told_twice() {
        rule("HEAT", 100, 60);
        at(120, Duration.ZERO);
        assertThat(state()).isEqualTo(AlertState.PENDING);
        at(50, Duration.ofSeconds(30));
        assertThat(alerts()).as("a short peak").isEmpty();

        at(120, Duration.ofSeconds(10));
        at(120, Duration.ofSeconds(59));
        assertThat(state()).isEqualTo(AlertState.PENDING);
        at(121, Duration.ofSeconds(1));
        assertThat(state()).isEqualTo(AlertState.OPEN);
        evaluator.evaluate();
        told(1);
        assertThat(bell.heard.getFirst().event()).isEqualTo("OPENED");
        assertThat(bell.heard.getFirst().message()).isEqualTo("121.0 degrees");

        at(95, Duration.ofMinutes(10));
        assertThat(state()).as("below the threshold, not clearly").isEqualTo(AlertState.OPEN);
        at(80, Duration.ofSeconds(10));
        at(99, Duration.ofSeconds(30));
        at(80, Duration.ofSeconds(59));
        assertThat(state()).as("the time begins again").isEqualTo(AlertState.OPEN);
        at(80, Duration.ofSeconds(60));
        assertThat(state()).isEqualTo(AlertState.RESOLVED);
        evaluator.evaluate();
        told(2);
        assertThat(bell.heard.getLast().event()).isEqualTo("RESOLVED");

        at(130, Duration.ofSeconds(10));
        assertThat(alerts()).as("another alert, which is pending").hasSize(2);
    }

    @Test
    void who_takes_care_is_recorded_and_the_end_is_told_all_the_same() {
        rule("HEAT", 100, 0);
        at(100, Duration.ZERO);
        long id = alerts().getFirst().id();
        Alert acknowledged =
                WorkspaceScope.call(
                                workspace,
                                () -> node.get(Alerts.class).acknowledge(workspace, id, "ann"))
                        .orElseThrow();
        assertThat(acknowledged.acknowledgedBy()).isEqualTo("ann");
        at(140, Duration.ofSeconds(10));
        assertThat(state()).isEqualTo(AlertState.ACKNOWLEDGED);
        at(0, Duration.ofSeconds(10));
        at(0, Duration.ofSeconds(30));
        assertThat(state()).isEqualTo(AlertState.RESOLVED);
        told(2);
        assertThat(
                        WorkspaceScope.call(
                                workspace,
                                () -> node.get(Alerts.class).acknowledge(workspace, id, "bob")))
                .isEmpty();
    }

    @Test
    void a_refused_notice_is_repeated_until_it_is_accepted_and_the_end_waits_for_the_beginning() {
        rule("HEAT", 100, 0);
        bell.deaf = true;
        at(100, Duration.ZERO);
        notices.deliverDue();
        await().until(() -> bell.refused.size() == 1 && retries() == 1);
        notices.deliverDue();
        assertThat(bell.refused).as("not at once").hasSize(1);
        at(0, Duration.ofSeconds(1));
        at(0, Duration.ofSeconds(30));
        assertThat(state()).isEqualTo(AlertState.RESOLVED);
        notices.deliverDue();
        await().until(() -> bell.refused.size() == 2 && retries() == 2);
        bell.deaf = false;
        CLOCK.advance(Duration.ofMinutes(10));
        notices.deliverDue();
        await().until(() -> bell.heard.size() == 1 && due() == 1);
        told(2);
        assertThat(bell.heard.stream().map(AlertChannel.Notice::event))
                .containsExactly("OPENED", "RESOLVED");
        assertThat(bell.refused.getFirst().id()).isEqualTo(bell.heard.getFirst().id());
    }

    private long retries() {
        return owner().sql("SELECT max(attempts) FROM alert_notice WHERE error = 'deaf'")
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    @Test
    void a_silence_tells_nobody_and_what_is_open_at_its_end_is_told_then() {
        AlertRule rule = rule("HEAT", 100, 0);
        Instant now = CLOCK.instant();
        WorkspaceScope.run(
                workspace,
                () ->
                        node.get(Alerts.class)
                                .silence(
                                        new Silence(
                                                workspace,
                                                0,
                                                rule.id(),
                                                "oven",
                                                "baking",
                                                now,
                                                now.plus(Duration.ofHours(1)),
                                                "ann")));
        at(100, Duration.ZERO);
        assertThat(state()).isEqualTo(AlertState.OPEN);
        told(0);
        at(0, Duration.ofMinutes(1));
        at(0, Duration.ofMinutes(1));
        assertThat(state()).isEqualTo(AlertState.RESOLVED);
        told(0);
        at(100, Duration.ofMinutes(1));
        told(0);
        at(100, Duration.ofHours(1));
        told(1);
    }

    @Test
    void what_cannot_be_read_neither_opens_nor_resolves_anything() {
        rule("HEAT", 100, 0);
        at(100, Duration.ZERO);
        heat.broken = true;
        at(0, Duration.ofMinutes(10));
        at(0, Duration.ofMinutes(10));
        assertThat(state()).isEqualTo(AlertState.OPEN);
    }

    @Test
    void two_nodes_that_evaluate_at_once_open_one_alert_and_tell_once() throws Exception {
        rule("HEAT", 100, 0);
        heat.degrees.put(workspace, 100.0);
        CountDownLatch begin = new CountDownLatch(1);
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            for (int n = 0; n < 4; n++) {
                nodes.submit(
                        () -> {
                            begin.await();
                            evaluator.evaluate();
                            return null;
                        });
            }
            begin.countDown();
        }
        assertThat(alerts()).hasSize(1);
        told(1);
    }

    /** Each workspace sees its own, and one evaluation does not ask for each. */
    @Test
    void an_evaluation_costs_as_many_statements_for_a_thousand_workspaces_as_for_one() {
        ruleOf(workspace, "HEAT", 100, 60);
        ruleOf(workspace, "STUCK_JOB", 900, 60);
        ruleOf(workspace, "FAILED_JOB", 900, 60);
        COUNTED.forget();
        evaluator.evaluate();
        long forOne = COUNTED.statements().stream().filter(sql -> !sql.contains("node")).count();
        owner().sql(
                        """
                        WITH made AS (INSERT INTO workspace (name) SELECT 'w' || n FROM generate_series(1, 1000) n
                                      RETURNING id)
                        INSERT INTO alert_rule (workspace_id, name, kind, threshold, duration_seconds)
                        SELECT id, kind, kind, 100, 60 FROM made, unnest(ARRAY['HEAT', 'STUCK_JOB', 'FAILED_JOB']) kind
                        """)
                .update();
        COUNTED.forget();
        evaluator.evaluate();
        assertThat(COUNTED.statements().stream().filter(sql -> !sql.contains("node")).count())
                .isLessThanOrEqualTo(forOne + 1);
        assertThat(
                        WorkspaceScope.call(
                                workspace,
                                () ->
                                        JdbcClient.create(database.dataSource())
                                                .sql("SELECT count(*) FROM alert_rule")
                                                .query(Long.class)
                                                .single()))
                .isEqualTo(3);
    }

    @Test
    void the_engine_knows_stuck_and_failed_jobs_dead_nodes_old_chunks_full_disks_and_pools() {
        for (AlertKind kind : node.get(AlertRules.class).kinds()) {
            if (!kind.name().equals("HEAT")) {
                rule(kind.name(), kind.threshold(), 0);
            }
        }
        evaluator.evaluate();
        assertThat(alerts()).isEmpty();

        Instant now = CLOCK.instant();
        owner().sql(
                        """
                        INSERT INTO launch (workspace_id, job_name, job_key, state, owner, job_instance_id,
                                            error, requested_at, due_at, ended_at)
                        VALUES (:w, 'export', :key || '1', 'FAILED', NULL, NULL, 'the disk is full', :now, :now, :now),
                               (:w, 'import', :key || '2', 'RUNNING', 'somebody', :instance, NULL, :now, :now, NULL),
                               (:w, 'rollup', :key || '3', 'QUEUED', NULL, NULL, NULL, :now, :long, NULL)
                        """)
                .param("w", workspace)
                .param("key", UUID.randomUUID().toString())
                .param("instance", workspace)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("long", now.minus(Duration.ofHours(2)).atOffset(ZoneOffset.UTC))
                .update();
        owner().sql(
                        """
                        INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence, payload, ready_at)
                        VALUES (:w, :w, 'step', 0, 0, '{}', :long)
                        """)
                .param("w", workspace)
                .param("long", now.minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
                .update();
        owner().sql(
                        """
                        INSERT INTO node (id, host, roles, slots, state, started_at, heartbeat_at)
                        VALUES ('gone-1', 'h', '{WORKER}', 1, 'DEAD', :now, :now),
                               ('full-1', 'h', '{WORKER}', 1, 'ALIVE', :now, :now + interval '1 day')
                        """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        owner().sql("INSERT INTO node_health VALUES ('full-1', 0.97, 40, :now)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        try {
            evaluator.evaluate();
            assertThat(alerts().stream().map(Alert::kind))
                    .containsExactlyInAnyOrder(
                            "STUCK_JOB",
                            "STUCK_JOB",
                            "FAILED_JOB",
                            "DEAD_NODE",
                            "OLD_CHUNK",
                            "DISK_USED",
                            "POOL_WAITING");
            assertThat(alerts())
                    .anySatisfy(it -> assertThat(it.message()).contains("the disk is full"))
                    .noneSatisfy(it -> assertThat(it.message()).contains("gone-1"));
        } finally {
            owner().sql("DELETE FROM chunk").update();
            owner().sql("DELETE FROM launch").update();
            owner().sql("DELETE FROM node WHERE id IN ('gone-1', 'full-1')").update();
        }
        CLOCK.advance(Duration.ofMinutes(1));
        evaluator.evaluate();
        CLOCK.advance(Duration.ofMinutes(1));
        evaluator.evaluate();
        assertThat(alerts())
                .allSatisfy(it -> assertThat(it.state()).isEqualTo(AlertState.RESOLVED));
        assertThat(Objects.requireNonNull(alerts().getFirst().resolvedAt()))
                .isEqualTo(CLOCK.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS));
    }
}
