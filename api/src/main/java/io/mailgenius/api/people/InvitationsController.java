package io.mailgenius.api.people;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.json.Created;
import io.mailgenius.api.limits.PersonMailLimits;
import io.mailgenius.api.problems.ProblemFound;
import io.mailgenius.jobs.people.InvitationDraft;
import io.mailgenius.jobs.people.InvitationView;
import io.mailgenius.jobs.people.Invitations;
import io.mailgenius.jobs.people.NewInvitation;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
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

@RestController
@RequestMapping(InvitationsController.PATH)
class InvitationsController {

    static final String PATH = "/api/v1/invitations";

    private final Invitations invitations;
    private final PersonMailLimits limits;

    InvitationsController(Invitations invitations, PersonMailLimits limits) {
        this.invitations = invitations;
        this.limits = limits;
    }

    @GetMapping
    @Operation(summary = "Invitations, the newest first")
    Page<InvitationView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return invitations.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary =
                    "Invite somebody; the link is shown this once and works for a week. With mail:"
                            + " true it is mailed too, to at most 100 a day")
    ResponseEntity<NewInvitation> create(@RequestBody InvitationDraft draft) {
        Caller caller = Caller.current();
        Duration pause = draft.mailed() ? limits.invitation(caller.workspaceId()) : Duration.ZERO;
        if (pause.isPositive()) {
            throw new ProblemFound(
                    429,
                    "too-many-invitations",
                    "Too many invitations",
                    "A workspace mails 100 invitations a day: try again after the seconds in"
                            + " Retry-After, or pass links on yourself.",
                    pause);
        }
        NewInvitation made = invitations.create(draft, caller.permissions());
        return Created.at(PATH, made.invitation().id(), made);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Withdraw an invitation that nobody has accepted")
    void withdraw(@PathVariable long id) {
        invitations.withdraw(id);
    }
}
