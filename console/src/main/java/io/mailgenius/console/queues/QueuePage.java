package io.mailgenius.console.queues;

import io.mailgenius.console.pages.Frames;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.StepLoad;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** What waits for workers, by step, and how the last hour went. */
@Controller
class QueuePage {

    private final KnownLoads loads;
    private final Frames frames;

    QueuePage(KnownLoads loads, Frames frames) {
        this.loads = loads;
        this.frames = frames;
    }

    @GetMapping("/queues")
    ModelAndView list(HttpServletRequest request) {
        Seen<List<StepLoad>> seen = loads.lastHour();
        Instant now = frames.of(request).now();
        return new ModelAndView("console/queues")
                .addObject("seen", seen)
                .addObject(
                        "queues",
                        seen.value().stream().map(load -> HourOfStep.of(load, now)).toList());
    }
}
