package io.mailgenius.api.mails;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.mails.MailDraft;
import io.mailgenius.jobs.mails.MailView;
import io.mailgenius.jobs.mails.Mails;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(MailsController.PATH)
class MailsController {

    static final String PATH = "/api/v1/mails";

    private static final String KEY = "Idempotency-Key";

    /** Up to 100 at a time. */
    record MailDrafts(@Size(min = 1, max = Mails.BATCH) List<MailDraft> mails) {}

    /** In the order of the request. */
    record AcceptedMails(List<MailView> mails) {}

    private final Mails mails;

    MailsController(Mails mails) {
        this.mails = mails;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Send a mail to one recipient, at once or later; stored before the answer")
    ResponseEntity<MailView> send(
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody MailDraft draft) {
        MailView accepted = mails.accept(draft, key);
        return Created.accepted(PATH, accepted.id(), accepted);
    }

    @PostMapping("/batch")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "The same for up to 100 mails; if one is not valid, none is accepted")
    AcceptedMails sendAll(
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody MailDrafts drafts) {
        return new AcceptedMails(mails.accept(drafts.mails(), key));
    }

    @GetMapping
    @Operation(summary = "Mails, the newest first; to is the address of one recipient")
    Page<MailView> page(
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return mails.page(to, after, limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "What became of a mail, with its events")
    MailView find(@PathVariable long id) {
        return mails.find(id);
    }

    @PostMapping("/{id}/cancel")
    @Operation(summary = "Cancel a mail that waits for its time")
    MailView cancel(@PathVariable long id) {
        return mails.cancel(id);
    }
}
