package io.mailgenius.api.templates;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.templates.TemplateDraft;
import io.mailgenius.jobs.templates.TemplatePreview;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.templates.TemplateSummary;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(TemplatesController.PATH)
class TemplatesController {

    static final String PATH = "/api/v1/templates";

    /**
     * @param mjml compiled to html; exclusive with html
     * @param html may be null if there is a text
     */
    record Draft(
            @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = 200) String name,
            @Nullable String subject,
            @Nullable String mjml,
            @Nullable String html,
            @Nullable String text) {

        TemplateDraft draft() {
            return new TemplateDraft(name, TemplateSource.of(subject, mjml, html, text));
        }
    }

    /**
     * @param contactId the contact to render for; the sample contact if null
     */
    record Reader(@Nullable Long contactId) {}

    private final Templates templates;

    TemplatesController(Templates templates) {
        this.templates = templates;
    }

    @GetMapping
    @Operation(summary = "List templates without their parts")
    Page<TemplateSummary> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return templates.page(after, limit);
    }

    @PostMapping
    @Operation(summary = "Create a template; one that does not parse is refused with the position")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Template> create(@RequestBody Draft body) {
        Template created = Template.of(templates.create(body.draft()));
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "A template, by default in its newest version")
    Template find(
            @PathVariable long id, @RequestParam(required = false) @Nullable Integer version) {
        return Template.of(version == null ? templates.find(id) : templates.find(id, version));
    }

    @PutMapping("/{id}")
    @Operation(summary = "Create the next version of a template")
    Template update(@PathVariable long id, @RequestBody Draft body) {
        return Template.of(templates.update(id, body.draft()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a template; campaigns that were launched keep their copy")
    void delete(@PathVariable long id) {
        templates.delete(id);
    }

    @PostMapping("/{id}/preview")
    @Operation(summary = "Render a template for a contact")
    TemplatePreview preview(
            @PathVariable long id, @RequestBody(required = false) @Nullable Reader reader) {
        return templates.preview(id, reader == null ? null : reader.contactId());
    }
}
