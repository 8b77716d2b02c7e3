package io.mailgenius.console.overview;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.Place;
import io.mailgenius.console.host.Right;
import io.mailgenius.console.host.ServiceState;
import io.mailgenius.console.host.Viewer;
import io.mailgenius.console.pages.Frame;
import io.mailgenius.console.pages.Frames;
import io.mailgenius.console.pages.ListLinks;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.NodeView;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The first page, as far as the viewer may see it. */
@Controller
class OverviewPage {

    private final ConsoleHost host;
    private final Frames frames;
    private final WorkNow work;
    private final ServicesNow services;

    OverviewPage(ConsoleHost host, Frames frames, WorkNow work, ServicesNow services) {
        this.host = host;
        this.frames = frames;
        this.work = work;
        this.services = services;
    }

    @GetMapping("/")
    ModelAndView overview(HttpServletRequest request) {
        Frame frame = frames.of(request);
        ModelAndView page = new ModelAndView("console/overview");
        List<HealthVerdict.Reason> reasons = new ArrayList<>();
        boolean late = false;
        if (frame.may(Right.SEE_JOBS)) {
            Seen<WorkNow.Work> seen = work.of(frame);
            late = seen.late();
            reasons.addAll(WorkNow.reasons(seen.value(), frame));
            page.addObject("work", seen.value())
                    .addObject("seen", seen)
                    .addObject("jobs", seen.value().newest())
                    .addObject("links", ListLinks.of("/", null, null));
        }
        if (frame.may(Right.SEE_NODES)) {
            Seen<List<NodeView>> nodes = services.nodes();
            late |= nodes.late();
            reasons.addAll(ServicesNow.reasons(nodes.value(), frame));
            List<ServiceState> states = services.states(late);
            states.stream()
                    .filter(it -> isWorrying(it.health()))
                    .map(
                            it ->
                                    new HealthVerdict.Reason(
                                            it.health() == ServiceState.Health.BAD,
                                            frame.text("worry.service", it.name(), it.detail()),
                                            "#services"))
                    .forEach(reasons::add);
            page.addObject("nodes", nodes.value()).addObject("services", states);
        }
        Viewer viewer = frame.viewer();
        if (viewer != null) {
            page.addObject("top", host.sections(Place.OVERVIEW_TOP, viewer))
                    .addObject("sections", host.sections(Place.OVERVIEW, viewer));
        }
        return page.addObject("verdict", HealthVerdict.of(reasons));
    }

    private static boolean isWorrying(ServiceState.Health health) {
        return switch (health) {
            case GOOD, UNKNOWN -> false;
            case POOR, BAD -> true;
        };
    }

    @GetMapping("/help")
    ModelAndView help() {
        return new ModelAndView("console/help");
    }
}
