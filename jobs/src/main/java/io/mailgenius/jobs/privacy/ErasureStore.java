package io.mailgenius.jobs.privacy;

import io.mailgenius.schema.ImportStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code erasure} of the current workspace. */
@Component
class ErasureStore {

    private final JdbcClient jdbc;

    ErasureStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    long insert(Collection<String> emails, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO erasure (workspace_id, emails, addresses, requested_at)
                        VALUES (:workspace, :emails::text[], :addresses, :now) RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", emails.toArray(String[]::new))
                .param("addresses", emails.size())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    void launched(long id, long launch) {
        jdbc.sql(
                        "UPDATE erasure SET launch_id = :launch WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("launch", launch)
                .param("id", id)
                .update();
    }

    /** Its addresses, in their order; none once they are erased. */
    List<String> emails(long id) {
        return jdbc.sql("SELECT emails FROM erasure WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query((row, _) -> List.of((String[]) row.getArray(1).getArray()))
                .single();
    }

    void files(long id, int more) {
        jdbc.sql(
                        "UPDATE erasure SET files = files + :more WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("more", more)
                .param("id", id)
                .update();
    }

    void status(long id, ImportStatus status) {
        jdbc.sql(
                        "UPDATE erasure SET status = :status WHERE workspace_id = :workspace AND id = :id AND status <> 'COMPLETED'")
                .param("workspace", WorkspaceScope.required())
                .param("status", status.name())
                .param("id", id)
                .update();
    }

    /** The addresses are forgotten with it. */
    void completed(long id, long contacts, long records, Instant now) {
        jdbc.sql(
                        """
                        UPDATE erasure
                           SET status = 'COMPLETED', emails = '{}', contacts = :contacts, records = :records,
                               finished_at = :now
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("contacts", contacts)
                .param("records", records)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    private static final String VIEW =
            """
            SELECT id, status, addresses, contacts, records, files, requested_at, finished_at, launch_id
              FROM erasure WHERE workspace_id = :workspace
            """;

    Optional<ErasureView> find(long id) {
        return jdbc.sql(VIEW + " AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(ErasureStore::view)
                .optional();
    }

    /** The newest first. */
    List<ErasureView> page(long after, int rows) {
        return jdbc.sql(VIEW + " AND (:after = 0 OR id < :after) ORDER BY id DESC LIMIT :rows")
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("rows", rows)
                .query(ErasureStore::view)
                .list();
    }

    private static ErasureView view(ResultSet row, int number) throws SQLException {
        return new ErasureView(
                row.getLong("id"),
                ImportStatus.valueOf(row.getString("status")),
                row.getInt("addresses"),
                row.getLong("contacts"),
                row.getLong("records"),
                row.getInt("files"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("finished_at", OffsetDateTime.class)),
                row.getObject("launch_id", Long.class));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }
}
