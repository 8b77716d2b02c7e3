package io.mailgenius.api.campaigns;

import io.mailgenius.jobs.campaigns.OwnDomains;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** From which of a workspace's domains the provider's account may send. */
@RestController
@RequestMapping("/api/v1/domains")
class DomainsController {

    private final OwnDomains domains;

    DomainsController(OwnDomains domains) {
        this.domains = domains;
    }

    @GetMapping
    @Operation(summary = "Whether the provider's account may send from this workspace's domains")
    Domains list() {
        return switch (domains.ask()) {
            case Answer.Every(String reason) -> new Domains(true, true, reason, List.of());
            case Answer.Listed(List<Domain> all) -> new Domains(true, false, null, all);
            case Answer.NotAsked(String reason) -> new Domains(false, false, reason, List.of());
        };
    }

    /**
     * @param checked whether the provider has said so
     * @param every whether it takes mails from any domain
     * @param reason why the list is empty
     */
    record Domains(boolean checked, boolean every, @Nullable String reason, List<Domain> items) {}
}
