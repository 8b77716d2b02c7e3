package io.mailgenius.jobs.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.ManualClock;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Mails to people, when the provider does not answer and when there is nobody to mail. */
class PersonMailsTest {

    @TempDir private Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<MailBatch> sent = new ArrayList<>();
    private BatchOutcome answer = new BatchOutcome.Accepted(List.of("id"));
    private TestDatabase database;
    private PersonMails mails;
    private Identities identities;
    private long ada;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        mails = mails("people@example.com");
        ada =
                owner().sql(
                                """
                                INSERT INTO person (email, name, password_hash)
                                VALUES ('ada@example.com', 'Ada', 'none') RETURNING id
                                """)
                        .query(Long.class)
                        .single();
    }

    private PersonMails mails(String from) {
        WorkspaceSource source = new WorkspaceSource(database.dataSource());
        JdbcClient jdbc = JdbcClient.create(source);
        PersonStore people =
                new PersonStore(
                        jdbc, new TransactionTemplate(new WorkspaceTransactionManager(source)));
        identities =
                new Identities(
                        jdbc,
                        people,
                        new Passwords(),
                        new PersonSessions(jdbc, clock),
                        new AccessChanges(),
                        clock);
        return new PersonMails(
                people,
                new PersonMailStore(jdbc),
                new SecretEncryption(folder.resolve("keys.json")),
                new Provider() {
                    @Override
                    public BatchOutcome send(MailBatch batch) {
                        sent.add(batch);
                        return answer;
                    }

                    @Override
                    public Duration keyLife() {
                        return Duration.ofHours(24);
                    }
                },
                clock,
                from,
                "https://mail.example.com");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    private long count(String table) {
        return owner().sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    private static String token(MailBatch batch) {
        Matcher link =
                Pattern.compile("https://mail.example.com/reset/(\\S+)")
                        .matcher(Objects.requireNonNull(batch.mails().getFirst().text()));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    @Test
    void a_request_does_the_same_for_every_address_and_a_task_finds_out_who_has_it() {
        mails.requestReset("ada@example.com");
        mails.requestReset("nobody@example.com");

        assertThat(count("person_mail")).isEqualTo(2);
        assertThat(count("password_reset")).as("nobody was looked up").isZero();
        assertThat(sent).isEmpty();

        mails.sendDue();

        assertThat(sent).singleElement().matches(it -> identities.isReset(token(it)));
        assertThat(sent.getFirst().mails().getFirst().to()).isEqualTo("ada@example.com");
        assertThat(count("person_mail")).isZero();
        assertThat(count("password_reset")).isEqualTo(1);
    }

    @Test
    void a_mail_whose_answer_was_lost_is_the_same_mail_and_a_link_that_was_used_stays_over() {
        answer = new BatchOutcome.Unknown("lost");
        mails.requestReset("Ada@Example.com ");
        mails.sendDue();
        String token = token(sent.getFirst());
        assertThat(identities.isReset(token)).isTrue();
        identities.resetPassword(token, "four words of another kind");
        mails.sendDue();
        assertThat(sent).as("not before the pause is over").hasSize(1);

        clock.advance(Duration.ofSeconds(3));
        answer = new BatchOutcome.Accepted(List.of("id"));
        mails.sendDue();

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).isEqualTo(sent.getFirst());
        assertThat(identities.isReset(token)).as("the link that was used").isFalse();
        assertThat(count("person_mail")).isZero();
    }

    @Test
    void a_link_ends_an_hour_after_it_was_asked_for_and_so_does_a_mail_that_waits() {
        mails.requestReset("ada@example.com");
        mails.sendDue();
        String token = token(sent.getFirst());
        clock.advance(Duration.ofMinutes(59));
        assertThat(identities.isReset(token)).isTrue();
        clock.advance(Duration.ofMinutes(2));
        assertThat(identities.isReset(token)).isFalse();

        answer = new BatchOutcome.Halted("no such account");
        mails.requestReset("ada@example.com");
        mails.sendDue();
        clock.advance(Duration.ofMinutes(61));
        mails.sendDue();
        assertThat(sent).hasSize(2);
        assertThat(count("person_mail")).isZero();
    }

    @Test
    void somebody_who_is_disabled_gets_none_and_without_a_sender_nobody_does() {
        owner().sql("UPDATE person SET status = 'DISABLED' WHERE id = :id")
                .param("id", ada)
                .update();
        mails.requestReset("ada@example.com");
        mails.sendDue();
        assertThat(sent).isEmpty();
        assertThat(count("person_mail")).isZero();

        PersonMails silent = mails("");
        assertThatThrownBy(() -> silent.requestReset("ada@example.com"))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("MAILGENIUS_MAIL_FROM");
    }
}
