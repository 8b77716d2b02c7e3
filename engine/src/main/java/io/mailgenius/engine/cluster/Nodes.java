package io.mailgenius.engine.cluster;

import io.mailgenius.engine.settings.Role;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The registry of nodes. */
public final class Nodes {

    private final JdbcClient jdbc;

    public Nodes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A node as its last heartbeat left it. */
    public record Node(
            String id,
            String host,
            Set<Role> roles,
            int slots,
            int inHand,
            NodeState state,
            Instant startedAt,
            Instant heartbeatAt) {}

    public void register(NodeId node, Set<Role> roles, int slots, Instant now) {
        jdbc.sql(
                        """
                        INSERT INTO node (id, host, roles, slots, started_at, heartbeat_at)
                        VALUES (:id, :host, :roles, :slots, :now, :now)
                        ON CONFLICT (id) DO UPDATE SET state = 'ALIVE', heartbeat_at = :now
                        """)
                .param("id", node.value())
                .param("host", NodeId.host())
                .param("roles", roles.stream().map(Role::name).sorted().toArray(String[]::new))
                .param("slots", slots)
                .param("now", at(now))
                .update();
    }

    /**
     * @return false if the node was marked dead, so other nodes may have claimed its chunks
     */
    public boolean beat(NodeId node, int inHand, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE node SET heartbeat_at = :now, in_hand = :inHand
                                 WHERE id = :id AND state IN ('ALIVE', 'DRAINING')
                                """)
                        .param("now", at(now))
                        .param("inHand", inHand)
                        .param("id", node.value())
                        .update()
                == 1;
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
                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
