package io.mailgenius.api.audit;

import io.mailgenius.jobs.audit.AuditEntry;
import io.mailgenius.jobs.audit.AuditFilter;
import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.jobs.audit.AuditTrail.Verification;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
class AuditController {

    private final AuditTrail trail;
    private final AuditFile files;

    AuditController(AuditTrail trail, AuditFile files) {
        this.trail = trail;
        this.files = files;
    }

    @GetMapping
    @Operation(summary = "Who changed what, and which attempts were refused; the newest first")
    Page<AuditEntry> page(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String noun,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String requestId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return trail.page(
                new AuditFilter(actor, action, noun, target, requestId, from, until), after, limit);
    }

    @GetMapping(path = "/entries.csv", produces = "text/csv")
    @Operation(summary = "The same, all of them, as CSV")
    void csv(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String noun,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String requestId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant until,
            HttpServletResponse response)
            throws IOException {
        files.writeCsv(
                new AuditFilter(actor, action, noun, target, requestId, from, until),
                file("csv", "text/csv;charset=UTF-8", response));
    }

    @GetMapping(path = "/entries.jsonl", produces = "application/jsonl")
    @Operation(summary = "The same, all of them, a JSON object per line")
    void lines(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String noun,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String requestId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant until,
            HttpServletResponse response)
            throws IOException {
        files.writeLines(
                new AuditFilter(actor, action, noun, target, requestId, from, until),
                file("jsonl", "application/jsonl", response));
    }

    private static OutputStream file(String ending, String type, HttpServletResponse response)
            throws IOException {
        response.setContentType(type);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit." + ending + "\"");
        return response.getOutputStream();
    }

    @GetMapping("/verification")
    @Operation(summary = "Compute every hash of the audit trail again")
    Verification verify() {
        return trail.verify();
    }
}
