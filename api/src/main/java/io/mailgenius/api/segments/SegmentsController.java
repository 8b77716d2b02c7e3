package io.mailgenius.api.segments;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.segments.SegmentPreview;
import io.mailgenius.jobs.segments.SegmentView;
import io.mailgenius.jobs.segments.Segments;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(SegmentsController.PATH)
class SegmentsController {

    static final String PATH = "/api/v1/segments";

    record NewSegment(
            @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = 200) String name,
            @Schema(ref = "#/components/schemas/SegmentRule") JsonNode rule) {}

    record Question(@Schema(ref = "#/components/schemas/SegmentRule") JsonNode rule) {}

    private final Segments segments;

    SegmentsController(Segments segments) {
        this.segments = segments;
    }

    @GetMapping
    @Operation(summary = "Segments")
    Page<SegmentView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return segments.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Create a segment; a job stores its members")
    ResponseEntity<SegmentView> create(@RequestBody NewSegment body) {
        SegmentView created = segments.create(body.name(), body.rule());
        return Created.accepted(PATH, created.id(), created);
    }

    @PostMapping("/preview")
    @Operation(summary = "The number of contacts that match a rule, and a sample")
    SegmentPreview preview(@RequestBody Question body) {
        return segments.preview(body.rule());
    }

    @GetMapping("/{id}")
    @Operation(summary = "One segment")
    SegmentView find(@PathVariable long id) {
        return segments.find(id);
    }

    @PostMapping("/{id}/refresh")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Update the members; by a job that evaluates all contacts, where necessary")
    ResponseEntity<SegmentView> refresh(
            @PathVariable long id, @RequestParam(defaultValue = "false") boolean everybody) {
        return Created.accepted(PATH, id, segments.refresh(id, everybody));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a segment; its contacts stay")
    void delete(@PathVariable long id) {
        segments.delete(id);
    }
}
