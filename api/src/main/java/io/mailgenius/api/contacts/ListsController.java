package io.mailgenius.api.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.contacts.ListView;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Membership;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

@RestController
@RequestMapping(ListsController.PATH)
class ListsController {

    static final String PATH = "/api/v1/lists";

    /**
     * @param open shown on the page of preferences
     */
    record Draft(
            @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = Lists.MAX_NAME) String name,
            @JsonProperty("public") @Nullable Boolean open) {}

    /** What is missing stays. */
    record Change(
            @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = Lists.MAX_NAME)
                    @Nullable String name,
            @JsonProperty("public") @Nullable Boolean open) {}

    /** Either of the two. */
    record Members(
            @Size(max = Lists.BATCH) @Nullable List<Long> contactIds,
            @Size(max = Lists.BATCH) @Nullable List<String> emails) {

        Members {
            if ((contactIds == null) == (emails == null)) {
                throw new Refusal.Invalid(
                        "members-missing", "Name the members by contactIds or by emails.");
            }
        }

        List<String> named() {
            return emails == null ? List.of() : emails;
        }
    }

    private final Lists lists;

    ListsController(Lists lists) {
        this.lists = lists;
    }

    @GetMapping
    @Operation(summary = "Lists")
    Page<ListView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return lists.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a list")
    ResponseEntity<ListView> create(@RequestBody Draft body) {
        ListView created = lists.create(body.name(), Boolean.TRUE.equals(body.open()));
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One list")
    ListView find(@PathVariable long id) {
        return lists.find(id);
    }

    @PatchMapping("/{id}")
    @Operation(summary = "Rename a list, or show it to people")
    ListView update(@PathVariable long id, @RequestBody Change body) {
        return lists.update(id, body.name(), body.open());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a list; its contacts stay")
    void delete(@PathVariable long id) {
        lists.delete(id);
    }

    @PostMapping("/{id}/add")
    @Operation(summary = "Put contacts on a list")
    Membership add(@PathVariable long id, @RequestBody Members members) {
        return members.contactIds() != null
                ? lists.add(id, members.contactIds())
                : lists.addByEmail(id, members.named());
    }

    @PostMapping("/{id}/remove")
    @Operation(summary = "Take contacts off a list")
    Membership remove(@PathVariable long id, @RequestBody Members members) {
        return members.contactIds() != null
                ? lists.remove(id, members.contactIds())
                : lists.removeByEmail(id, members.named());
    }
}
