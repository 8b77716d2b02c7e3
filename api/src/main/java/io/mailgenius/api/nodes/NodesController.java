package io.mailgenius.api.nodes;

import io.mailgenius.api.json.Created;
import io.mailgenius.engine.operations.NodeOperations;
import io.mailgenius.engine.operations.NodeView;
import io.mailgenius.engine.operations.ThreadDump;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The nodes of the installation, and what operators order them to do. */
@RestController
class NodesController {

    private static final String PATH = "/api/v1/nodes";

    /** How long a node is listed after it has shut down or died. */
    private static final Duration LISTED = Duration.ofHours(1);

    private final NodeOperations nodes;
    private final OperatingWorkspace operating;

    NodesController(NodeOperations nodes, OperatingWorkspace operating) {
        this.nodes = nodes;
        this.operating = operating;
    }

    @GetMapping(PATH)
    @Operation(summary = "Running nodes, and those that shut down or died within the last hour")
    Page<NodeView> nodes() {
        return new Page<>(recent(), null);
    }

    private List<NodeView> recent() {
        return nodes.nodes(LISTED).stream().map(this::shown).toList();
    }

    @GetMapping(PATH + "/{node}")
    @Operation(summary = "A node as its last heartbeat left it")
    NodeView node(@PathVariable String node) {
        return shown(found(node, nodes.node(node)));
    }

    /** What an operator wrote is not for other workspaces. */
    private NodeView shown(NodeView node) {
        return operating.isCurrent() ? node : node.withoutReason();
    }

    /** Why it is ordered. */
    record Instruction(@Size(max = 500) @Nullable String reason) {

        static @Nullable String reason(@Nullable Instruction given) {
            return given == null ? null : given.reason();
        }
    }

    @PostMapping(PATH + "/{node}/pause")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Have a node take no chunks until it is resumed, also after a restart")
    NodeView pause(
            @PathVariable String node,
            @Valid @RequestBody(required = false) @Nullable Instruction given) {
        operating.require();
        return found(node, nodes.pause(node, Instruction.reason(given)));
    }

    @PostMapping(PATH + "/{node}/drain")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Have a node finish its chunks and take no others until it is restarted")
    NodeView drain(
            @PathVariable String node,
            @Valid @RequestBody(required = false) @Nullable Instruction given) {
        operating.require();
        return found(node, nodes.drain(node, Instruction.reason(given)));
    }

    @PostMapping(PATH + "/{node}/resume")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Have a paused or drained node take chunks again")
    NodeView resume(@PathVariable String node) {
        operating.require();
        return found(node, nodes.resume(node));
    }

    @PostMapping(PATH + "/{node}/thread-dumps")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Ask a node for a thread dump, which it writes at its next heartbeat")
    ResponseEntity<ThreadDump> requestThreadDump(@PathVariable String node) {
        operating.require();
        ThreadDump dump = found(node, nodes.requestThreadDump(node));
        return Created.accepted(PATH + "/" + dump.node() + "/thread-dumps", dump.id(), dump);
    }

    @GetMapping(PATH + "/{node}/thread-dumps/{dumpId}")
    @Operation(summary = "A thread dump, or that the node has not written it yet")
    ThreadDump threadDump(@PathVariable String node, @PathVariable long dumpId) {
        operating.require();
        return found(node, nodes.threadDump(node, dumpId));
    }

    private static <T> T found(String node, Optional<T> found) {
        return found.orElseThrow(() -> new Refusal.NotFound("node", node));
    }
}
