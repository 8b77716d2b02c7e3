package io.mailgenius.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Everything that must not happen is done here, and noticed. */
class VerifierTest {

    private static final long CAMPAIGN = 12;
    private static final List<String> PEOPLE = List.of("a@example.com", "b@example.com");

    @TempDir Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());
    private final long workspace = database.workspace("first");
    private Path file;

    /** Two people who got their mail, one who unsubscribed and one who is suppressed. */
    @BeforeEach
    void send() throws IOException {
        file = folder.resolve("accepted.tsv");
        for (String email : List.of("a", "b", "gone", "suppressed")) {
            owner.sql("INSERT INTO contact (workspace_id, email) VALUES (:w, :email)")
                    .param("w", workspace)
                    .param("email", email + "@example.com")
                    .update();
        }
        sql("UPDATE contact SET status = 'UNSUBSCRIBED' WHERE email = 'gone@example.com'");
        sql(
                """
                INSERT INTO suppression (workspace_id, email, reason, source)
                VALUES (:w, 'suppressed@example.com', 'MANUAL', 'test')
                """);
        sql(
                """
                INSERT INTO launch (id, workspace_id, job_name, job_key, state, job_instance_id, requested_at)
                VALUES (5, :w, 'campaign', '12', 'COMPLETED', 77, now())
                """);
        sql(
                """
                INSERT INTO campaign (id, workspace_id, name, subject, sender, text, audience, status, launched_at, launch_id)
                VALUES (12, :w, 'n', 's', 'x@example.com', 't', '{"all": true}', 'SENT', now(), 5)
                """);
        sql(
                """
                INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence, payload, state,
                                   counts, ready_at)
                VALUES (:w, 77, 'campaign.send', 0, 0, '{}', 'DONE', '{"sent": 2}', now())
                """);
        owner.sql("SELECT ensure_send_partition(12)").query(row -> {});
        sql(
                """
                INSERT INTO send (workspace_id, campaign_id, contact_id, status, recorded_at)
                SELECT :w, 12, id, 'SENT', now() FROM contact
                 WHERE email IN ('a@example.com', 'b@example.com')
                """);
        mailed("batch", PEOPLE);
    }

    private void sql(String statement) {
        JdbcClient.StatementSpec sql = owner.sql(statement);
        (statement.contains(":w") ? sql.param("w", workspace) : sql).update();
    }

    private void mailed(String key, List<String> addresses) throws IOException {
        try (AcceptedMails mails = new AcceptedMails(file)) {
            mails.add(key, addresses);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Verdict verdict() throws IOException {
        return new Verifier(file, database.url(), database.username(), database.password())
                .verify(CAMPAIGN);
    }

    @Test
    void nothing_is_said_about_a_send_that_reached_everybody_once() throws IOException {
        assertThat(verdict().complaints(2, 2)).isEmpty();
        assertThat(verdict().expected()).isEqualTo(2);
    }

    @Test
    void a_mail_too_many_is_noticed() throws IOException {
        mailed("another batch", List.of("b@example.com"));

        assertThat(verdict().doubled()).containsExactly("b@example.com");
        assertThat(verdict().complaints(2, 2))
                .containsExactlyInAnyOrder(
                        "1 people got more than one mail: b@example.com",
                        "3 mails at the provider, but 2 people to be mailed");
    }

    @Test
    void a_mail_that_is_missing_is_noticed() throws IOException {
        sql("INSERT INTO contact (workspace_id, email) VALUES (:w, 'c@example.com')");

        assertThat(verdict().missing()).containsExactly("c@example.com");
        assertThat(verdict().complaints(2, 2)).contains("1 people got no mail: c@example.com");
    }

    @Test
    void a_missing_mail_is_noticed_although_another_one_makes_the_sum_right() throws IOException {
        sql("INSERT INTO contact (workspace_id, email) VALUES (:w, 'c@example.com')");
        mailed("another batch", List.of("b@example.com"));

        assertThat(verdict().complaints(3, 3))
                .contains(
                        "1 people got no mail: c@example.com",
                        "1 people got more than one mail: b@example.com");
    }

    @Test
    void a_mail_to_somebody_who_must_not_get_one_is_noticed() throws IOException {
        mailed("another batch", List.of("gone@example.com", "suppressed@example.com"));

        assertThat(verdict().strangers())
                .containsExactly("gone@example.com", "suppressed@example.com");
        assertThat(verdict().complaints(2, 2)).isNotEmpty();
    }

    @Test
    void a_row_that_says_something_else_than_the_provider_is_noticed() throws IOException {
        sql(
                "UPDATE send SET status = 'UNKNOWN', reason = 'r' WHERE contact_id = (SELECT min(id) FROM contact)");

        assertThat(verdict().misrecorded()).containsExactly("a@example.com");
        assertThat(verdict().complaints(2, 2))
                .contains("Rows in send that do not say SENT: {UNKNOWN=1}");
    }

    @Test
    void a_chunk_that_counted_wrong_or_is_not_done_is_noticed() throws IOException {
        sql("UPDATE chunk SET counts = '{\"sent\": 1}'");
        assertThat(verdict().complaints(2, 2))
                .containsExactly("1 sent by the ledger, but 2 people to be mailed");

        sql("UPDATE chunk SET state = 'READY', counts = NULL");
        assertThat(verdict().complaints(2, 2)).contains("Not all chunks are DONE: {READY=1}");
    }

    @Test
    void a_campaign_that_counts_otherwise_is_noticed() throws IOException {
        assertThat(verdict().complaints(3, 2))
                .containsExactly("3 recipients of the campaign, but 2 people to be mailed");
        assertThat(verdict().complaints(2, 1))
                .containsExactly("1 sent by the campaign's counts, but 2 people to be mailed");
    }

    @Test
    void nobody_to_be_mailed_proves_nothing() throws IOException {
        sql("UPDATE contact SET status = 'UNSUBSCRIBED'");
        assertThat(verdict().complaints(0, 0)).contains("Nobody was to get a mail");
    }
}
