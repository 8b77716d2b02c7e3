package io.mailgenius.api.contacts;

import io.mailgenius.api.contacts.ListsController.Members;
import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.contacts.Membership;
import io.mailgenius.jobs.contacts.TopicDraft;
import io.mailgenius.jobs.contacts.TopicView;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
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
@RequestMapping(TopicsController.PATH)
class TopicsController {

    static final String PATH = "/api/v1/topics";

    private static final String SOURCE = "api";

    private final Topics topics;

    TopicsController(Topics topics) {
        this.topics = topics;
    }

    @GetMapping
    @Operation(summary = "Topics")
    Page<TopicView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return topics.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a topic")
    ResponseEntity<TopicView> create(@RequestBody TopicDraft draft) {
        TopicView created = topics.create(draft);
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One topic")
    TopicView find(@PathVariable long id) {
        return topics.find(id);
    }

    @PatchMapping("/{id}")
    @Operation(summary = "Change what the body names of a topic")
    TopicView update(@PathVariable long id, @RequestBody TopicDraft draft) {
        return topics.update(id, draft);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a topic that no campaign names")
    void delete(@PathVariable long id) {
        topics.delete(id);
    }

    @PostMapping("/{id}/opt-out")
    @Operation(summary = "These contacts do not want what is about it")
    Membership optOut(@PathVariable long id, @RequestBody Members members) {
        return choose(id, members, false);
    }

    @PostMapping("/{id}/opt-in")
    @Operation(summary = "These contacts want what is about it")
    Membership optIn(@PathVariable long id, @RequestBody Members members) {
        return choose(id, members, true);
    }

    private Membership choose(long id, Members members, boolean wanted) {
        return members.contactIds() != null
                ? topics.choose(id, members.contactIds(), wanted, SOURCE)
                : topics.chooseByEmail(id, members.named(), wanted, SOURCE);
    }
}
