package io.mailgenius.api.people;

import io.mailgenius.api.access.Caller;
import io.mailgenius.jobs.people.People;
import io.mailgenius.jobs.people.PersonSessions;
import io.mailgenius.jobs.people.PersonSessions.SessionView;
import io.mailgenius.jobs.people.PersonView;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(PeopleController.PATH)
class PeopleController {

    static final String PATH = "/api/v1/people";

    private final People people;
    private final PersonSessions sessions;

    PeopleController(People people, PersonSessions sessions) {
        this.people = people;
        this.sessions = sessions;
    }

    @GetMapping
    @Operation(summary = "The people of the workspace, with their roles")
    Page<PersonView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return people.page(after, limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One person")
    PersonView find(@PathVariable long id) {
        return people.find(id);
    }

    @PatchMapping("/{id}")
    @Operation(summary = "Give a person another role, or the right to send")
    PersonView change(@PathVariable long id, @RequestBody People.Change change) {
        return people.change(id, change, Caller.current().permissions());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take a person out of the workspace, and end the person's sessions")
    void remove(@PathVariable long id) {
        people.remove(id, Caller.current().permissions());
    }

    @GetMapping("/{id}/sessions")
    @Operation(summary = "Where a person is signed in, the newest session first")
    List<SessionView> sessions(@PathVariable long id) {
        return sessions.of(people.find(id).id());
    }

    @DeleteMapping("/{id}/sessions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Sign a person out everywhere")
    void endSessions(@PathVariable long id) {
        sessions.endAll(people.find(id).id());
    }

    @DeleteMapping("/{id}/sessions/{session}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "End one session of a person")
    void endSession(@PathVariable long id, @PathVariable UUID session) {
        if (!sessions.end(people.find(id).id(), session)) {
            throw new Refusal.NotFound("session", session.toString());
        }
    }
}
