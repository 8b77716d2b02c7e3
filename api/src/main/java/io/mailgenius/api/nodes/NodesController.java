package io.mailgenius.api.nodes;

import io.mailgenius.engine.cluster.NodeId;
import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.NodeState;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.ModelAndView;

@RestController
class NodesController {

    /** How long a node is listed after it has shut down or died. */
    private static final Duration LISTED = Duration.ofHours(1);

    private final Nodes nodes;
    private final Clock clock;

    NodesController(Nodes nodes, Clock clock) {
        this.nodes = nodes;
        this.clock = clock;
    }

    @GetMapping("/api/v1/nodes")
    @Operation(summary = "Running nodes, and those that shut down or died within the last hour")
    Page<Listed> nodes() {
        return new Page<>(recent(), null);
    }

    /** A node as workspaces see it, without its host and process. */
    record Listed(
            String id,
            Set<Role> roles,
            int slots,
            int inHand,
            NodeState state,
            Instant startedAt,
            Instant heartbeatAt) {

        static Listed of(Nodes.Node node) {
            return new Listed(
                    NodeId.alias(node.id()),
                    node.roles(),
                    node.slots(),
                    node.inHand(),
                    node.state(),
                    node.startedAt(),
                    node.heartbeatAt());
        }
    }

    @GetMapping("/nodes")
    ModelAndView page() {
        return new ModelAndView("nodes").addObject("nodes", recent());
    }

    private List<Listed> recent() {
        return nodes.since(clock.instant().minus(LISTED)).stream().map(Listed::of).toList();
    }
}
