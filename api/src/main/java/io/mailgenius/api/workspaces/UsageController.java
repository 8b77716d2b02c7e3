package io.mailgenius.api.workspaces;

import io.mailgenius.api.limits.RequestMeter;
import io.mailgenius.jobs.workspaces.Usage;
import io.mailgenius.jobs.workspaces.UsageView;
import io.mailgenius.schema.WorkspaceScope;
import io.swagger.v3.oas.annotations.Operation;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/usage")
class UsageController {

    private final Usage usage;
    private final RequestMeter meter;

    UsageController(Usage usage, RequestMeter meter) {
        this.usage = usage;
        this.meter = meter;
    }

    @GetMapping
    @Operation(summary = "What the workspace may have, has, and has used day by day")
    UsageView find(
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate until) {
        meter.write(WorkspaceScope.required());
        return usage.find(from, until);
    }
}
