package io.mailgenius.api.accounts;

import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.providers.accounts.AccountChange;
import io.mailgenius.jobs.providers.accounts.AccountView;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Through which account at the provider the workspace sends. No answer has a secret. */
@RestController
@RequestMapping("/api/v1/provider-account")
class ProviderAccountController {

    private final ProviderAccounts accounts;

    ProviderAccountController(ProviderAccounts accounts) {
        this.accounts = accounts;
    }

    /**
     * @param own whether it is the workspace's own; otherwise the installation's
     * @param account null unless it is its own
     */
    record Present(boolean own, @Nullable AccountView account) {}

    /**
     * @param accepted whether the provider accepts the key
     * @param reason what the provider said
     */
    record Checked(boolean accepted, @Nullable String reason, List<Domain> domains) {}

    @GetMapping
    @Operation(summary = "The account of new mails, without its secrets")
    Present find() {
        AccountView account = accounts.find().orElse(null);
        return new Present(account != null, account);
    }

    @PutMapping
    @Operation(summary = "Send new mails through an account of its own, or change that account")
    AccountView change(@RequestBody AccountChange change) {
        return accounts.change(change);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Send new mails through the installation's account")
    void remove() {
        accounts.remove();
    }

    @PostMapping("/check")
    @Operation(summary = "Ask the provider whether it accepts the account's key")
    Checked check() {
        return switch (accounts.check()) {
            case Answer.Every(String reason) -> new Checked(true, reason, List.of());
            case Answer.Listed(List<Domain> domains) ->
                    new Checked(true, null, accounts.own() ? domains : List.of());
            case Answer.NotAsked(String reason) -> new Checked(false, reason, List.of());
        };
    }
}
