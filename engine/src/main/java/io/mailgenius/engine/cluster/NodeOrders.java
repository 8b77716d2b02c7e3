package io.mailgenius.engine.cluster;

import io.mailgenius.schema.ActorScope.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What operators ask of nodes: orders, and thread dumps. Nodes answer with their heartbeats. */
public final class NodeOrders {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    public NodeOrders(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * An order and why it was given.
     *
     * @param run the node that is to drain; null of a pause
     */
    public record Given(NodeOrder wanted, @Nullable String run, @Nullable String reason) {}

    /**
     * @param text null until the node has answered
     */
    public record Dump(
            long id,
            String node,
            Instant requestedAt,
            @Nullable Instant answeredAt,
            @Nullable String text) {}

    /** The order that is in force for each name of a node; TAKE is none. */
    public Map<String, Given> all() {
        Map<String, Given> orders = new HashMap<>();
        jdbc.sql("SELECT name, wanted, node, reason FROM node_order")
                .query(
                        row -> {
                            orders.put(
                                    row.getString("name"),
                                    new Given(
                                            NodeOrder.valueOf(row.getString("wanted")),
                                            row.getString("node"),
                                            row.getString("reason")));
                        });
        return orders;
    }

    /** Replaces the order for the nodes of this name. */
    public void give(String name, Given order, @Nullable Actor actor, Instant now) {
        if (order.wanted() == NodeOrder.TAKE) {
            jdbc.sql("DELETE FROM node_order WHERE name = :name").param("name", name).update();
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO node_order (name, wanted, node, ordered_at, actor, reason)
                        VALUES (:name, :wanted, :node, :now, :actor::jsonb, :reason)
                            ON CONFLICT (name) DO UPDATE
                           SET wanted = excluded.wanted, node = excluded.node, ordered_at = excluded.ordered_at,
                               actor = excluded.actor, reason = excluded.reason
                        """)
                .param("name", name)
                .param("wanted", order.wanted().name())
                .param("node", order.run())
                .param("now", at(now))
                .param("actor", actor == null ? null : json.writeValueAsString(actor))
                .param("reason", order.reason())
                .update();
    }

    /**
     * Asks for a thread dump, unless one is asked for already.
     *
     * @param since older requests that were not answered do not count
     */
    public Dump requestDump(String node, Instant since, Instant now) {
        return jdbc.sql(
                        """
                        WITH pending AS (
                            SELECT * FROM node_dump
                             WHERE node = :node AND answered_at IS NULL AND requested_at > :since
                             ORDER BY id LIMIT 1),
                        added AS (
                            INSERT INTO node_dump (node, requested_at)
                            SELECT :node, :now WHERE NOT EXISTS (SELECT FROM pending)
                            RETURNING *)
                        SELECT * FROM pending UNION ALL SELECT * FROM added
                        """)
                .param("node", node)
                .param("since", at(since))
                .param("now", at(now))
                .query(NodeOrders::dump)
                .single();
    }

    public Optional<Dump> dump(String node, long id) {
        return jdbc.sql("SELECT * FROM node_dump WHERE node = :node AND id = :id")
                .param("node", node)
                .param("id", id)
                .query(NodeOrders::dump)
                .optional();
    }

    /** Answers the requests for a dump of this node, and deletes those of all nodes from before. */
    void answerDumps(String node, String text, Instant now, Instant before) {
        jdbc.sql(
                        """
                        UPDATE node_dump SET threads = :text, answered_at = :now
                         WHERE node = :node AND answered_at IS NULL
                        """)
                .param("text", text)
                .param("now", at(now))
                .param("node", node)
                .update();
        jdbc.sql("DELETE FROM node_dump WHERE requested_at < :before")
                .param("before", at(before))
                .update();
    }

    private static Dump dump(ResultSet row, int number) throws SQLException {
        OffsetDateTime answered = row.getObject("answered_at", OffsetDateTime.class);
        return new Dump(
                row.getLong("id"),
                row.getString("node"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                answered == null ? null : answered.toInstant(),
                row.getString("threads"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
