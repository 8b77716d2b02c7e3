package io.mailgenius.jobs.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.WorkspaceSource;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** To plan a page of contacts takes about as long as to read it, so it is planned once. */
class ContactPlansTest {

    private static final int CONTACTS = 20_000;

    /** The driver prepares what it has seen five times, and PostgreSQL keeps a plan after five. */
    private static final int OFTEN = 15;

    @Test
    void pages_and_searches_are_planned_once() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Connection session = database.owner().getConnection()) {
            long workspace = database.workspace("ours");
            JdbcClient owner = JdbcClient.create(database.owner());
            owner.sql(
                            """
                            INSERT INTO contact (workspace_id, email)
                            SELECT :workspace, 'person.' || n || '@example.com' FROM generate_series(1, :contacts) n
                            """)
                    .param("workspace", workspace)
                    .param("contacts", CONTACTS)
                    .update();
            // What the insert wrote down itself is as late as the server's transactions are many.
            owner.sql("DELETE FROM contact_change").update();
            owner.sql(
                            """
                            INSERT INTO contact_change (workspace_id, tx, contact_ids)
                            SELECT workspace_id, id, ARRAY[id] FROM contact
                            """)
                    .update();
            owner.sql("VACUUM ANALYZE contact, contact_change").update();
            long named = id(owner, "person.1999@example.com");
            long changed = id(owner, "person.19998@example.com");
            session.createStatement().execute(Migrations.WORK_AS_ROLE);
            JdbcClient jdbc =
                    JdbcClient.create(
                            new WorkspaceSource(new SingleConnectionDataSource(session, true)));
            ContactStore contacts = new ContactStore(jdbc);

            WorkspaceScope.run(
                    workspace,
                    () -> {
                        for (int i = 0; i < OFTEN; i++) {
                            assertThat(page(contacts, null, 100 * i)).isEqualTo(50);
                            assertThat(page(contacts, "person.1234" + i % 10, 0)).isEqualTo(1);
                            assertThat(having(contacts, "on.1999", named, changed))
                                    .extracting(ContactView::email)
                                    .containsExactly(
                                            "person.1999@example.com",
                                            "person.19998@example.com",
                                            "person.19999@example.com");
                        }
                    });

            assertThat(
                            jdbc.sql(
                                            """
                                            SELECT generic_plans FROM pg_prepared_statements
                                             WHERE statement LIKE '%FROM contact%'
                                            """)
                                    .query((row, _) -> row.getLong(1))
                                    .list())
                    .hasSize(4)
                    .allSatisfy(plans -> assertThat(plans).isPositive());
        }
    }

    private static long id(JdbcClient owner, String email) {
        return owner.sql("SELECT id FROM contact WHERE email = :email")
                .param("email", email)
                .query((row, n) -> row.getLong(1))
                .single();
    }

    /** As an index has them that knows one by the part, and has not read what came after. */
    private static List<ContactView> having(
            ContactStore contacts, String part, long named, long seen) {
        return contacts.page(
                new ContactFilter(null, part, null, null, null),
                0,
                50,
                Optional.of(
                        (_, _, _) ->
                                Optional.of(
                                        new ContactParts.Found(
                                                List.of(named), seen, Long.MAX_VALUE))));
    }

    private static int page(ContactStore contacts, @Nullable String prefix, long after) {
        return contacts.page(
                        new ContactFilter(prefix, null, null, null, null),
                        after,
                        50,
                        Optional.empty())
                .size();
    }
}
