package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks for the export or the deletion of the current workspace, with or without a node: some node
 * launches the job.
 */
@Component
@Transactional
public class LeavingRequests {

    private final JdbcClient jdbc;
    private final AccessChanges changes;
    private final JsonMapper json;
    private final Clock clock;

    public LeavingRequests(JdbcClient jdbc, AccessChanges changes, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.json = json;
        this.clock = clock;
    }

    /**
     * @return the id of the export
     */
    public long export() {
        return jdbc.sql(
                        """
                        INSERT INTO workspace_export (workspace_id, requested_at) VALUES (:workspace, :now)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /**
     * Suspends the workspace for good. Repeating the request changes nothing.
     *
     * @param name of the workspace, letter by letter
     * @throws Refusal.Invalid {@code workspace-name-differs}; nothing is changed then
     */
    public void delete(String name) {
        Actor actor = ActorScope.current();
        int found =
                jdbc.sql(
                                """
                                UPDATE workspace
                                   SET deleting_at = coalesce(deleting_at, :now), suspended_by = 'OPERATOR',
                                       suspended_at = coalesce(suspended_at, :now),
                                       deletion_requested_by = coalesce(deletion_requested_by, :actor::jsonb)
                                 WHERE id = :workspace AND name = :name
                                """)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .param("actor", actor == null ? null : json.writeValueAsString(actor))
                        .param("workspace", WorkspaceScope.required())
                        .param("name", name)
                        .update();
        if (found == 0) {
            throw new Refusal.Invalid(
                    "workspace-name-differs",
                    "To delete the workspace with all that it has, give its name exactly as it is; GET /api/v1/workspace shows it.");
        }
        changes.changed();
    }
}
