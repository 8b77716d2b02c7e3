package io.mailgenius.api.workspaces;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.offboarding.Offboarding;
import io.mailgenius.jobs.offboarding.WorkspaceExport;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Size;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(WorkspaceController.PATH)
class OffboardingController {

    private static final String EXPORTS = WorkspaceController.PATH + "/exports";

    private final Offboarding offboarding;

    OffboardingController(Offboarding offboarding) {
        this.offboarding = offboarding;
    }

    /**
     * @param name of the workspace, letter by letter
     */
    record Deletion(@Size(min = 1, max = 200) String name) {}

    @PostMapping("/exports")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Make an archive of all that the workspace has")
    ResponseEntity<WorkspaceExport> export() {
        WorkspaceExport export = offboarding.export();
        return Created.accepted(EXPORTS, export.id(), export);
    }

    @GetMapping("/exports")
    @Operation(summary = "Archives of the workspace, the newest first")
    Page<WorkspaceExport> exports(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return offboarding.page(after, limit);
    }

    @GetMapping("/exports/{id}")
    @Operation(summary = "How far an archive is")
    WorkspaceExport export(@PathVariable long id) {
        return offboarding.find(id);
    }

    @GetMapping(path = "/exports/{id}/archive.zip", produces = "application/zip")
    @Operation(summary = "The archive itself: a ZIP with a file per table, a JSON object per line")
    ResponseEntity<Resource> archive(@PathVariable long id) {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"workspace-export-" + id + ".zip\"")
                .body(new FileSystemResource(offboarding.archive(id)));
    }

    @PostMapping("/deletion")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Delete the workspace with all that it has, for good; its name confirms that")
    void delete(@RequestBody Deletion confirmed) {
        offboarding.delete(confirmed.name());
    }
}
