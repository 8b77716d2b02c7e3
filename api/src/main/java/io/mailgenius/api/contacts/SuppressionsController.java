package io.mailgenius.api.contacts;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.contacts.SuppressionView;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SuppressionReason;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Email;
import org.jspecify.annotations.Nullable;
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
@RequestMapping(SuppressionsController.PATH)
class SuppressionsController {

    static final String PATH = "/api/v1/suppressions";

    /**
     * @param reason what is missing means {@code MANUAL}
     */
    record Suppression(@Email String email, @Nullable SuppressionReason reason) {}

    private final Suppressions suppressions;

    SuppressionsController(Suppressions suppressions) {
        this.suppressions = suppressions;
    }

    @GetMapping
    @Operation(summary = "Addresses that are not mailed, in the order of their letters")
    Page<SuppressionView> page(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") int limit) {
        return suppressions.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Never mail this address again")
    ResponseEntity<SuppressionView> add(@RequestBody Suppression body) {
        SuppressionReason reason = body.reason() == null ? SuppressionReason.MANUAL : body.reason();
        SuppressionView added = suppressions.add(body.email(), reason, "api");
        return Created.at(PATH, added.email(), added);
    }

    @GetMapping("/{email}")
    @Operation(summary = "Whether and why an address is not mailed")
    SuppressionView find(@PathVariable String email) {
        EmailAddress address = EmailAddress.required(email);
        return suppressions
                .find(address)
                .orElseThrow(() -> new Refusal.NotFound("suppression", address.value()));
    }

    @DeleteMapping("/{email}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Mail this address again; its contact's status stays as it is")
    void remove(@PathVariable String email) {
        suppressions.remove(EmailAddress.required(email));
    }
}
