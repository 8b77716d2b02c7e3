package io.mailgenius.jobs.endpoints;

import io.mailgenius.schema.EndpointStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code endpoint}. */
@Component
final class EndpointStore {

    private static final String COLUMNS =
            "id, url, description, events, ordered, status, notice, failing_since, created_at, updated_at";

    private final JdbcClient jdbc;

    EndpointStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an endpoint is told to be. */
    record Settings(
            String url,
            String description,
            List<String> events,
            boolean ordered,
            EndpointStatus status) {}

    int count() {
        return jdbc.sql("SELECT count(*) FROM endpoint WHERE workspace_id = :workspace")
                .param("workspace", WorkspaceScope.required())
                .query(Integer.class)
                .single();
    }

    EndpointView insert(Settings settings, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO endpoint (workspace_id, url, description, events, ordered, status,
                                              created_at, updated_at)
                        VALUES (:workspace, :url, :description, CAST(:events AS text[]), :ordered, :status,
                                :now, :now)
                        RETURNING\s"""
                                + COLUMNS)
                .param("workspace", WorkspaceScope.required())
                .param("url", settings.url())
                .param("description", settings.description())
                .param("events", settings.events().toArray(String[]::new))
                .param("ordered", settings.ordered())
                .param("status", settings.status().name())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(EndpointStore::view)
                .single();
    }

    Optional<EndpointView> find(long id) {
        return jdbc.sql(
                        "SELECT "
                                + COLUMNS
                                + " FROM endpoint WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(EndpointStore::view)
                .optional();
    }

    List<EndpointView> page(long after, int rows) {
        return jdbc.sql(
                        "SELECT "
                                + COLUMNS
                                + """
                                 FROM endpoint
                                 WHERE workspace_id = :workspace AND id > :after ORDER BY id LIMIT :rows
                                """)
                .param("workspace", WorkspaceScope.required())
                .param("after", after)
                .param("rows", rows)
                .query(EndpointStore::view)
                .list();
    }

    /** One that is enabled begins anew: what failed before does not count any more. */
    Optional<EndpointView> update(long id, Settings settings, boolean anew, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE endpoint
                           SET url = :url, description = :description, events = CAST(:events AS text[]),
                               ordered = :ordered, status = :status, updated_at = :now,
                               notice = CASE WHEN :anew THEN NULL ELSE notice END,
                               failing_since = CASE WHEN :anew THEN NULL ELSE failing_since END
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING\s"""
                                + COLUMNS)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("url", settings.url())
                .param("description", settings.description())
                .param("events", settings.events().toArray(String[]::new))
                .param("ordered", settings.ordered())
                .param("status", settings.status().name())
                .param("anew", anew)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(EndpointStore::view)
                .optional();
    }

    boolean delete(long id) {
        return jdbc.sql("DELETE FROM endpoint WHERE workspace_id = :workspace AND id = :id")
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update()
                == 1;
    }

    /** What a node needs that delivers to an endpoint. */
    record Target(String url, boolean ordered) {}

    /**
     * Takes or renews the lease, by the clock of the database.
     *
     * @return empty if another node has it, or the endpoint was switched off or deleted
     */
    Optional<Target> lease(long id, UUID node, int seconds) {
        return jdbc.sql(
                        """
                        UPDATE endpoint
                           SET owner = :node, leased_until = clock_timestamp() + make_interval(secs => :seconds)
                         WHERE workspace_id = :workspace AND id = :id AND status = 'ENABLED'
                           AND (owner = :node OR leased_until IS NULL OR leased_until < clock_timestamp())
                        RETURNING url, ordered
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("node", node)
                .param("seconds", seconds)
                .query((row, _) -> new Target(row.getString(1), row.getBoolean(2)))
                .optional();
    }

    void release(long id, UUID node) {
        jdbc.sql(
                        """
                        UPDATE endpoint SET owner = NULL, leased_until = NULL
                         WHERE workspace_id = :workspace AND id = :id AND owner = :node
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("node", node)
                .update();
    }

    void succeeded(long id) {
        jdbc.sql(
                        """
                        UPDATE endpoint SET failing_since = NULL
                         WHERE workspace_id = :workspace AND id = :id AND failing_since IS NOT NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
    }

    /**
     * @return whether it was switched off, because it has failed since {@code atLatest} or longer
     */
    boolean failed(long id, Instant now, Instant atLatest, String notice) {
        jdbc.sql(
                        """
                        UPDATE endpoint SET failing_since = :now
                         WHERE workspace_id = :workspace AND id = :id AND failing_since IS NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql(
                                """
                                UPDATE endpoint SET status = 'DISABLED', notice = :notice, updated_at = :now
                                 WHERE workspace_id = :workspace AND id = :id AND status = 'ENABLED'
                                   AND failing_since <= :latest
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .param("notice", notice)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("latest", atLatest.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    private static EndpointView view(ResultSet row, int number) throws SQLException {
        return new EndpointView(
                row.getLong("id"),
                row.getString("url"),
                row.getString("description"),
                List.of((String[]) row.getArray("events").getArray()),
                row.getBoolean("ordered"),
                EndpointStatus.valueOf(row.getString("status")),
                row.getString("notice"),
                instant(row, "failing_since"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
