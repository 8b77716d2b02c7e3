package io.mailgenius.console.queues;

import io.mailgenius.console.pages.LastKnown;
import io.mailgenius.console.pages.Seen;
import io.mailgenius.engine.operations.StepLoad;
import io.mailgenius.engine.operations.StepLoads;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** The load of each step as it was seen last. */
@Component
public class KnownLoads {

    private static final Duration EXPENSIVE = Duration.ofSeconds(3);

    private final StepLoads loads;
    private final LastKnown known;

    KnownLoads(StepLoads loads, LastKnown known) {
        this.loads = loads;
        this.known = known;
    }

    public Seen<List<StepLoad>> lastHour() {
        return known.read("loads", EXPENSIVE, loads::lastHour);
    }
}
