package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FollowUp.To;
import io.mailgenius.jobs.campaigns.FollowUps;
import io.mailgenius.jobs.segments.SegmentView;
import io.mailgenius.jobs.segments.Segments;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.SegmentStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** When it is forgotten who got a campaign's mail, and what is said of it then. */
class SendRetentionTest {

    private static final Duration KEEP = Duration.ofDays(90);

    private static SendFixture sendFixture;
    private static SendRetention retention;
    private static long thousand;

    @BeforeAll
    static void start() {
        sendFixture = new SendFixture();
        sendFixture.people(10);
        retention = new SendRetention(sendFixture.door(JdbcClient.class), KEEP, sendFixture.clock);
    }

    @AfterAll
    static void stop() {
        sendFixture.close();
    }

    @Test
    void a_partition_is_there_before_the_campaign_that_needs_it() {
        assertThat(partitions()).as("after the migration").contains(0L, 3_000L);
        upTo(76_998);
        retention.run();
        assertThat(partitions()).contains(76_000L, 77_000L, 78_000L, 79_000L);
        upTo(76_999);
        retention.run();
        assertThat(partitions()).contains(80_000L);
        upTo(100_000);
    }

    @Test
    void making_one_waits_for_nobody_who_sends() throws SQLException {
        try (Connection sending = sending();
                Connection maker = sendFixture.database.ownerSessions().getConnection();
                Statement statement = maker.createStatement()) {
            statement.execute("SET lock_timeout = '5s'");
            statement.execute("SELECT ensure_send_partition(900000)");
            assertThat(partitions()).contains(900_000L);
            sending.rollback();
        }
    }

    @Test
    void what_all_ended_long_ago_goes_and_its_counts_stay() {
        long first = ended(Duration.ofDays(91));
        long draft = sendFixture.draft();
        upTo(last());
        retention.run();

        assertThat(partitions()).doesNotContain(thousand);
        CampaignView view = sendFixture.campaign(first);
        assertThat(view.sendsForgottenAt()).isNotNull();
        assertThat(view.counts()).isEqualTo(new CampaignView.Counts(3, 2, 1, 0, 0));
        assertThat(sendFixture.campaign(draft).sendsForgottenAt()).isNull();
    }

    /** Each of them alone keeps the thousand, which goes when that is over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE campaign SET finished_at = now() - interval '89 days' WHERE id = :id",
                "UPDATE campaign SET finished_at = NULL, launched_at = now() WHERE id = :id",
                "UPDATE campaign SET status = 'PAUSED' WHERE id = :id",
                "UPDATE campaign SET status = 'SENDING' WHERE id = :id",
                "UPDATE campaign SET status = 'SCHEDULED', scheduled_at = now() WHERE id = :id",
                "UPDATE send SET status = 'UNKNOWN', reason = 'r' WHERE campaign_id = :id AND contact_id = 1",
                """
                WITH l AS (INSERT INTO launch (workspace_id, job_name, job_key, state, requested_at)
                           SELECT workspace_id, 'campaign', id::text, 'QUEUED', now() FROM campaign WHERE id = :id
                           RETURNING id)
                UPDATE campaign SET status = 'FAILED', launch_id = (SELECT id FROM l) WHERE id = :id
                """,
                """
                UPDATE campaign SET status = 'SENDING', html = 'x', launched_at = now(),
                       audience = jsonb_build_object('followUp', jsonb_build_object('campaignId', :id, 'to', 'FAILED'))
                 WHERE id = 1
                """,
                "SELECT setval(pg_get_serial_sequence('campaign', 'id'), (:id / 1000 + 1) * 1000 - 2) WHERE :id > 0"
            })
    void nothing_goes_that_somebody_still_needs(String need) {
        other();
        long id = ended(Duration.ofDays(91));
        upTo(last());
        JdbcClient.StatementSpec needed = sendFixture.owner.sql(need).param("id", id);
        if (need.startsWith("SELECT")) {
            needed.query().listOfRows();
        } else {
            needed.update();
        }
        retention.run();
        assertThat(partitions()).contains(thousand);
        assertThat(forgotten(id)).isFalse();

        sendFixture.owner.sql("DELETE FROM launch WHERE job_key = ?").param("" + id).update();
        sendFixture
                .owner
                .sql("UPDATE send SET status = 'SENT' WHERE campaign_id = ?")
                .param(id)
                .update();
        sendFixture.owner.sql("UPDATE campaign SET status = 'DRAFT' WHERE id = 1").update();
        sendFixture
                .owner
                .sql(
                        """
                        UPDATE campaign SET status = 'SENT', finished_at = now() - interval '91 days', launch_id = NULL
                         WHERE id = ?
                        """)
                .param(id)
                .update();
        upTo(last());
        retention.run();
        assertThat(partitions()).doesNotContain(thousand);
        assertThat(forgotten(id)).isTrue();
    }

    @Test
    void dropping_gives_way_to_who_sends_and_leaves_all_as_it_was() throws SQLException {
        long id = ended(Duration.ofDays(91));
        upTo(last());
        try (Connection sending = sending()) {
            retention.run();
            assertThat(partitions()).contains(thousand);
            assertThat(forgotten(id)).isFalse();
            sending.rollback();
        }
        retention.run();
        assertThat(forgotten(id)).isTrue();
    }

    @Test
    void of_two_nodes_each_partition_is_dropped_by_one() {
        long id = ended(Duration.ofDays(91));
        upTo(last());
        CompletableFuture<Void> other = CompletableFuture.runAsync(retention::run);
        retention.run();
        other.join();
        retention.run();
        assertThat(forgotten(id)).isTrue();
    }

    @Test
    void a_draft_that_is_sent_after_all_finds_a_partition() {
        ended(Duration.ofDays(91));
        long draft = sendFixture.draft();
        long between = thousand;
        upTo(last());
        retention.run();
        assertThat(partitions()).doesNotContain(between);

        TestNode worker = sendFixture.worker();
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(draft));
        assertThat(sendFixture.ended(draft).counts().sent()).isEqualTo(10);
        sendFixture.leave(worker);
        assertThat(partitions()).contains(between);
        retention.run();
        assertThat(forgotten(draft)).as("it has ended just now").isFalse();
        assertThat(
                        sendFixture.in(
                                () ->
                                        sendFixture
                                                .door(Sends.class)
                                                .page(draft, null, 0, 50)
                                                .items()))
                .hasSize(10);
    }

    @Test
    void whoever_asks_who_got_it_is_told_that_it_is_forgotten() {
        Sends sends = sendFixture.door(Sends.class);
        CampaignLifecycle lifecycle = sendFixture.door(CampaignLifecycle.class);
        long id = ended(Duration.ofDays(91));
        upTo(last());
        long early =
                sendFixture
                        .in(
                                () ->
                                        sendFixture
                                                .door(FollowUps.class)
                                                .create(id, To.FAILED, null, null))
                        .id();
        Sends.Export begun = sendFixture.in(() -> sends.export(id, null));
        retention.run();

        isForgotten(() -> sends.page(id, null, 0, 50));
        isForgotten(() -> sends.export(id, null));
        isForgotten(() -> begun.writeTo(new ByteArrayOutputStream()));
        for (To to : To.values()) {
            isForgotten(() -> sendFixture.door(FollowUps.class).create(id, to, null, null));
        }
        isForgotten(() -> lifecycle.send(early));
        assertThat(sendFixture.campaign(early).status()).isEqualTo(CampaignStatus.DRAFT);
        sendFixture
                .owner
                .sql("UPDATE campaign SET status = 'FAILED' WHERE id = ?")
                .param(id)
                .update();
        isForgotten(() -> lifecycle.begun(id));
    }

    /** Its first half may be written down already when the campaign is forgotten. */
    @Test
    void an_audience_that_is_enumerated_meanwhile_does_not_end_as_if_it_were_whole() {
        long id = ended(Duration.ofDays(91));
        upTo(last());
        retention.run();
        long follower = sendFixture.draft();
        sendFixture
                .owner
                .sql(
                        """
                        UPDATE campaign SET status = 'SCHEDULED', scheduled_at = now(),
                               audience = jsonb_build_object('followUp', jsonb_build_object('campaignId', ?::bigint,
                                                                                            'to', 'FAILED'))
                         WHERE id = ?
                        """)
                .params(id, follower)
                .update();
        TestNode worker = sendFixture.worker();
        long launch =
                sendFixture.in(
                        () ->
                                sendFixture
                                        .door(Launches.class)
                                        .launch(
                                                new LaunchRequest(
                                                        Campaigns.JOB,
                                                        "" + follower,
                                                        Map.of("campaignId", "" + follower),
                                                        Priority.HIGH))
                                        .id());
        sendFixture
                .owner
                .sql("UPDATE campaign SET launch_id = ? WHERE id = ?")
                .params(launch, follower)
                .update();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sendFixture.campaign(follower).status() == CampaignStatus.FAILED);
        sendFixture.leave(worker);
        assertThat(sendFixture.campaign(follower).problem()).contains("forgotten");
    }

    @Test
    void a_segment_of_those_who_were_mailed_fails_and_keeps_its_members() {
        Segments segments = sendFixture.door(Segments.class);
        long id = ended(Duration.ofDays(91));
        upTo(last());
        String rule = "{\"field\": \"mailed\", \"op\": \"in\", \"value\": %d}".formatted(id);
        var json = JsonMapper.shared().readTree("{\"none\": [{\"all\": [" + rule + "]}]}");
        TestNode worker = sendFixture.worker();
        SegmentView made = sendFixture.in(() -> segments.create("not mailed " + id, json));
        assertThat(settled(made).members()).isEqualTo(8);
        assertThat(sendFixture.in(() -> segments.preview(json)).count()).isEqualTo(8);

        retention.run();
        sendFixture
                .owner
                .sql(
                        "UPDATE segment SET counted_at = counted_at - interval '6 minutes' WHERE id = ?")
                .param(made.id())
                .update();
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> sendFixture.in(() -> segments.find(made.id())).status(),
                        status -> status == SegmentStatus.FAILED);
        sendFixture.leave(worker);
        assertThat(sendFixture.in(() -> segments.find(made.id())).members()).isEqualTo(8);
        assertThatThrownBy(() -> sendFixture.in(() -> segments.preview(json)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("The sends of campaign %d have been purged".formatted(id));
        assertThat(
                        sendFixture
                                .in(
                                        () ->
                                                segments.preview(
                                                        JsonMapper.shared()
                                                                .readTree(
                                                                        rule.replace(
                                                                                "mailed",
                                                                                "opened"))))
                                .count())
                .as("what came back is kept")
                .isZero();
    }

    private static SegmentView settled(SegmentView made) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                sendFixture.in(
                                        () -> sendFixture.door(Segments.class).find(made.id())),
                        view -> view.status() != SegmentStatus.BUILDING);
    }

    @FunctionalInterface
    private interface Asking {
        void ask() throws IOException;
    }

    private static void isForgotten(Asking asked) {
        assertThatThrownBy(
                        () ->
                                WorkspaceScope.<Void, IOException>call(
                                        sendFixture.workspace,
                                        () -> {
                                            asked.ask();
                                            return null;
                                        }))
                .isInstanceOfSatisfying(
                        Refusal.Conflict.class,
                        refusal -> assertThat(refusal.problem()).isEqualTo("sends-forgotten"))
                .hasMessageContaining("MAILGENIUS_KEEP_SENDS");
    }

    /** A campaign to three people, the first of a thousand of its own. */
    private static long ended(Duration ago) {
        retention.run();
        thousand = partitions().getLast() + 1_000;
        upTo(thousand - 1);
        retention.run();
        long id = sendFixture.over();
        assertThat(id).isEqualTo(thousand);
        sendFixture.outcome(id, "SENT", null, 1, 2);
        sendFixture.outcome(id, "FAILED", "no such address", 3);
        sendFixture
                .owner
                .sql(
                        "UPDATE campaign SET finished_at = now() - make_interval(days => ?) WHERE id = ?")
                .params((int) ago.toDays(), id)
                .update();
        return id;
    }

    /** The campaign 1, whatever ran before. */
    private static void other() {
        sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO campaign (id, workspace_id, name, subject, sender, audience)
                        VALUES (1, ?, 'c', 's', 'news@example.com', '{"all": true}') ON CONFLICT DO NOTHING
                        """)
                .param(sendFixture.workspace)
                .update();
    }

    private static long last() {
        return thousand + 999;
    }

    /** As if so many campaigns had been made. */
    private static void upTo(long id) {
        sendFixture
                .owner
                .sql("SELECT setval(pg_get_serial_sequence('campaign', 'id'), ?)")
                .param(id)
                .query()
                .listOfRows();
    }

    private static boolean forgotten(long id) {
        return sendFixture.campaign(id).sendsForgottenAt() != null;
    }

    private static List<Long> partitions() {
        return sendFixture
                .owner
                .sql(
                        """
                        SELECT substr(relname, 11)::bigint FROM pg_class
                         WHERE relispartition AND relkind = 'r' AND relname LIKE 'send_from_%' ORDER BY 1
                        """)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** Somebody in the middle of a transaction that writes sends. */
    private static Connection sending() throws SQLException {
        Connection sending = sendFixture.database.owner().getConnection();
        sending.setAutoCommit(false);
        try (Statement statement = sending.createStatement()) {
            statement.execute("LOCK TABLE send IN ROW EXCLUSIVE MODE");
        }
        return sending;
    }
}
