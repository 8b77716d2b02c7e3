package io.mailgenius.engine.launching;

import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.LaunchAction;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was done with jobs, by whom and why, in the transaction that does it. The actor is that of
 * the current {@link ActorScope}.
 */
final class LaunchHistory {

    private static final int LENGTH = 500;
    private static final int SHOWN = 200;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LaunchHistory(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void record(
            Launch launch,
            LaunchAction action,
            @Nullable String reason,
            @Nullable String detail,
            Instant now) {
        Actor actor = ActorScope.current();
        jdbc.sql(
                        """
                        INSERT INTO launch_action (workspace_id, launch_id, at, actor, action, reason, detail)
                        VALUES (:workspace, :launch, :now, :actor::jsonb, :action, :reason, :detail)
                        """)
                .param("workspace", launch.workspaceId())
                .param("launch", launch.id())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("actor", actor == null ? null : json.writeValueAsString(actor))
                .param("action", action.name())
                .param("reason", cut(reason))
                .param("detail", cut(detail))
                .update();
    }

    List<JobAction> of(long launchId) {
        return jdbc.sql(
                        """
                        SELECT a.id, a.at, a.actor ->> 'kind' AS kind, a.actor ->> 'name' AS name,
                               a.action, a.reason, a.detail
                          FROM launch l
                          JOIN launch_action a ON a.workspace_id = l.workspace_id AND a.launch_id = l.id
                         WHERE l.id = :launch
                         ORDER BY a.id DESC LIMIT :limit
                        """)
                .param("launch", launchId)
                .param("limit", SHOWN)
                .query(
                        (row, n) ->
                                new JobAction(
                                        row.getLong("id"),
                                        row.getObject("at", OffsetDateTime.class).toInstant(),
                                        row.getString("kind"),
                                        row.getString("name"),
                                        LaunchAction.valueOf(row.getString("action")),
                                        row.getString("reason"),
                                        row.getString("detail")))
                .list();
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LENGTH ? text : text.substring(0, LENGTH);
    }
}
