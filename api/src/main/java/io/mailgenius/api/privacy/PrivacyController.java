package io.mailgenius.api.privacy;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.privacy.ErasureView;
import io.mailgenius.jobs.privacy.Erasures;
import io.mailgenius.jobs.privacy.ExportView;
import io.mailgenius.jobs.privacy.PersonExports;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
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
@RequestMapping(PrivacyController.PATH)
class PrivacyController {

    static final String PATH = "/api/v1/privacy";

    private final Erasures erasures;
    private final PersonExports exports;

    PrivacyController(Erasures erasures, PersonExports exports) {
        this.erasures = erasures;
        this.exports = exports;
    }

    record Erase(List<String> emails) {}

    record Export(String email) {}

    @PostMapping("/erasures")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Erase addresses everywhere in this workspace, and for good")
    ResponseEntity<ErasureView> erase(@RequestBody Erase body) {
        ErasureView erasure = erasures.erase(body.emails());
        return Created.accepted(PATH + "/erasures", erasure.id(), erasure);
    }

    @GetMapping("/erasures")
    @Operation(summary = "Erasures, the newest first; without the addresses")
    Page<ErasureView> erasures(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return erasures.page(after, limit);
    }

    @GetMapping("/erasures/{id}")
    @Operation(summary = "How far an erasure is")
    ErasureView erasure(@PathVariable long id) {
        return erasures.find(id);
    }

    @PostMapping("/exports")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Collect all that is known about an address as one archive")
    ResponseEntity<ExportView> export(@RequestBody Export body) {
        ExportView export = exports.create(body.email());
        return Created.at(PATH + "/exports", export.id(), export);
    }

    @GetMapping("/exports/{id}")
    @Operation(summary = "An archive that has not expired")
    ExportView export(@PathVariable long id) {
        return exports.find(id);
    }

    @GetMapping(path = "/exports/{id}/archive.zip", produces = "application/zip")
    @Operation(summary = "The archive itself: a ZIP with a JSON file per kind of data")
    ResponseEntity<byte[]> archive(@PathVariable long id) {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"export-" + id + ".zip\"")
                .body(exports.archive(id));
    }
}
