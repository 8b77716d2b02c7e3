package io.mailgenius.api.campaigns;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.delivery.DecisionView;
import io.mailgenius.jobs.delivery.UnknownSends;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/** Mails without an outcome, and what people decide about them. */
@RestController
@RequestMapping(CampaignsController.PATH + "/{id}")
class UnknownSendsController {

    /** Either of the two, and why. */
    record Decision(
            @Size(min = 1, max = 10_000) @Nullable List<Long> contactIds,
            @Nullable Boolean all,
            @Pattern(regexp = TextPatterns.NOT_BLANK) @Size(max = 1_000) @Nullable String reason) {

        Decision {
            if ((contactIds == null) != Boolean.TRUE.equals(all)) {
                throw new Refusal.Invalid(
                        "decision-contacts",
                        "Name the contacts in \"contactIds\", or say {\"all\": true}.");
            }
        }

        UnknownSends.Order by(Principal person) {
            return new UnknownSends.Order(
                    contactIds, reason == null ? "" : reason, person.getName());
        }
    }

    private final UnknownSends unknown;

    UnknownSendsController(UnknownSends unknown) {
        this.unknown = unknown;
    }

    @PostMapping("/unknown/sent")
    @Operation(summary = "Mails without an outcome went out: they are SENT")
    DecisionView sent(@PathVariable long id, @RequestBody Decision decision, Principal principal) {
        return unknown.sent(id, decision.by(principal));
    }

    @PostMapping("/unknown/again")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Send mails without an outcome again, though somebody may get two")
    ResponseEntity<DecisionView> again(
            @PathVariable long id, @RequestBody Decision decision, Principal principal) {
        return Created.accepted(
                CampaignsController.PATH, id, unknown.again(id, decision.by(principal)));
    }

    @GetMapping("/unknown/decisions")
    @Operation(summary = "Who decided what about mails without an outcome, and why")
    Page<DecisionView> decisions(
            @PathVariable long id,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return unknown.decisions(id, after, limit);
    }
}
