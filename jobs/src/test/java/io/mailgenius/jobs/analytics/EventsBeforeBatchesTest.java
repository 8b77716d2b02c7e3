package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.events.EventShards;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Migration V046 assigns batches to existing events, and the rollup counts them once. */
class EventsBeforeBatchesTest {

    private static final String FIGURES =
            "SELECT concat_ws(' ', workspace_id, campaign_id, hour, type, events, contacts) FROM %s";

    @Test
    void each_counted_event_is_in_one_batch_and_the_rollup_counts_it_right() {
        try (TestDatabase database = TestDatabase.create()) {
            JdbcClient owner = JdbcClient.create(database.owner());
            owner.sql(
                            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
                    .update();
            Flyway.configure().dataSource(database.owner()).target("44").load().migrate();
            long one = database.workspace("One");
            long other = database.workspace("Other");
            happened(owner, one, other);
            Migrations.apply(database.owner());

            assertThat(lines(owner, batchesOfEvents())).isEqualTo(lines(owner, batches()));
            assertThat(lines(owner, batches()))
                    .as("two of about ten thousand, of which the second is of both workspaces")
                    .hasSize(3);
            assertThat(
                            lines(
                                    owner,
                                    "SELECT DISTINCT type || coalesce(' ' || campaign_id, '') FROM event WHERE batch IS NULL ORDER BY 1"))
                    .containsExactly("DELIVERED", "email.scheduled 7");
            assertThat(lines(owner, "SELECT nextval('event_batch_id') > max(id) FROM event_batch"))
                    .containsExactly("t");

            List<String> expected = lines(owner, counted());
            assertThat(expected).hasSizeGreaterThan(10);
            rollup(database, one);
            rollup(database, other);
            assertThat(lines(owner, FIGURES.formatted("campaign_hour")))
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(lines(owner, batches())).as("none is left").isEmpty();
        }
    }

    /**
     * Known and unknown types, with and without contacts, duplicate and late events, in three
     * months.
     */
    private static void happened(JdbcClient owner, long one, long other) {
        owner.sql(
                        "SELECT ensure_event_partitions('2026-02-10', 1), ensure_event_partitions('2026-03-10', 1)")
                .query()
                .listOfRows();
        owner.sql(
                        """
                        INSERT INTO campaign (id, workspace_id, name, subject, sender, audience)
                        VALUES (7, :one, 'c', 's', 'news@example.com', '{}'), (8, :other, 'c', 's', 'news@example.com', '{}')
                        """)
                .param("one", one)
                .param("other", other)
                .update();
        owner.sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id)
                        SELECT :one, timestamptz '2026-02-27T00:00:00Z' + n * interval '30 seconds', 7, n % 4000,
                               (ARRAY['SENT', 'DELIVERED', 'OPENED'])[1 + n % 3], 'one-' || n
                          FROM generate_series(1, 10500) n
                         UNION ALL
                        SELECT :other, timestamptz '2026-03-01T00:00:00Z' + n * interval '7 minutes', 8,
                               nullif(n % 5, 0),
                               (ARRAY['SENT', 'DELIVERED', 'DELAYED', 'BOUNCED', 'COMPLAINED', 'OPENED', 'CLICKED',
                                      'FAILED', 'SUPPRESSED', 'UNSUBSCRIBED'])[1 + n % 10], 'other-' || n
                          FROM generate_series(1, 200) n
                         UNION ALL
                        VALUES (:one, timestamptz '2026-03-01T00:00:00Z', 7, 1, 'email.scheduled', 'own word'),
                               (:one, '2026-03-01T00:00:00Z', NULL, 1, 'DELIVERED', 'of no campaign'),
                               (:other, '1999-03-01T00:00:00Z', 8, 1, 'OPENED', 'from another time')
                        """)
                .param("one", one)
                .param("other", other)
                .update();
    }

    private static String batchesOfEvents() {
        return """
        SELECT concat_ws(' ', workspace_id, batch, count(*), array_agg(DISTINCT campaign_id),
                         min(occurred_at), max(occurred_at))
          FROM event WHERE batch IS NOT NULL GROUP BY workspace_id, batch ORDER BY workspace_id, batch
        """;
    }

    private static String batches() {
        return """
        SELECT concat_ws(' ', workspace_id, id, events, campaigns, first_at, last_at)
          FROM event_batch ORDER BY workspace_id, id
        """;
    }

    /** The simplest query for events per hour, and contacts in the hour of their first time. */
    private static String counted() {
        String hours =
                """
                (SELECT workspace_id, campaign_id, type, date_trunc('hour', occurred_at, 'UTC') AS hour,
                        count(*) AS events,
                        count(*) FILTER (WHERE nth = 1 AND contact_id IS NOT NULL) AS contacts
                   FROM (SELECT *, row_number() OVER (PARTITION BY workspace_id, campaign_id, contact_id, type
                                                      ORDER BY occurred_at) AS nth
                           FROM event
                          WHERE campaign_id IS NOT NULL AND type <> 'email.scheduled') e
                  GROUP BY 1, 2, 3, 4) h
                """;
        return FIGURES.formatted(hours);
    }

    private static void rollup(TestDatabase database, long workspace) {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        UncountedBatches batches = new UncountedBatches(jdbc);
        TransactionTemplate transaction =
                new TransactionTemplate(new WorkspaceTransactionManager(database.dataSource()));
        WorkspaceScope.run(
                workspace,
                () ->
                        Objects.requireNonNull(
                                transaction.execute(
                                        _ ->
                                                new BatchCount(
                                                                jdbc,
                                                                batches,
                                                                new MailPrograms(jdbc))
                                                        .count(
                                                                new UncountedBatches.Range(
                                                                        EventShards.MIXED,
                                                                        1,
                                                                        batches.last(),
                                                                        0)))));
    }

    private static List<String> lines(JdbcClient owner, String sql) {
        return owner.sql(sql).query((row, _) -> row.getString(1)).list();
    }
}
