package io.mailgenius.jobs.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.Rejects.Reject;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimit;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A workspace never has more contacts than its plan permits, whoever adds them. */
class ContactLimitTest {

    private static final ImportFixture IMPORTS = new ImportFixture();
    private static final WorkspaceLimits LIMITS =
            new WorkspaceLimits(JdbcClient.create(IMPORTS.doors.database.dataSource()));

    @AfterAll
    static void close() {
        IMPORTS.close();
    }

    @BeforeEach
    void empty() {
        IMPORTS.empty();
        IMPORTS.doors.database.empty("contact_count", "workspace_limit");
    }

    private static void limit(long contacts) {
        IMPORTS.doors.in(
                () ->
                        IMPORTS.inTransaction(
                                () ->
                                        LIMITS.change(
                                                new WorkspaceLimit(contacts, null, null, null))));
    }

    private static String file(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> "p" + n + "@example.com,N" + n)
                .collect(Collectors.joining("\n", "email,first_name\n", "\n"));
    }

    private static long counted() {
        return IMPORTS.doors
                .owner()
                .sql("SELECT coalesce(sum(contacts), 0) FROM contact_count")
                .query(Long.class)
                .single();
    }

    @Test
    void rows_beyond_the_limit_are_rejected_with_the_reason_and_others_are_merged() {
        IMPORTS.importText(file(1, 3), ImportOptions.DEFAULT);
        limit(5);

        ImportFixture.Outcome outcome = IMPORTS.importText(file(2, 9), ImportOptions.DEFAULT);

        assertThat(outcome.rows().created()).isEqualTo(2);
        assertThat(outcome.rows().unchanged()).isEqualTo(2);
        assertThat(outcome.rows().rejected()).isEqualTo(4);
        assertThat(IMPORTS.addresses()).hasSize(5).contains("p5@example.com");
        assertThat(IMPORTS.rejects(outcome.id()))
                .extracting(Reject::reason)
                .containsOnly("the workspace may have 5 contacts only");
        assertThat(outcome.rejects()).contains("p9@example.com");
        assertThat(counted()).isEqualTo(5);

        IMPORTS.undo(outcome.id());
        assertThat(counted()).as("an undo makes room again").isEqualTo(3);
    }

    @Test
    void slices_that_are_merged_at_the_same_time_do_not_exceed_it_together() throws Exception {
        limit(50);
        List<Callable<ImportFixture.Outcome>> imports = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            String file = file(n * 20 + 1, n * 20 + 20);
            imports.add(() -> IMPORTS.importText(file, ImportOptions.DEFAULT));
        }
        long created = 0;
        long rejected = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<ImportFixture.Outcome> one : threads.invokeAll(imports)) {
                created += one.get().rows().created();
                rejected += one.get().rows().rejected();
            }
        }
        assertThat(created).isEqualTo(50);
        assertThat(rejected).isEqualTo(70);
        assertThat(IMPORTS.addresses()).hasSize(50);
    }

    @Test
    void a_request_that_would_exceed_it_is_refused_and_adds_nobody() {
        Contacts contacts = IMPORTS.doors.door(Contacts.class);
        limit(2);
        IMPORTS.doors.in(() -> contacts.create(ContactDraft.of("a@example.com")));
        assertThatThrownBy(
                        () ->
                                IMPORTS.doors.in(
                                        () ->
                                                contacts.addAll(
                                                        List.of(
                                                                ContactDraft.of("b@example.com"),
                                                                ContactDraft.of("c@example.com")))))
                .isInstanceOf(Refusal.Conflict.class)
                .hasMessageContaining("may have 2 contacts");
        assertThat(IMPORTS.addresses()).containsExactly("a@example.com");
        IMPORTS.doors.in(() -> contacts.create(ContactDraft.of("b@example.com")));
        assertThatThrownBy(
                        () ->
                                IMPORTS.doors.in(
                                        () -> contacts.create(ContactDraft.of("c@example.com"))))
                .hasMessageContaining("has 2");
        assertThatThrownBy(
                        () ->
                                IMPORTS.doors.in(
                                        () -> contacts.create(ContactDraft.of("b@example.com"))))
                .as("who is there already is not one more")
                .hasMessageContaining("has the address");

        long gone =
                IMPORTS.doors.in(
                        () -> contacts.deleteAllByEmail(List.of("a@example.com")).deleted());
        assertThat(gone).isEqualTo(1);
        IMPORTS.doors.in(() -> contacts.create(ContactDraft.of("c@example.com")));
        assertThat(counted()).isEqualTo(2);

        IMPORTS.doors.owner().sql("SELECT add_up_use(current_date)").query((_, _) -> 1).single();
        assertThat(counted()).as("added up").isEqualTo(2);
        assertThat(
                        IMPORTS.doors
                                .owner()
                                .sql("SELECT count(*) FROM contact_count")
                                .query(Long.class)
                                .single())
                .isEqualTo(1);
    }
}
