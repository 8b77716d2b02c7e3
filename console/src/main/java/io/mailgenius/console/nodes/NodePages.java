package io.mailgenius.console.nodes;

import io.mailgenius.console.host.Right;
import io.mailgenius.console.pages.Questions;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.NodeOperations;
import io.mailgenius.engine.operations.NodeView;
import io.mailgenius.engine.operations.ThreadDump;
import io.mailgenius.schema.NodeState;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** The nodes, and a thread dump of one. */
@Controller
class NodePages {

    private final KnownNodes nodes;
    private final NodeOperations operations;
    private final Questions questions;

    NodePages(KnownNodes nodes, NodeOperations operations, Questions questions) {
        this.nodes = nodes;
        this.operations = operations;
        this.questions = questions;
    }

    @GetMapping("/nodes")
    ModelAndView list() {
        Seen<List<NodeView>> seen = nodes.all();
        return new ModelAndView("console/nodes")
                .addObject("seen", seen)
                .addObject("nodes", seen.value())
                .addObject(
                        "dead",
                        seen.value().stream().filter(it -> it.state() == NodeState.DEAD).toList());
    }

    @GetMapping("/nodes/{node}/threads/{dump}")
    ModelAndView threads(@PathVariable String node, @PathVariable long dump) {
        questions.require(Right.OPERATE_NODES);
        Optional<ThreadDump> found = operations.threadDump(node, dump);
        return new ModelAndView("console/threads")
                .addObject(
                        "dump",
                        found.orElseThrow(
                                () ->
                                        new ResponseStatusException(
                                                HttpStatus.NOT_FOUND,
                                                "There is no such thread dump any more")));
    }
}
