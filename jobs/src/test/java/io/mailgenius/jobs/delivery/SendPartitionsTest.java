package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.schema.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who sends a draft meets who forgets the thousand that it is of. */
class SendPartitionsTest {

    /** Whatever has ended by now has ended long ago. */
    private static final String FORGET = "SELECT forget_sends(now() + interval '1 day')";

    @Test
    void a_draft_that_is_sent_while_its_partition_goes_finds_a_new_one() throws Exception {
        try (SendFixture sendFixture = new SendFixture();
                Connection forgetting = sendFixture.database.owner().getConnection();
                Statement forget = forgetting.createStatement()) {
            sendFixture.people(5);
            sendFixture.worker();
            long before = sendFixture.draft();
            long draft = sendFixture.draft();
            allGivenAway(sendFixture.owner);
            // So sessions of this node have seen the partition.
            sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(before));
            sendFixture.ended(before);
            await().until(() -> idle(sendFixture.owner));

            forgetting.setAutoCommit(false);
            forget.execute(FORGET);
            assertThat(partitions(forget)).doesNotContain("send_from_0");
            CompletableFuture<Object> sending =
                    CompletableFuture.supplyAsync(
                            () ->
                                    sendFixture.in(
                                            () ->
                                                    sendFixture
                                                            .door(CampaignLifecycle.class)
                                                            .send(draft)));
            await().until(() -> waiting(sendFixture.owner) == 1);
            forgetting.commit();
            sending.get(10, TimeUnit.SECONDS);

            assertThat(sendFixture.ended(draft).counts().sent()).isEqualTo(5);
            assertThat(partitions(forget)).contains("send_from_0");
            assertThat(sendFixture.campaign(draft).sendsForgottenAt()).isNull();
            assertThat(sendFixture.campaign(before).sendsForgottenAt()).isNotNull();
        }
    }

    @Test
    void a_session_that_remembers_a_partition_makes_it_anew_all_the_same() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Connection sending = database.owner().getConnection();
                Connection forgetting = database.owner().getConnection();
                Statement send = sending.createStatement();
                Statement forget = forgetting.createStatement()) {
            allGivenAway(JdbcClient.create(database.owner()));
            send.execute("SELECT ensure_send_partition(5)");
            sending.setAutoCommit(false);
            // From here on it hears nothing of others until it locks a table.
            send.execute("SELECT 1");
            forget.execute(FORGET);
            assertThat(partitions(forget)).doesNotContain("send_from_0");

            send.execute("SELECT ensure_send_partition(5)");
            sending.commit();

            assertThat(partitions(forget)).contains("send_from_0");
        }
    }

    private static void allGivenAway(JdbcClient owner) {
        owner.sql("SELECT setval(pg_get_serial_sequence('campaign', 'id'), 999)")
                .query()
                .listOfRows();
    }

    private static boolean idle(JdbcClient owner) {
        return owner.sql("SELECT NOT EXISTS (SELECT FROM launch WHERE state <> 'COMPLETED')")
                .query(Boolean.class)
                .single();
    }

    private static int waiting(JdbcClient owner) {
        return owner.sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'")
                .query(Integer.class)
                .single();
    }

    private static List<String> partitions(Statement statement) throws SQLException {
        try (var rows =
                statement.executeQuery("SELECT relname FROM pg_class WHERE relispartition")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
