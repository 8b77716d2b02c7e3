package io.mailgenius.console.nodes;

import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.NodeOperations;
import io.mailgenius.engine.operations.NodeView;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** The nodes as they were seen last. */
@Component
public class KnownNodes {

    /** How long a node is listed after it has shut down or died. */
    private static final Duration LISTED = Duration.ofHours(1);

    private final NodeOperations operations;
    private final LastKnown known;

    KnownNodes(NodeOperations operations, LastKnown known) {
        this.operations = operations;
        this.known = known;
    }

    public Seen<List<NodeView>> all() {
        return known.read("nodes", LastKnown.LIVE, () -> operations.nodes(LISTED));
    }
}
