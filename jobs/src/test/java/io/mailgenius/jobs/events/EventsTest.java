package io.mailgenius.jobs.events;

import static io.mailgenius.jobs.events.EventsFixture.NOW;
import static io.mailgenius.jobs.events.EventsFixture.SECRET;
import static io.mailgenius.jobs.events.EventsFixture.sign;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.SuppressionReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final Receipt STORED = new Receipt.Stored();
    private static final Receipt DUPLICATE = new Receipt.Duplicate();

    private final EventsFixture fixture = new EventsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_signed_event_is_stored_with_its_receipt_and_batch() {
        String body =
                fixture.body(
                        "email.clicked",
                        7,
                        41,
                        """
                        ,"click":{"ipAddress":"192.0.2.1","link":"https://example.com/","timestamp":"2026-03-05T11:22:33.000Z","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
                        """);
        assertThat(fixture.post("msg_1", body)).isEqualTo(STORED);
        assertThat(event())
                .containsEntry("workspace_id", fixture.workspace)
                .containsEntry("campaign_id", 7L)
                .containsEntry("contact_id", 41L)
                .containsEntry("type", "CLICKED")
                .containsEntry("message_id", "msg_1")
                .containsEntry("provider_id", "56761188-7520-42d8-8898-ff6fc54ce618")
                .containsEntry("at", "2026-03-05T11:22:33.444")
                .containsEntry("link", "https://example.com/");
        assertThat(fixture.count("event_receipt")).isEqualTo(1);
        assertThat(
                        fixture.owner
                                .sql(
                                        """
                                        SELECT b.campaigns[1] AS campaign, b.events, e.batch = b.id AS named
                                          FROM event e, event_batch b
                                        """)
                                .query()
                                .listOfRows())
                .containsExactly(Map.of("campaign", 7L, "events", 1, "named", true));
    }

    @Test
    void a_wrong_signature_changes_nothing() {
        String body = fixture.body("email.opened", 7, 41, "");
        String signature = sign(SECRET, "msg_1", NOW, body);
        assertThat(fixture.post("msg_1", NOW, signature, body + " "))
                .isEqualTo(new Receipt.BadSignature());
        assertThat(fixture.post("msg_2", NOW, signature, body))
                .isEqualTo(new Receipt.BadSignature());
        assertThat(fixture.post("msg_1", NOW.plusSeconds(1), signature, body))
                .isEqualTo(new Receipt.BadSignature());
        assertThat(fixture.count("event")).isZero();
        assertThat(fixture.count("event_receipt")).isZero();
    }

    @Test
    void timestamps_may_be_off_by_five_minutes() {
        assertThat(postedAt(NOW.minusSeconds(300))).isEqualTo(STORED);
        assertThat(postedAt(NOW.plusSeconds(300))).isEqualTo(STORED);
        assertThat(postedAt(NOW.minusSeconds(301)))
                .isEqualTo(new Receipt.TooOld(Duration.ofSeconds(301)));
        assertThat(postedAt(NOW.plusSeconds(301)))
                .isEqualTo(new Receipt.TooOld(Duration.ofSeconds(-301)));
    }

    @Test
    void stored_means_durable_even_with_synchronous_commit_off() throws Exception {
        // The embedded server of the tests has synchronous_commit off.
        try (var connection = fixture.database.owner().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE FUNCTION refuse_early_answers() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF current_setting('synchronous_commit') = 'off' THEN
                            RAISE 'this commit would not wait for the disk';
                        END IF;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER refuse BEFORE INSERT ON event_receipt
                        FOR EACH ROW EXECUTE FUNCTION refuse_early_answers();
                    """);
        }
        assertThat(fixture.post("msg_1", fixture.body("email.opened", 7, 41, "")))
                .isEqualTo(STORED);
    }

    @Test
    void a_redelivered_message_is_stored_once() {
        String body = fixture.body("email.delivered", 7, 41, "");
        assertThat(fixture.post("msg_1", body)).isEqualTo(STORED);
        assertThat(fixture.post("msg_1", body)).isEqualTo(DUPLICATE);
        assertThat(fixture.count("event")).isEqualTo(1);
        assertThat(fixture.count("event_batch")).isEqualTo(1);
    }

    @Test
    void of_concurrent_deliveries_one_is_stored() throws Exception {
        String body = fixture.body("email.delivered", 7, 41, "");
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Receipt>> answers =
                    IntStream.range(0, 200)
                            .mapToObj(
                                    i -> callers.submit(() -> fixture.post("msg_" + i % 20, body)))
                            .toList();
            int stored = 0;
            for (Future<Receipt> answer : answers) {
                stored += answer.get().equals(STORED) ? 1 : 0;
            }
            assertThat(stored).isEqualTo(20);
        }
        assertThat(fixture.count("event")).isEqualTo(20);
    }

    @Test
    void an_event_of_an_unknown_type_is_stored_and_not_counted() {
        assertThat(fixture.post("msg_1", fixture.body("email.scheduled", 7, 41, "")))
                .isEqualTo(STORED);
        assertThat(event())
                .containsEntry("type", "email.scheduled")
                .containsEntry("subject", "News");
        assertThat(fixture.count("event_batch")).isZero();
    }

    @Test
    void an_event_may_arrive_before_its_send_is_stored() {
        assertThat(fixture.count("send")).isZero();
        assertThat(fixture.post("msg_1", fixture.body("email.delivered", 99, 41, "")))
                .isEqualTo(STORED);
        assertThat(event()).containsEntry("campaign_id", 99L);
    }

    @Test
    void tags_of_older_messages_are_read_too() {
        String body =
                """
                {"type":"email.sent","created_at":"2026-03-05T11:22:33.444Z","data":{"tags":[
                  {"name":"workspace_id","value":"%d"},{"name":"campaign_id","value":"7"},
                  {"name":"contact_id","value":"41"}]}}
                """
                        .formatted(fixture.workspace);
        assertThat(fixture.post("msg_1", body)).isEqualTo(STORED);
        assertThat(event()).containsEntry("campaign_id", 7L).containsEntry("contact_id", 41L);
    }

    @Test
    void an_event_without_a_campaign_is_stored_and_one_without_a_workspace_is_not() {
        String body = "{\"type\":\"email.sent\",\"data\":{\"tags\":{\"workspace_id\":\"%s\"}}}";
        assertThat(fixture.post("msg_1", body.formatted(fixture.workspace))).isEqualTo(STORED);
        Receipt nobody = new Receipt.Unaddressed("email.sent");
        assertThat(fixture.post("msg_2", body.formatted("x"))).isEqualTo(nobody);
        assertThat(fixture.post("msg_3", "{\"type\":\"email.sent\"}")).isEqualTo(nobody);
        assertThat(fixture.post("msg_4", body.formatted(4711)).settled()).isTrue();
        assertThat(fixture.count("event")).isEqualTo(1);
        assertThat(fixture.count("event_receipt")).isEqualTo(1);
        assertThat(fixture.count("event_batch")).isZero();
        assertThat(
                        fixture.meters
                                .counter("mailgenius.events.received", "outcome", "unaddressed")
                                .count())
                .isEqualTo(3);
    }

    @Test
    void an_implausible_time_is_replaced_by_that_of_the_signature() {
        for (String odd :
                List.of("", "yesterday", "0001-01-01T00:00:00Z", "2036-03-05T11:22:33Z")) {
            String body =
                    fixture.body("email.opened", 7, 41, "")
                            .replace("2026-03-05T11:22:33.444Z", odd);
            assertThat(fixture.post("msg_" + odd, body)).isEqualTo(STORED);
        }
        assertThat(
                        fixture.owner
                                .sql("SELECT DISTINCT occurred_at FROM event")
                                .query(Instant.class)
                                .list())
                .containsExactly(NOW);
    }

    @Test
    void an_invalid_body_is_unreadable() {
        for (String body : List.of("", "{", "[1]", "null", "{\"data\":{}}", "{\"type\":7}")) {
            assertThat(fixture.post("msg_1", body)).isInstanceOf(Receipt.Unreadable.class);
        }
    }

    @Test
    void characters_that_the_database_cannot_store_are_replaced() {
        String body =
                fixture.body(
                        "email.opened", 7, 41, ",\"open\":{\"userAgent\":\"a\\u0000b\\ud800\"}");
        assertThat(fixture.post("msg_1", body)).isEqualTo(STORED);
    }

    @Test
    void an_event_that_the_database_rejects_does_not_affect_the_others() {
        List<Event> batch =
                IntStream.range(0, 9)
                        .mapToObj(i -> event("msg_" + i, i == 4 ? "no JSON" : "{}"))
                        .toList();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            batch.forEach(event -> callers.submit(() -> fixture.events.record(event)));
        }
        assertThat(
                        fixture.owner
                                .sql("SELECT message_id FROM event ORDER BY 1")
                                .query(String.class)
                                .list())
                .hasSize(8)
                .doesNotContain("msg_4");
    }

    @Test
    void an_event_that_fails_otherwise_may_be_sent_again() {
        fixture.owner
                .sql(
                        """
                        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE 'no, %', NEW.message_id; END $$
                        """)
                .update();
        fixture.owner
                .sql(
                        """
                        CREATE TRIGGER fail BEFORE INSERT ON event
                            FOR EACH ROW WHEN (NEW.message_id = 'msg_4') EXECUTE FUNCTION fail()
                        """)
                .update();
        List<Receipt> receipts =
                fixture.events.record(
                        IntStream.range(0, 9).mapToObj(i -> event("msg_" + i, "{}")).toList());
        assertThat(receipts.get(4)).isInstanceOf(Receipt.Failed.class);
        assertThat(receipts).filteredOn(STORED::equals).hasSize(8);
    }

    @Test
    void a_permanent_bounce_and_a_complaint_suppress_at_once_and_a_transient_one_does_not() {
        long bounced = fixture.contact("bounced@example.com");
        long full = fixture.contact("full@example.com");
        long angry = fixture.contact("angry@example.com");
        String bounce = ",\"bounce\":{\"type\":\"%s\",\"subType\":\"General\",\"message\":\"m\"}";
        fixture.post(
                "1",
                fixture.body("email.bounced", 7, bounced, bounce.formatted("Permanent"))
                        .replace("ada@", "bounced@"));
        fixture.post(
                "2",
                fixture.body("email.bounced", 7, full, bounce.formatted("Transient"))
                        .replace("ada@", "full@"));
        fixture.post("3", fixture.body("email.complained", 7, angry, "").replace("ada@", "angry@"));
        assertThat(
                        fixture.owner
                                .sql("SELECT email, reason FROM suppression ORDER BY email")
                                .query((row, _) -> row.getString(1) + " " + row.getString(2))
                                .list())
                .containsExactly("angry@example.com COMPLAINED", "bounced@example.com BOUNCED");
        assertThat(
                        fixture.owner
                                .sql("SELECT status FROM contact ORDER BY id")
                                .query(String.class)
                                .list())
                .containsExactly("BOUNCED", "SUBSCRIBED", "COMPLAINED");
    }

    @Test
    void events_of_our_own_pages_are_stored_like_others() {
        long contact = fixture.contact("ada@example.com");
        Event unsubscribed =
                new Event(
                        fixture.workspace,
                        NOW,
                        7L,
                        contact,
                        EventType.UNSUBSCRIBED.name(),
                        "unsubscribe:7:" + contact,
                        null,
                        null,
                        SuppressionReason.UNSUBSCRIBED);
        assertThat(fixture.events.record(unsubscribed)).isEqualTo(STORED);
        assertThat(fixture.events.record(unsubscribed)).isEqualTo(DUPLICATE);
        assertThat(fixture.owner.sql("SELECT status FROM contact").query(String.class).single())
                .isEqualTo("UNSUBSCRIBED");
    }

    @Test
    void an_event_goes_to_the_partition_of_its_month() {
        assertThat(fixture.events.ensurePartitions()).isZero();
        fixture.post("msg_1", fixture.body("email.opened", 7, 41, ""));
        assertThat(fixture.count("event_2026_03")).isEqualTo(1);
        assertThat(fixture.count("event_other")).isZero();
    }

    private Receipt postedAt(Instant at) {
        String body = fixture.body("email.opened", 7, 41, "");
        String id = "msg_" + at;
        return fixture.post(id, at, sign(SECRET, id, at, body), body);
    }

    private Event event(String id, String detail) {
        return new Event(fixture.workspace, NOW, 7L, 41L, "OPENED", id, null, detail, null);
    }

    private Map<String, Object> event() {
        return fixture.owner
                .sql(
                        """
                        SELECT *, detail ->> 'link' AS link, detail ->> 'subject' AS subject,
                               to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') AS at
                          FROM event
                        """)
                .query()
                .singleRow();
    }

    /** Whoever has the secret of an account can sign whatever tags they like. */
    @Test
    void the_account_of_one_workspace_reports_nothing_about_another() {
        long other = fixture.database.workspace("Other");
        String body = fixture.body("email.delivered", 7, 41, "");
        String signature = sign(EventsFixture.NEXT_SECRET, "msg_9", NOW, body);
        Events.SignedMessage message =
                new Events.SignedMessage(
                        "msg_9",
                        Long.toString(NOW.getEpochSecond()),
                        signature,
                        body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        WebhookSecrets ofAccount = WebhookSecrets.of(EventsFixture.NEXT_SECRET);

        assertThat(fixture.events.receive(ofAccount, message, other))
                .isInstanceOf(Receipt.Unaddressed.class);
        assertThat(fixture.count("event")).isZero();
        assertThat(fixture.events.receive(message)).isInstanceOf(Receipt.BadSignature.class);
        assertThat(fixture.events.receive(ofAccount, message, fixture.workspace)).isEqualTo(STORED);
    }
}
