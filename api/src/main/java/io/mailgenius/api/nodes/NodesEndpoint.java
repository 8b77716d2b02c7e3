package io.mailgenius.api.nodes;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.Nodes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** The nodes with their hosts and processes, for operators at the management port. */
@Component
@Endpoint(id = "nodes")
class NodesEndpoint {

    private static final Duration LISTED = Duration.ofHours(1);

    private final Nodes nodes;
    private final Clock clock;

    NodesEndpoint(Nodes nodes, Clock clock) {
        this.nodes = nodes;
        this.clock = clock;
    }

    /**
     * @param alias by which workspaces know the node
     */
    record Known(String alias, Nodes.Node node) {}

    @ReadOperation
    List<Known> nodes() {
        return nodes.since(clock.instant().minus(LISTED)).stream()
                .map(node -> new Known(NodeId.alias(node.id()), node))
                .toList();
    }
}
