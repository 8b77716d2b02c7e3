package io.mailgenius.api.nodes;

import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
    Page<Nodes.Node> nodes() {
        return new Page<>(recent(), null);
    }

    @GetMapping("/nodes")
    ModelAndView page() {
        return new ModelAndView("nodes").addObject("nodes", recent());
    }

    private List<Nodes.Node> recent() {
        return nodes.since(clock.instant().minus(LISTED));
    }
}
