package io.mailgenius.console.nodes;

import io.mailgenius.console.host.Right;
import io.mailgenius.console.pages.ApiCall;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Question;
import io.mailgenius.console.pages.Questions;
import io.mailgenius.engine.operations.NodeOperations;
import io.mailgenius.engine.operations.NodeView;
import io.mailgenius.engine.operations.ThreadDump;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** Whether a node takes chunks, and its threads. */
@Controller
class NodeActionPages {

    private static final String BACK = "redirect:/nodes?done=";

    private final NodeOperations operations;
    private final Questions questions;

    NodeActionPages(NodeOperations operations, Questions questions) {
        this.operations = operations;
        this.questions = questions;
    }

    @GetMapping("/nodes/{node}/pause")
    ModelAndView askPause(HttpServletRequest request, @PathVariable String node) {
        return ask(request, node, "pause");
    }

    @PostMapping("/nodes/{node}/pause")
    String pause(
            @PathVariable String node, @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_NODES);
        require(operations.pause(node, Questions.reason(reason)), node);
        return BACK + "pause";
    }

    @GetMapping("/nodes/{node}/drain")
    ModelAndView askDrain(HttpServletRequest request, @PathVariable String node) {
        return ask(request, node, "drain");
    }

    @PostMapping("/nodes/{node}/drain")
    String drain(
            @PathVariable String node, @RequestParam(required = false) @Nullable String reason) {
        questions.require(Right.OPERATE_NODES);
        require(operations.drain(node, Questions.reason(reason)), node);
        return BACK + "drain";
    }

    @GetMapping("/nodes/{node}/resume")
    ModelAndView askResume(HttpServletRequest request, @PathVariable String node) {
        return ask(request, node, "resume");
    }

    @PostMapping("/nodes/{node}/resume")
    String resume(@PathVariable String node) {
        questions.require(Right.OPERATE_NODES);
        require(operations.resume(node), node);
        return BACK + "resume";
    }

    @GetMapping("/nodes/{node}/threads")
    ModelAndView askThreads(HttpServletRequest request, @PathVariable String node) {
        return ask(request, node, "threads");
    }

    @PostMapping("/nodes/{node}/threads")
    String threads(@PathVariable String node) {
        questions.require(Right.OPERATE_NODES);
        ThreadDump dump = require(operations.requestThreadDump(node), node);
        return "redirect:/nodes/" + dump.node() + "/threads/" + dump.id();
    }

    private ModelAndView ask(HttpServletRequest request, String name, String action) {
        Frame frame = questions.frame(request);
        NodeView node = require(operations.node(name), name);
        String path = "/nodes/" + node.id() + "/" + action;
        Question question =
                new Question(
                                frame.text("ask." + action + ".title", node.id()),
                                List.of(
                                        frame.text(
                                                "ask." + action + ".does",
                                                frame.number(node.inHand())),
                                        frame.text("ask." + action + ".until")),
                                path,
                                frame.text("action." + action),
                                "/nodes")
                        .asCall(call(path, action));
        boolean reasoned = action.equals("pause") || action.equals("drain");
        return questions.ask(
                request, Right.OPERATE_NODES, reasoned ? question : question.withoutReason());
    }

    private static ApiCall call(String path, String action) {
        return new ApiCall(
                "POST",
                action.equals("threads") ? path.replace("/threads", "/thread-dumps") : path,
                null);
    }

    private static <T> T require(Optional<T> found, String node) {
        return found.orElseThrow(
                () ->
                        new ResponseStatusException(
                                HttpStatus.NOT_FOUND, "There is no node " + node));
    }
}
