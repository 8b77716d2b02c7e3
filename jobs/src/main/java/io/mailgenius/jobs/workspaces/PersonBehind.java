package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.WorkspaceScope;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The person behind whoever acts: a key counts as the person who has made it, since that person has
 * seen it.
 */
public final class PersonBehind {

    private PersonBehind() {}

    /**
     * The id of the person; null for the operator, and for keys that the operator has made or that
     * are older than this rule.
     */
    public static @Nullable Long current(JdbcClient jdbc) {
        Actor actor = ActorScope.current();
        if (actor == null) {
            return null;
        }
        return switch (actor.kind()) {
            case PERSON -> actor.id();
            case KEY ->
                    creator(
                            jdbc.sql(
                                    """
                                    SELECT creator_id FROM api_key
                                     WHERE workspace_id = :workspace AND id = :id
                                    """),
                            actor.id());
            case CLIENT ->
                    creator(
                            jdbc.sql(
                                    """
                                    SELECT creator_id FROM oauth_client
                                     WHERE workspace_id = :workspace AND id = :id
                                    """),
                            actor.id());
            case OPERATOR -> null;
        };
    }

    private static @Nullable Long creator(JdbcClient.StatementSpec query, @Nullable Long id) {
        return query.param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query((row, _) -> row.getObject(1, Long.class))
                .optional()
                .orElse(null);
    }
}
