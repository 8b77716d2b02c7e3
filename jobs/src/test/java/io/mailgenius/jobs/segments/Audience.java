package io.mailgenius.jobs.segments;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.rules.CompiledRule;
import io.mailgenius.jobs.rules.RuleCompiler;
import io.mailgenius.jobs.rules.RuleReader;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A workspace with contacts, and a second workspace. */
public final class Audience implements AutoCloseable {

    public static final Instant NOW = Instant.parse("2026-03-15T12:00:00Z");
    public static final JsonMapper MAPPER = new JsonMapper();

    public final TestDatabase database = TestDatabase.create();
    public final WorkspaceTransactionManager transactions =
            new WorkspaceTransactionManager(database.dataSource());
    public final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    public final long workspace = database.workspace("ours");
    public final long stranger = database.workspace("theirs");

    public static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    public <R extends @Nullable Object> R inside(Supplier<R> work) {
        return inside(workspace, work);
    }

    <R extends @Nullable Object> R inside(long workspaceId, Supplier<R> work) {
        return WorkspaceScope.call(
                workspaceId, () -> new TransactionTemplate(transactions).execute(_ -> work.get()));
    }

    public long contact(String firstName, Map<String, Object> columns) {
        return contact(workspace, firstName, columns);
    }

    /** Columns by their SQL names; instants and JSON as text. */
    public long contact(long workspaceId, String firstName, Map<String, Object> columns) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("workspace_id", workspaceId);
        row.put("email", firstName.toLowerCase(java.util.Locale.ROOT) + "@example.com");
        row.put("first_name", firstName);
        row.putAll(columns);
        Function<String, String> cast =
                column ->
                        switch (column) {
                            case "attributes" -> "CAST(:attributes AS jsonb)";
                            case "created_at", "updated_at" ->
                                    "CAST(:" + column + " AS timestamptz)";
                            default -> ":" + column;
                        };
        List<String> names = List.copyOf(row.keySet());
        return inside(
                workspaceId,
                () ->
                        jdbc.sql(
                                        "INSERT INTO contact ("
                                                + String.join(", ", names)
                                                + ") VALUES ("
                                                + String.join(
                                                        ", ", names.stream().map(cast).toList())
                                                + ") RETURNING id")
                                .params(row)
                                .query(Long.class)
                                .single());
    }

    public long list(long... members) {
        return inside(
                () -> {
                    long list =
                            jdbc.sql(
                                            """
                                            INSERT INTO list (workspace_id, name)
                                            VALUES (:workspace, gen_random_uuid()::text) RETURNING id
                                            """)
                                    .param("workspace", workspace)
                                    .query(Long.class)
                                    .single();
                    for (long member : members) {
                        jdbc.sql(
                                        """
                                        INSERT INTO list_member (workspace_id, list_id, contact_id)
                                        VALUES (:workspace, :list, :contact)
                                        """)
                                .param("workspace", workspace)
                                .param("list", list)
                                .param("contact", member)
                                .update();
                    }
                    return list;
                });
    }

    public long campaign() {
        return inside(
                () ->
                        jdbc.sql(
                                        """
                                        INSERT INTO campaign (workspace_id, name, subject, sender, audience)
                                        VALUES (:workspace, 'spring', 'Hello', 'a@example.com', '{"all":true}')
                                        RETURNING id
                                        """)
                                .param("workspace", workspace)
                                .query(Long.class)
                                .single());
    }

    /**
     * @param column of engagement, for instance opened_at
     */
    public void engaged(long campaign, long contact, String column, Instant at) {
        inside(
                () ->
                        jdbc.sql(
                                        """
                                        INSERT INTO engagement (workspace_id, campaign_id, contact_id, %1$s)
                                        VALUES (:workspace, :campaign, :contact, :at)
                                        ON CONFLICT (workspace_id, campaign_id, contact_id)
                                        DO UPDATE SET %1$s = excluded.%1$s
                                        """
                                                .formatted(column))
                                .param("workspace", workspace)
                                .param("campaign", campaign)
                                .param("contact", contact)
                                .param("at", at.atOffset(ZoneOffset.UTC))
                                .update());
    }

    /** The ids of the contacts that match the rule. */
    public List<Long> matching(JsonNode rule) {
        return matching(rule, NOW);
    }

    List<Long> matching(JsonNode rule, Instant now) {
        CompiledRule compiled = RuleCompiler.compile(RuleReader.read(rule, now));
        return inside(
                () ->
                        jdbc.sql(
                                        "SELECT c.id FROM contact c WHERE "
                                                + compiled.sql()
                                                + " ORDER BY 1")
                                .params(compiled.params())
                                .param("after", 0L)
                                .param("through", Long.MAX_VALUE)
                                .query(Long.class)
                                .list());
    }

    /** The ids of the stored members. */
    List<Long> members(long segment) {
        return inside(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT contact_id FROM segment_member
                                         WHERE segment_id = :id ORDER BY 1
                                        """)
                                .param("id", segment)
                                .query((row, _) -> row.getLong(1))
                                .list());
    }

    @Override
    public void close() {
        database.close();
    }
}
