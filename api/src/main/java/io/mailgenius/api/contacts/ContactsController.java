package io.mailgenius.api.contacts;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.contacts.ConsentView;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.contacts.ContactDraft;
import io.mailgenius.jobs.contacts.ContactFilter;
import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.jobs.contacts.Contacts;
import io.mailgenius.jobs.contacts.Exports;
import io.mailgenius.jobs.contacts.HistoryItem;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.TopicChoice;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.ContactStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping(ContactsController.PATH)
class ContactsController {

    static final String PATH = "/api/v1/contacts";

    /** Up to 10,000 at a time. */
    record Drafts(@Size(max = Lists.BATCH) List<ContactDraft> contacts) {}

    /** For the documentation: what is missing stays, and null empties what may be empty. */
    private record Patch(
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) @Email String email,
            @Size(max = 500) @Nullable String firstName,
            @Size(max = 500) @Nullable String lastName,
            @Size(max = 500) @Nullable String phone,
            @Size(max = 500) @Nullable String city,
            @Size(max = 500) @Nullable String country,
            @Size(max = 500) @Nullable String locale,
            @Size(max = 500) @Nullable String timeZone,
            @Size(max = 200) @Nullable Map<String, Object> attributes,
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) ContactStatus status,
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) boolean tracking,
            @Size(max = 200) @Nullable String externalId) {}

    private final Contacts contacts;
    private final Exports exports;
    private final Consents consents;
    private final Topics topics;

    ContactsController(Contacts contacts, Exports exports, Consents consents, Topics topics) {
        this.contacts = contacts;
        this.consents = consents;
        this.topics = topics;
        this.exports = exports;
    }

    @GetMapping
    @Operation(
            summary =
                    "Contacts; email is what the address begins with, search a part of it or the name; externalId finds the one that has it, whatever the rest says")
    Page<ContactView> page(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String search,
            @RequestParam(required = false) @Nullable ContactStatus status,
            @RequestParam(required = false) @Nullable Long listId,
            @RequestParam(required = false) @Nullable Long segmentId,
            @RequestParam(required = false) @Nullable String externalId,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        if (externalId != null) {
            return new Page<>(contacts.findByExternalId(externalId).stream().toList(), null);
        }
        return contacts.page(
                new ContactFilter(email, search, status, listId, segmentId), after, limit);
    }

    @GetMapping(path = "/export.csv.gz", produces = "application/gzip")
    @Operation(summary = "Contacts as CSV, packed; the same filters")
    void export(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String search,
            @RequestParam(required = false) @Nullable ContactStatus status,
            @RequestParam(required = false) @Nullable Long listId,
            @RequestParam(required = false) @Nullable Long segmentId,
            HttpServletResponse response)
            throws IOException {
        // Before the first byte, so that a list that is not there is still a 404.
        Exports.Export export =
                exports.of(new ContactFilter(email, search, status, listId, segmentId));
        response.setContentType("application/gzip");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"contacts.csv.gz\"");
        export.writeTo(response.getOutputStream());
    }

    @PostMapping("/add")
    @Operation(summary = "Create many; those whose address is there stay as they are")
    Contacts.Added addAll(@RequestBody Drafts drafts) {
        return contacts.addAll(drafts.contacts());
    }

    @PostMapping("/remove")
    @Operation(summary = "Delete many")
    Contacts.Removed removeAll(@RequestBody ListsController.Members members) {
        return members.contactIds() != null
                ? contacts.deleteAll(members.contactIds())
                : contacts.deleteAllByEmail(members.named());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a contact")
    ResponseEntity<ContactView> create(@RequestBody ContactDraft draft) {
        ContactView created = contacts.create(draft);
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One contact")
    ContactView find(@PathVariable long id) {
        return contacts.find(id);
    }

    @GetMapping("/{id}/history")
    @Operation(summary = "What has happened to a contact, the newest first")
    Page<HistoryItem> history(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") int limit) {
        return contacts.history(id, after, limit);
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Change what the body names (RFC 7396)",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = Patch.class))))
    ContactView update(
            @PathVariable long id, @Parameter(hidden = true) @RequestBody ObjectNode patch) {
        return contacts.update(id, patch);
    }

    @GetMapping("/{id}/consent")
    @Operation(summary = "What a contact has said about being mailed, with the proof; newest first")
    Page<ConsentView> consent(
            @PathVariable long id,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return consents.page(id, after, limit);
    }

    @GetMapping("/{id}/topics")
    @Operation(summary = "All topics, and whether a contact gets what is about them")
    List<TopicChoice> topics(@PathVariable long id) {
        return topics.of(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a contact")
    void delete(@PathVariable long id) {
        contacts.delete(id);
    }
}
