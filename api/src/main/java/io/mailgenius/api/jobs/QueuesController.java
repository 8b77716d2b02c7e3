package io.mailgenius.api.jobs;

import io.mailgenius.engine.operations.StepLoad;
import io.mailgenius.engine.operations.StepLoads;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class QueuesController {

    private final StepLoads loads;

    QueuesController(StepLoads loads) {
        this.loads = loads;
    }

    @GetMapping("/api/v1/queues")
    @Operation(summary = "The queue of each step, and what was done of it within the last hour")
    List<StepLoad> queues() {
        return loads.lastHour();
    }
}
