package io.mailgenius.jobs.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.ContactStatus;
import io.mailgenius.schema.SuppressionReason;
import io.mailgenius.schema.WorkspaceScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ContactsTest {

    private static final LaunchFixture DOORS =
            new LaunchFixture(Contacts.class, Lists.class, Suppressions.class);

    private final Contacts contacts = DOORS.door(Contacts.class);
    private final Lists lists = DOORS.door(Lists.class);
    private final Suppressions suppressions = DOORS.door(Suppressions.class);

    @BeforeEach
    void empty() {
        DOORS.database.empty("contact", "list", "list_member", "suppression");
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void a_contact_is_stored_as_it_was_given_and_its_address_normalised() {
        ContactView ada =
                create(
                        new ContactDraft(
                                " Ada@Example.COM ",
                                " Ada ",
                                "Lovelace",
                                "",
                                null,
                                "GB",
                                null,
                                "Europe/London",
                                Map.of("plan", "pro", "score", 7, "tags", List.of("a", "b")),
                                null));

        assertThat(ada.email()).isEqualTo("ada@example.com");
        assertThat(ada.firstName()).isEqualTo("Ada");
        assertThat(ada.phone()).as("a blank text is none").isNull();
        assertThat(ada.status()).isEqualTo(ContactStatus.SUBSCRIBED);
        assertThat(ada.attributes())
                .isEqualTo(Map.of("plan", "pro", "score", 7, "tags", List.of("a", "b")));
        assertThat(DOORS.in(() -> contacts.find(ada.id()))).isEqualTo(ada);
        assertThat(DOORS.in(() -> contacts.find(EmailAddress.required("ADA@example.com"))))
                .contains(ada);
    }

    @Test
    void a_second_contact_of_the_same_address_is_refused_and_names_the_first() {
        ContactView ada = create("ada@example.com");

        assertThatThrownBy(() -> create("ADA@example.com"))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessage(
                        "Contact %d has the address ada@example.com already; change that one."
                                .formatted(ada.id()));
    }

    @Test
    void what_cannot_be_stored_is_refused_in_words_and_nothing_is_written() {
        Map<String, Object> many = new java.util.HashMap<>();
        IntStream.range(0, 201).forEach(i -> many.put("k" + i, i));

        assertProblem("email-is-malformed", () -> create("ada@example"));
        assertProblem("too-many-attributes", () -> create(attributes(many)));
        assertProblem(
                "attributes-too-large",
                () -> create(attributes(Map.of("bio", "x".repeat(64 * 1024)))));
        assertProblem(
                "attributes-have-nul", () -> create(attributes(Map.of("a", Map.of("b", "\0")))));
        assertProblem("attributes-have-nul", () -> create(attributes(Map.of("a\0", 1))));
        assertProblem(
                "contact-field-too-long",
                () -> patch(create("b@example.com").id(), "{'city':'" + "x".repeat(501) + "'}"));
        assertThat(DOORS.in(() -> contacts.find(EmailAddress.required("a@example.com")))).isEmpty();
    }

    @Test
    void a_patch_changes_what_it_names_and_nothing_else() {
        ContactView before =
                create(
                        new ContactDraft(
                                "ada@example.com",
                                "Ada",
                                "Byron",
                                null,
                                "London",
                                null,
                                null,
                                null,
                                Map.of("plan", "free", "since", 1843, "address", Map.of("zip", 1)),
                                null));

        ContactView after =
                patch(
                        before.id(),
                        """
                        {'lastName':'Lovelace','city':null,
                         'attributes':{'plan':'pro','since':null,'address':{'street':'x'}}}""");

        assertThat(after.firstName()).isEqualTo("Ada");
        assertThat(after.lastName()).isEqualTo("Lovelace");
        assertThat(after.city()).isNull();
        assertThat(after.attributes())
                .isEqualTo(Map.of("plan", "pro", "address", Map.of("zip", 1, "street", "x")));
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        assertThat(after.updatedAt()).isAfter(before.updatedAt());
        assertThat(patch(before.id(), "{'attributes':null}").attributes()).isEmpty();
    }

    @Test
    void a_patch_that_does_not_hold_is_refused() {
        long ada = create("ada@example.com").id();

        assertProblem("unknown-contact-field", () -> patch(ada, "{'plan':'pro'}"));
        assertProblem("contact-field-is-no-text", () -> patch(ada, "{'city':7}"));
        assertProblem("attributes-are-no-object", () -> patch(ada, "{'attributes':[1]}"));
        assertProblem("unknown-contact-status", () -> patch(ada, "{'status':'GONE'}"));
        assertProblem("email-is-malformed", () -> patch(ada, "{'email':null}"));
        assertProblem("contact-not-found", () -> patch(ada + 1_000, "{}"));
    }

    @Test
    void an_address_can_change_to_a_free_one_only() {
        long ada = create("ada@example.com").id();
        long bob = create("bob@example.com").id();

        assertThat(patch(ada, "{'email':'Countess@Example.com'}").email())
                .isEqualTo("countess@example.com");
        assertThatThrownBy(() -> patch(ada, "{'email':'bob@example.com'}"))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("Contact " + bob);
    }

    @Test
    void a_deleted_contact_leaves_its_lists_and_keeps_its_suppression() {
        long ada = create("ada@example.com").id();
        ListView list = DOORS.in(() -> lists.create("news"));
        DOORS.in(() -> lists.add(list.id(), List.of(ada)));
        DOORS.in(() -> suppressions.add("ada@example.com", SuppressionReason.MANUAL, "test"));

        DOORS.run(() -> contacts.delete(ada));

        assertThat(DOORS.in(() -> lists.find(list.id())).members()).isZero();
        assertThat(DOORS.in(() -> suppressions.find(EmailAddress.required("ada@example.com"))))
                .isPresent();
        assertProblem("contact-not-found", () -> DOORS.in(() -> contacts.find(ada)));
        assertProblem("contact-not-found", () -> DOORS.run(() -> contacts.delete(ada)));
    }

    @Test
    void paging_shows_each_contact_once_though_others_come_and_go() {
        List<Long> ids =
                IntStream.range(0, 25)
                        .mapToObj(i -> create("c" + i + "@example.com").id())
                        .toList();
        List<Long> seen = new ArrayList<>();
        long after = 0;
        boolean more = true;
        while (more) {
            long from = after;
            Page<ContactView> page = DOORS.in(() -> contacts.page(ContactFilter.ALL, from, 10));
            page.items().forEach(contact -> seen.add(contact.id()));
            DOORS.run(() -> contacts.delete(page.items().getFirst().id()));
            more = page.next() != null;
            after = more ? Long.parseLong(page.next()) : after;
        }

        assertThat(seen).isEqualTo(ids);
    }

    @Test
    void a_filter_holds_in_all_its_parts() {
        create("ada@example.com");
        create("adam@example.org");
        create("a_a@example.com");
        long bob = create("bob@example.com").id();
        patch(bob, "{'status':'UNSUBSCRIBED'}");
        ListView list = DOORS.in(() -> lists.create("filter"));
        DOORS.in(() -> lists.add(list.id(), List.of(bob)));

        assertThat(emails(new ContactFilter("ADA", null, null, null, null)))
                .containsExactly("ada@example.com", "adam@example.org");
        assertThat(emails(new ContactFilter(null, "example.org", null, null, null)))
                .containsExactly("adam@example.org");
        assertThat(emails(new ContactFilter("a_", null, null, null, null)))
                .as("an underscore is no wildcard")
                .containsExactly("a_a@example.com");
        assertThat(emails(new ContactFilter(null, null, ContactStatus.UNSUBSCRIBED, null, null)))
                .containsExactly("bob@example.com");
        assertThat(emails(new ContactFilter(null, null, null, list.id(), null)))
                .containsExactly("bob@example.com");
        assertThat(emails(new ContactFilter("ada", null, null, list.id(), null))).isEmpty();
    }

    @Test
    void a_limit_out_of_range_is_refused() {
        assertProblem(
                "limit-out-of-range", () -> DOORS.in(() -> contacts.page(ContactFilter.ALL, 0, 0)));
        assertProblem(
                "limit-out-of-range",
                () -> DOORS.in(() -> contacts.page(ContactFilter.ALL, 0, 201)));
    }

    @Test
    void another_workspace_neither_sees_nor_changes_a_contact() {
        long ada = create("ada@example.com").id();
        long other = DOORS.database.workspace("other");

        WorkspaceScope.run(
                other,
                () -> {
                    assertProblem("contact-not-found", () -> contacts.find(ada));
                    assertProblem("contact-not-found", () -> contacts.delete(ada));
                    assertThat(contacts.page(ContactFilter.ALL, 0, 10).items()).isEmpty();
                    assertThat(contacts.create(ContactDraft.of("ada@example.com")).id())
                            .as("the same address in another workspace is another contact")
                            .isNotEqualTo(ada);
                });
    }

    @Test
    void a_suppressed_address_is_not_subscribed_by_creating_or_changing_a_contact() {
        DOORS.in(() -> suppressions.add("ada@example.com", SuppressionReason.COMPLAINED, "test"));

        ContactView ada = create("ada@example.com");

        assertThat(ada.status()).isEqualTo(ContactStatus.COMPLAINED);
        assertProblem("address-is-suppressed", () -> patch(ada.id(), "{'status':'SUBSCRIBED'}"));
        long bob = create("bob@example.com").id();
        DOORS.in(() -> suppressions.add("eve@example.com", SuppressionReason.MANUAL, "test"));
        assertProblem("address-is-suppressed", () -> patch(bob, "{'email':'eve@example.com'}"));

        DOORS.run(() -> suppressions.remove(EmailAddress.required("ada@example.com")));
        assertThat(patch(ada.id(), "{'status':'SUBSCRIBED'}").status())
                .isEqualTo(ContactStatus.SUBSCRIBED);
    }

    private ContactView create(String email) {
        return create(ContactDraft.of(email));
    }

    private ContactView create(ContactDraft draft) {
        return DOORS.in(() -> contacts.create(draft));
    }

    private static ContactDraft attributes(Map<String, Object> attributes) {
        return new ContactDraft(
                "a@example.com", null, null, null, null, null, null, null, attributes, null);
    }

    private ContactView patch(long id, String json) {
        ObjectNode patch = (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
        return DOORS.in(() -> contacts.update(id, patch));
    }

    private List<String> emails(ContactFilter filter) {
        return DOORS.in(() -> contacts.page(filter, 0, 200)).items().stream()
                .map(ContactView::email)
                .toList();
    }

    static void assertProblem(String problem, Runnable work) {
        assertThatThrownBy(work::run)
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::problem)
                .isEqualTo(problem);
    }
}
