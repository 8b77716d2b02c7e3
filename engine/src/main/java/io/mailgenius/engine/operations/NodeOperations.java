package io.mailgenius.engine.operations;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.NodeOrder;
import io.mailgenius.engine.cluster.NodeOrders;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.schema.ActorScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The nodes of the installation. Orders are rows that a node reads with its next heartbeat, three
 * times per lease. Nodes are named by their alias or id; nothing is found of an unknown one.
 */
@Component
public class NodeOperations {

    private static final Duration KNOWN = Duration.ofHours(1);
    private static final Duration DUMP_EXPIRES = Duration.ofMinutes(1);
    private static final int REASON = 500;

    private final Nodes nodes;
    private final NodeOrders orders;
    private final Clock clock;

    NodeOperations(Nodes nodes, NodeOrders orders, Clock clock) {
        this.nodes = nodes;
        this.orders = orders;
        this.clock = clock;
    }

    /** Nodes that are alive, and those whose last heartbeat is not older than this. */
    public List<NodeView> nodes(Duration since) {
        Map<String, NodeOrders.Given> given = orders.all();
        return nodes.since(clock.instant().minus(since)).stream()
                .map(node -> view(node, given))
                .toList();
    }

    private static NodeView view(Nodes.Node node, Map<String, NodeOrders.Given> given) {
        NodeOrders.Given order = node.name() == null ? null : given.get(node.name());
        boolean applies = order != null && (order.run() == null || order.run().equals(node.id()));
        Nodes.Load load = node.load();
        return new NodeView(
                NodeId.alias(node.id()),
                node.version(),
                node.roles(),
                node.slots(),
                node.inHand(),
                node.state(),
                node.intake(),
                order != null && applies ? order.wanted() : NodeOrder.TAKE,
                order != null && applies ? order.reason() : null,
                load == null
                        ? null
                        : new NodeView.Load(
                                load.heapUsed(),
                                load.heapMax(),
                                load.poolActive(),
                                load.poolIdle(),
                                load.poolWaiting()),
                node.startedAt(),
                node.heartbeatAt());
    }

    public Optional<NodeView> node(String node) {
        Map<String, NodeOrders.Given> given = orders.all();
        return found(node).map(it -> view(it, given));
    }

    private Optional<Nodes.Node> found(String aliasOrId) {
        return nodes.since(clock.instant().minus(KNOWN)).stream()
                .filter(it -> it.id().equals(aliasOrId) || NodeId.alias(it.id()).equals(aliasOrId))
                .findFirst();
    }

    /**
     * The node takes no chunks until it is resumed, also after a restart; those in hand finish.
     *
     * @param reason may be null; cut to 500 characters
     */
    public Optional<NodeView> pause(String node, @Nullable String reason) {
        return order(node, NodeOrder.PAUSE, reason);
    }

    /** As {@link #pause}, until the process ends: it reports DRAINED when no chunk is left. */
    public Optional<NodeView> drain(String node, @Nullable String reason) {
        return order(node, NodeOrder.DRAIN, reason);
    }

    public Optional<NodeView> resume(String node) {
        return order(node, NodeOrder.TAKE, null);
    }

    private Optional<NodeView> order(String node, NodeOrder wanted, @Nullable String reason) {
        Optional<Nodes.Node> found = found(node).filter(it -> it.name() != null);
        found.ifPresent(
                it ->
                        orders.give(
                                String.valueOf(it.name()),
                                new NodeOrders.Given(
                                        wanted,
                                        wanted == NodeOrder.DRAIN ? it.id() : null,
                                        cut(reason)),
                                ActorScope.current(),
                                clock.instant()));
        return found.flatMap(it -> node(it.id()));
    }

    private static @Nullable String cut(@Nullable String reason) {
        return reason == null || reason.length() <= REASON ? reason : reason.substring(0, REASON);
    }

    /** Asks for a thread dump; while one is pending, it is the same. */
    public Optional<ThreadDump> requestThreadDump(String node) {
        Instant now = clock.instant();
        return found(node)
                .map(it -> orders.requestDump(it.id(), now.minus(DUMP_EXPIRES), now))
                .map(this::dump);
    }

    /** Empty if there was no such request within the last hour. */
    public Optional<ThreadDump> threadDump(String node, long id) {
        return found(node).flatMap(it -> orders.dump(it.id(), id)).map(this::dump);
    }

    private ThreadDump dump(NodeOrders.Dump dump) {
        boolean expired = dump.requestedAt().plus(DUMP_EXPIRES).isBefore(clock.instant());
        return new ThreadDump(
                dump.id(),
                NodeId.alias(dump.node()),
                dump.text() != null
                        ? ThreadDump.Status.ANSWERED
                        : expired ? ThreadDump.Status.EXPIRED : ThreadDump.Status.PENDING,
                dump.requestedAt(),
                dump.answeredAt(),
                dump.text());
    }
}
