package io.mailgenius.jobs.events;

import static io.mailgenius.jobs.events.EventsFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.SuppressionReason;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events apply to the address that was mailed, whatever happened to the contact since. */
class MailedAddressTest {

    private static final String PERMANENT = ",\"bounce\":{\"type\":\"Permanent\"}";
    private static final String TRANSIENT = ",\"bounce\":{\"type\":\"Transient\"}";

    private final EventsFixture fixture = new EventsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** These mails were sent to ada@example.com. */
    private Receipt comesBack(String type, long contact, String more) {
        return fixture.post(UUID.randomUUID().toString(), fixture.body(type, 7, contact, more));
    }

    private List<String> suppressed() {
        return fixture.owner
                .sql("SELECT email || ' ' || reason || ' ' || source FROM suppression ORDER BY 1")
                .query(String.class)
                .list();
    }

    private List<String> contacts() {
        return fixture.owner
                .sql("SELECT email || ' ' || status FROM contact ORDER BY 1")
                .query(String.class)
                .list();
    }

    private void change(long contact, String email) {
        fixture.owner
                .sql("UPDATE contact SET email = ? WHERE id = ?")
                .params(email, contact)
                .update();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email.bounced    | ,\"bounce\":{\"type\":\"Permanent\"} | BOUNCED bounce",
                "email.complained | ''                                   | COMPLAINED complaint",
                "email.suppressed | ,\"suppressed\":{\"type\":\"OnAccountSuppressionList\"} | BOUNCED provider's suppression list"
            })
    void a_contact_with_a_new_address_keeps_its_status(
            String type, String more, String suppression) {
        long ada = fixture.contact("ada@example.com");
        change(ada, "ada@new.example");
        comesBack(type, ada, more == null ? "" : more);
        assertThat(suppressed()).containsExactly("ada@example.com " + suppression);
        assertThat(contacts()).containsExactly("ada@new.example SUBSCRIBED");
    }

    @Test
    void a_contact_that_was_deleted_and_created_again_is_not_mailed() {
        long ada = fixture.contact("ada@example.com");
        fixture.owner.sql("DELETE FROM contact WHERE id = ?").param(ada).update();
        fixture.contact("ada@example.com");
        comesBack("email.bounced", ada, PERMANENT);
        assertThat(suppressed()).containsExactly("ada@example.com BOUNCED bounce");
        assertThat(contacts()).containsExactly("ada@example.com BOUNCED");
    }

    @Test
    void the_address_of_a_deleted_contact_is_suppressed() {
        long ada = fixture.contact("ada@example.com");
        fixture.owner.sql("DELETE FROM contact WHERE id = ?").param(ada).update();
        comesBack("email.complained", ada, "");
        fixture.events.record(unsubscribed(ada, "ada2@example.com"));
        assertThat(suppressed())
                .containsExactly(
                        "ada2@example.com UNSUBSCRIBED unsubscribe link",
                        "ada@example.com COMPLAINED complaint");
    }

    @Test
    void an_unsubscribe_applies_to_the_address_that_was_mailed() {
        long ada = fixture.contact("ada@example.com");
        change(ada, "ada@new.example");
        fixture.events.record(unsubscribed(ada, "ada@example.com"));
        assertThat(suppressed()).containsExactly("ada@example.com UNSUBSCRIBED unsubscribe link");
        assertThat(contacts()).containsExactly("ada@new.example SUBSCRIBED");
        // Links of older mails have no address, so that of the contact is used.
        fixture.events.record(unsubscribed(ada, null));
        assertThat(contacts()).containsExactly("ada@new.example UNSUBSCRIBED");
    }

    private Event unsubscribed(long contact, @org.jspecify.annotations.Nullable String email) {
        return new Event(
                fixture.workspace,
                NOW,
                7L,
                contact,
                "UNSUBSCRIBED",
                UUID.randomUUID().toString(),
                null,
                null,
                SuppressionReason.UNSUBSCRIBED,
                email);
    }

    @Test
    void bounces_of_the_old_address_do_not_count_for_the_new_one() {
        long ada = fixture.contact("ada@new.example");
        for (int n = 0; n < 4; n++) {
            comesBack("email.bounced", ada, TRANSIENT);
        }
        String toNew =
                fixture.body("email.bounced", 7, ada, TRANSIENT)
                        .replace("ada@example.com", "ada@new.example");
        fixture.post("new", toNew);
        assertThat(suppressed()).isEmpty();
        comesBack("email.bounced", ada, TRANSIENT);
        assertThat(suppressed()).containsExactly("ada@example.com BOUNCED transient bounces");
        assertThat(contacts()).containsExactly("ada@new.example SUBSCRIBED");
    }

    @Test
    void the_address_is_not_stored_with_the_bounce() {
        comesBack("email.bounced", fixture.contact("ada@example.com"), TRANSIENT);
        assertThat(fixture.owner.sql("SELECT detail::text FROM event").query(String.class).single())
                .contains("mailbox")
                .doesNotContain("ada");
    }

    @ParameterizedTest
    @CsvSource({"bounce, BOUNCED", "complaint, COMPLAINED", "manual, UNSUBSCRIBED"})
    void the_providers_suppression_list_adds_and_removes_suppressions(
            String origin, String status) {
        fixture.contact("ada@example.com");
        fixture.post("added", listed("suppression.added", "ada@example.com", origin));
        fixture.post("added", listed("suppression.added", "ada@example.com", origin));
        assertThat(contacts()).containsExactly("ada@example.com " + status);
        assertThat(suppressed()).singleElement().asString().endsWith("provider's suppression list");
        assertThat(fixture.count("event")).isEqualTo(1);
        fixture.post("removed", listed("suppression.removed", "ada@example.com", origin));
        assertThat(suppressed()).isEmpty();
        assertThat(contacts())
                .as("removing a suppression does not subscribe the contact")
                .containsExactly("ada@example.com " + status);
    }

    @Test
    void the_providers_list_does_not_remove_other_suppressions() {
        long ada = fixture.contact("ada@example.com");
        fixture.events.record(unsubscribed(ada, "ada@example.com"));
        fixture.post("removed", listed("suppression.removed", "ada@example.com", "manual"));
        assertThat(suppressed()).containsExactly("ada@example.com UNSUBSCRIBED unsubscribe link");
    }

    @Test
    void a_suppression_is_stored_only_in_workspaces_with_the_address() {
        long other = fixture.database.workspace("Other");
        fixture.contact("ada@example.com");
        assertThat(fixture.post("1", listed("suppression.added", "ada@example.com", "bounce")))
                .isEqualTo(new Receipt.Stored());
        assertThat(
                        fixture.owner
                                .sql("SELECT workspace_id FROM suppression")
                                .query(Long.class)
                                .list())
                .containsExactly(fixture.workspace)
                .doesNotContain(other);
        assertThat(fixture.post("2", listed("suppression.added", "eve@example.com", "bounce")))
                .isEqualTo(new Receipt.Unaddressed("suppression.added"));
    }

    private static String listed(String type, String email, String origin) {
        return """
        {"type":"%s","created_at":"2026-03-05T11:22:33.444Z","data":{
          "id":"e169aa45-1ecf-4183-9955-b1499d5701d3","email":"%s","origin":"%s","source_id":null,
          "created_at":"2026-03-05T11:22:33.000Z"}}
        """
                .formatted(type, email, origin);
    }

    @Test
    void mails_that_fail_after_acceptance_pause_their_campaign() {
        for (int n = 0; n < 4; n++) {
            comesBack("email.failed", 40 + n, ",\"failed\":{\"reason\":\"reached_daily_quota\"}");
        }
        assertThat(unhealthy()).isEmpty();
        comesBack("email.failed", 50, ",\"failed\":{\"reason\":\"reached_daily_quota\"}");
        assertThat(unhealthy()).containsExactly(7L);
        comesBack("email.delivered", 60, "");
        assertThat(unhealthy()).as("others arrive").isEmpty();
    }

    private List<Long> unhealthy() {
        return fixture.owner
                .sql("SELECT campaign_id FROM unhealthy_campaigns()")
                .query(Long.class)
                .list();
    }
}
