package io.mailgenius.jobs.contacts;

import static io.mailgenius.jobs.contacts.ContactsTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuppressionsTest {

    private static final LaunchFixture DOORS =
            new LaunchFixture(Contacts.class, Suppressions.class);

    private final Contacts contacts = DOORS.door(Contacts.class);
    private final Suppressions suppressions = DOORS.door(Suppressions.class);

    @BeforeEach
    void empty() {
        DOORS.database.empty("contact", "suppression");
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void every_reason_gives_the_contact_its_status() {
        for (SuppressionReason reason : SuppressionReason.values()) {
            String email = reason.name().toLowerCase(java.util.Locale.ROOT) + "@example.com";
            long id = contact(email);

            add(email, reason);

            assertThat(DOORS.in(() -> contacts.find(id)).status())
                    .as(reason.name())
                    .isEqualTo(Suppressions.status(reason))
                    .isNotEqualTo(ContactStatus.SUBSCRIBED);
        }
    }

    @Test
    void an_address_that_no_contact_has_can_be_suppressed() {
        SuppressionView eve = add(" EVE@example.com", SuppressionReason.MANUAL);

        assertThat(eve.email()).isEqualTo("eve@example.com");
        assertThat(eve.source()).isEqualTo("test");
        assertProblem("email-is-malformed", () -> add("eve", SuppressionReason.MANUAL));
    }

    @Test
    void the_weightiest_reason_stays() {
        long id = contact("ada@example.com");
        add("ada@example.com", SuppressionReason.MANUAL);
        add("ada@example.com", SuppressionReason.COMPLAINED);
        add("ada@example.com", SuppressionReason.UNSUBSCRIBED);

        assertThat(find("ada@example.com").reason()).isEqualTo(SuppressionReason.COMPLAINED);
        assertThat(DOORS.in(() -> contacts.find(id)).status()).isEqualTo(ContactStatus.COMPLAINED);
    }

    @Test
    void a_suppression_holds_for_every_spelling_of_the_address() {
        add("Me <ME@straße.example>", SuppressionReason.COMPLAINED);

        for (String spelling :
                new String[] {
                    "me@xn--strae-oqa.example",
                    "<me@straße.example>",
                    "mailto:me@straße.example",
                    "\"me\"@XN--STRAE-OQA.example.",
                }) {
            assertThat(find(spelling).email()).isEqualTo("me@xn--strae-oqa.example");
            long id = contact(spelling);
            assertThat(DOORS.in(() -> contacts.find(id)).status())
                    .as(spelling)
                    .isEqualTo(ContactStatus.COMPLAINED);
            DOORS.run(() -> contacts.delete(id));
        }
        long another = contact("me@strasse.example");
        assertThat(DOORS.in(() -> contacts.find(another)).status())
                .isEqualTo(ContactStatus.SUBSCRIBED);
    }

    @Test
    void a_removed_suppression_does_not_subscribe_anyone() {
        long id = contact("ada@example.com");
        add("ada@example.com", SuppressionReason.UNSUBSCRIBED);

        DOORS.run(() -> suppressions.remove(EmailAddress.required("ada@example.com")));

        assertThat(DOORS.in(() -> contacts.find(id)).status())
                .isEqualTo(ContactStatus.UNSUBSCRIBED);
        assertProblem(
                "suppression-not-found",
                () ->
                        DOORS.run(
                                () ->
                                        suppressions.remove(
                                                EmailAddress.required("ada@example.com"))));
    }

    @Test
    void pages_follow_the_addresses() {
        for (String name : List.of("c", "a", "b")) {
            add(name + "@example.com", SuppressionReason.MANUAL);
        }

        var first = DOORS.in(() -> suppressions.page(null, 2));
        var second = DOORS.in(() -> suppressions.page(first.next(), 2));

        assertThat(first.items())
                .extracting(SuppressionView::email)
                .containsExactly("a@example.com", "b@example.com");
        assertThat(second.items())
                .extracting(SuppressionView::email)
                .containsExactly("c@example.com");
        assertThat(second.next()).isNull();
    }

    @Test
    void the_same_addresses_added_from_many_sides_at_once_lock_no_one_out() throws Exception {
        List<EmailAddress> addresses =
                IntStream.range(0, 200)
                        .mapToObj(i -> EmailAddress.required("c" + i + "@example.com"))
                        .toList();
        addresses.forEach(address -> contact(address.value()));
        List<Callable<Void>> adders = new ArrayList<>();
        for (int adder = 0; adder < 6; adder++) {
            SuppressionReason reason =
                    SuppressionReason.values()[adder % SuppressionReason.values().length];
            List<EmailAddress> shuffled = new ArrayList<>(addresses);
            Collections.shuffle(shuffled);
            adders.add(
                    () -> {
                        DOORS.run(() -> suppressions.addAll(shuffled, reason, "test"));
                        return null;
                    });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : threads.invokeAll(adders)) {
                done.get();
            }
        }

        assertThat(
                        DOORS.owner()
                                .sql("SELECT DISTINCT reason FROM suppression")
                                .query(String.class)
                                .list())
                .containsExactly("COMPLAINED");
    }

    @Test
    void each_reason_has_its_weight_in_the_store() {
        // The order is written in SQL: one that is missing there would never win nor lose.
        for (SuppressionReason first : SuppressionReason.values()) {
            for (SuppressionReason second : SuppressionReason.values()) {
                DOORS.database.empty("suppression");
                add("ada@example.com", first);
                add("ada@example.com", second);
                SuppressionReason forward = find("ada@example.com").reason();
                DOORS.database.empty("suppression");
                add("ada@example.com", second);
                add("ada@example.com", first);
                assertThat(find("ada@example.com").reason())
                        .as(Arrays.asList(first, second).toString())
                        .isEqualTo(forward);
            }
        }
    }

    private long contact(String email) {
        return DOORS.in(() -> contacts.create(ContactDraft.of(email))).id();
    }

    private SuppressionView add(String email, SuppressionReason reason) {
        return DOORS.in(() -> suppressions.add(email, reason, "test"));
    }

    private SuppressionView find(String email) {
        return DOORS.in(() -> suppressions.find(EmailAddress.required(email))).orElseThrow();
    }
}
