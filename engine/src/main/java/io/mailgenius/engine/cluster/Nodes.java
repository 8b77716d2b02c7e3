package io.mailgenius.engine.cluster;

import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeIntake;
import io.mailgenius.schema.NodeState;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The registry of nodes. */
public final class Nodes {

    private static final Duration KEEP_DUMPS = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final NodeReport report;
    private final NodeOrders orders;

    /**
     * @param report of this node
     */
    public Nodes(JdbcClient jdbc, NodeReport report, NodeOrders orders) {
        this.jdbc = jdbc;
        this.report = report;
        this.orders = orders;
    }

    /**
     * A node as its last heartbeat left it.
     *
     * @param name the same for every run of the node; null if its version does not report one
     * @param intake whether it takes chunks
     * @param load null until its first heartbeat
     */
    public record Node(
            String id,
            String host,
            Set<Role> roles,
            int slots,
            int inHand,
            NodeState state,
            Instant startedAt,
            Instant heartbeatAt,
            @Nullable String name,
            @Nullable String version,
            NodeIntake intake,
            @Nullable Load load) {}

    /**
     * @param heapUsed in bytes
     * @param heapMax in bytes
     * @param poolActive connections of the main pool in use
     * @param poolIdle connections of the main pool that are free
     * @param poolWaiting threads that wait for a connection
     */
    public record Load(
            long heapUsed, long heapMax, int poolActive, int poolIdle, int poolWaiting) {}

    /** What an operator wants of a node. */
    record Wanted(NodeOrder order, boolean dump) {}

    private static final String WANTED =
            """
            RETURNING (SELECT o.wanted FROM node_order o
                        WHERE o.name = node.name AND coalesce(o.node, node.id) = node.id) AS wanted,
                      EXISTS (SELECT FROM node_dump d
                               WHERE d.node = node.id AND d.answered_at IS NULL) AS dump
            """;

    /** Returns what is ordered already, before the node takes its first chunk. */
    Wanted register(NodeId node, Set<Role> roles, int slots, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO node (id, host, name, version, roles, slots, started_at, heartbeat_at)
                        VALUES (:id, :host, :name, :version, :roles, :slots, :now, :now)
                        ON CONFLICT (id) DO UPDATE SET state = 'ALIVE', heartbeat_at = :now
                        """
                                + WANTED)
                .param("id", node.value())
                .param("host", NodeId.host())
                .param("name", report.name())
                .param("version", report.version())
                .param("roles", roles.stream().map(Role::name).sorted().toArray(String[]::new))
                .param("slots", slots)
                .param("now", at(now))
                .query(Nodes::wanted)
                .single();
    }

    /**
     * @return empty if the node was marked dead, so other nodes may have claimed its chunks
     */
    Optional<Wanted> beat(NodeId node, int inHand, NodeIntake intake, Instant now) {
        NodeReport.Measured measured = report.measure();
        return jdbc.sql(
                        """
                        UPDATE node
                           SET heartbeat_at = :now, in_hand = :inHand, intake = :intake, heap_used = :used,
                               heap_max = :max, pool_active = :active, pool_idle = :idle, pool_waiting = :waiting
                         WHERE id = :id AND state IN ('ALIVE', 'DRAINING')
                        """
                                + WANTED)
                .param("now", at(now))
                .param("inHand", inHand)
                .param("intake", intake.name())
                .param("used", measured.heapUsed())
                .param("max", measured.heapMax())
                .param("active", measured.poolActive())
                .param("idle", measured.poolIdle())
                .param("waiting", measured.poolWaiting())
                .param("id", node.value())
                .query(Nodes::wanted)
                .optional();
    }

    /** Corrects what the last heartbeat said, because it brought another order. */
    void intake(NodeId node, NodeIntake intake) {
        jdbc.sql("UPDATE node SET intake = :intake WHERE id = :id")
                .param("intake", intake.name())
                .param("id", node.value())
                .update();
    }

    void answerDumps(NodeId node, String text, Instant now) {
        orders.answerDumps(node.value(), text, now, now.minus(KEEP_DUMPS));
    }

    private static Wanted wanted(ResultSet row, int number) throws SQLException {
        String order = row.getString("wanted");
        return new Wanted(
                order == null ? NodeOrder.TAKE : NodeOrder.valueOf(order), row.getBoolean("dump"));
    }

    public void state(NodeId node, NodeState state) {
        jdbc.sql("UPDATE node SET state = :state WHERE id = :id")
                .param("state", state.name())
                .param("id", node.value())
                .update();
    }

    /** Marks nodes as dead whose last heartbeat is older than a lease. */
    public List<String> markDead(Instant now, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE node SET state = 'DEAD', in_hand = 0
                         WHERE state IN ('ALIVE', 'DRAINING') AND heartbeat_at < :deadline
                        RETURNING id
                        """)
                .param("deadline", at(now.minus(lease)))
                .query((row, n) -> row.getString(1))
                .list();
    }

    /** The slots of all workers that are ALIVE. */
    public int slots() {
        return jdbc.sql("SELECT coalesce(sum(slots), 0) FROM node WHERE state = 'ALIVE'")
                .query(Integer.class)
                .single();
    }

    /** The ids of the nodes that have this alias or id, alive or not. */
    public List<String> known(String aliasOrId) {
        return jdbc.sql("SELECT id FROM node").query((row, n) -> row.getString(1)).list().stream()
                .filter(id -> id.equals(aliasOrId) || NodeId.alias(id).equals(aliasOrId))
                .toList();
    }

    /** The ids of the nodes that are ALIVE or DRAINING. */
    public List<String> alive() {
        return jdbc.sql("SELECT id FROM node WHERE state IN ('ALIVE', 'DRAINING')")
                .query((row, n) -> row.getString(1))
                .list();
    }

    /**
     * The nodes that are ALIVE or DRAINING, and those whose last heartbeat is not before the given
     * moment.
     */
    public List<Node> since(Instant moment) {
        return jdbc.sql(
                        """
                        SELECT * FROM node
                         WHERE state IN ('ALIVE', 'DRAINING') OR heartbeat_at >= :moment
                         ORDER BY started_at, id
                        """)
                .param("moment", at(moment))
                .query(Nodes::node)
                .list();
    }

    private static Node node(ResultSet row, int number) throws SQLException {
        Array roles = row.getArray("roles");
        return new Node(
                row.getString("id"),
                row.getString("host"),
                Arrays.stream((String[]) roles.getArray())
                        .map(Role::valueOf)
                        .collect(Collectors.toSet()),
                row.getInt("slots"),
                row.getInt("in_hand"),
                NodeState.valueOf(row.getString("state")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
                row.getString("name"),
                row.getString("version"),
                NodeIntake.valueOf(row.getString("intake")),
                load(row));
    }

    private static @Nullable Load load(ResultSet row) throws SQLException {
        long used = row.getLong("heap_used");
        return row.wasNull()
                ? null
                : new Load(
                        used,
                        row.getLong("heap_max"),
                        row.getInt("pool_active"),
                        row.getInt("pool_idle"),
                        row.getInt("pool_waiting"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
