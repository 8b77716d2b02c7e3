package io.mailgenius.engine.operations;

import io.mailgenius.engine.cluster.NodeOrder;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.NodeIntake;
import io.mailgenius.schema.NodeState;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node as its last heartbeat left it, without its host and process.
 *
 * @param id the alias of this run of the node
 * @param version of the program; null if the node does not know it
 * @param intake whether it takes chunks
 * @param ordered what an operator ordered last, which the node obeys with its next heartbeat
 * @param reason why, as the operator said
 * @param load of its heap and its connections; null until its first heartbeat
 */
public record NodeView(
        String id,
        @Nullable String version,
        Set<Role> roles,
        int slots,
        int inHand,
        NodeState state,
        NodeIntake intake,
        NodeOrder ordered,
        @Nullable String reason,
        @Nullable Load load,
        Instant startedAt,
        Instant heartbeatAt) {

    public NodeView withoutReason() {
        return new NodeView(
                id,
                version,
                roles,
                slots,
                inHand,
                state,
                intake,
                ordered,
                null,
                load,
                startedAt,
                heartbeatAt);
    }

    /**
     * @param usedBytes of the heap
     * @param maxBytes of the heap
     * @param active connections of the main pool in use
     * @param idle connections of the main pool
     * @param waiting threads that wait for a connection
     */
    public record Load(long usedBytes, long maxBytes, int active, int idle, int waiting) {}
}
