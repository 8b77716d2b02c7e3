package io.mailgenius.jobs.contacts;

import static io.mailgenius.jobs.contacts.ContactsTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListsTest {

    private static final LaunchFixture DOORS = new LaunchFixture(Contacts.class, Lists.class);

    private final Contacts contacts = DOORS.door(Contacts.class);
    private final Lists lists = DOORS.door(Lists.class);

    @BeforeEach
    void empty() {
        DOORS.database.empty("contact", "list", "list_member");
    }

    @AfterAll
    static void close() {
        DOORS.close();
    }

    @Test
    void a_list_is_created_found_renamed_paged_and_deleted() {
        ListView news = list(" news ");

        assertThat(news.name()).isEqualTo("news");
        assertThat(DOORS.in(() -> lists.update(news.id(), "weekly", null)).name())
                .isEqualTo("weekly");
        list("offers");
        assertThat(DOORS.in(() -> lists.page(0, 1)).items())
                .extracting(ListView::name)
                .containsExactly("weekly");
        assertThat(DOORS.in(() -> lists.page(news.id(), 10)).items())
                .extracting(ListView::name)
                .containsExactly("offers");
        DOORS.run(() -> lists.delete(news.id()));
        assertProblem("list-not-found", () -> DOORS.in(() -> lists.find(news.id())));
        assertProblem("list-not-found", () -> DOORS.run(() -> lists.delete(news.id())));
        assertProblem("list-not-found", () -> DOORS.in(() -> lists.update(news.id(), "x", null)));
    }

    @Test
    void two_lists_of_one_name_are_refused() {
        list("news");
        long offers = list("offers").id();

        assertProblem("list-exists", () -> list("news"));
        assertProblem("list-exists", () -> DOORS.in(() -> lists.update(offers, "news", null)));
        assertProblem("list-name-invalid", () -> list(" "));
    }

    @Test
    void members_are_added_and_removed_by_id_and_by_address_and_each_is_accounted_for() {
        long list = list("news").id();
        long ada = contact("ada@example.com");
        long bob = contact("bob@example.com");

        assertThat(DOORS.in(() -> lists.add(list, List.of(ada, ada, 999_999L))))
                .isEqualTo(new Membership(1, 0, List.of("999999")));
        assertThat(
                        DOORS.in(
                                () ->
                                        lists.addByEmail(
                                                list,
                                                List.of(
                                                        "ADA@example.com",
                                                        " bob@example.com",
                                                        "eve@example.com",
                                                        "rubbish"))))
                .isEqualTo(new Membership(1, 1, List.of("eve@example.com", "rubbish")));
        assertThat(members(list)).isEqualTo(2);
        assertThat(DOORS.in(() -> lists.removeByEmail(list, List.of("Ada@example.com"))))
                .isEqualTo(new Membership(1, 0, List.of()));
        assertThat(DOORS.in(() -> lists.remove(list, List.of(ada, bob))))
                .isEqualTo(new Membership(1, 1, List.of()));
        assertThat(members(list)).isZero();
    }

    @Test
    void too_many_members_at_once_and_members_of_no_list_are_refused() {
        long list = list("news").id();

        assertProblem(
                "too-many-members",
                () -> DOORS.in(() -> lists.add(list, Collections.nCopies(10_001, 1L))));
        assertProblem("list-not-found", () -> DOORS.in(() -> lists.add(list + 99, List.of(1L))));
    }

    @Test
    void a_contact_of_another_workspace_is_unknown() {
        long list = list("news").id();
        long other = DOORS.database.workspace("other");
        long stranger =
                WorkspaceScope.call(
                        other, () -> contacts.create(ContactDraft.of("eve@example.com")).id());

        assertThat(DOORS.in(() -> lists.add(list, List.of(stranger))))
                .isEqualTo(new Membership(0, 0, List.of(Long.toString(stranger))));
        assertThat(members(list)).isZero();
    }

    @Test
    void a_deleted_list_leaves_no_member_behind() {
        long list = list("news").id();
        long ada = contact("ada@example.com");
        DOORS.in(() -> lists.add(list, List.of(ada)));

        DOORS.run(() -> lists.delete(list));

        assertThat(DOORS.owner().sql("SELECT count(*) FROM list_member").query(Long.class).single())
                .isZero();
        assertThat(DOORS.in(() -> contacts.find(ada)).email()).isEqualTo("ada@example.com");
    }

    private ListView list(String name) {
        return DOORS.in(() -> lists.create(name));
    }

    private long contact(String email) {
        return DOORS.in(() -> contacts.create(ContactDraft.of(email))).id();
    }

    private long members(long list) {
        return DOORS.in(() -> lists.find(list)).members();
    }
}
