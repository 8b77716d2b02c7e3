package io.mailgenius.api.campaigns;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.analytics.Figures;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FollowUp;
import io.mailgenius.jobs.campaigns.FollowUps;
import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.delivery.Deliveries;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Finding.Severity;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.TextPatterns;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
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

@RestController
@RequestMapping(CampaignsController.PATH)
class CampaignsController {

    static final String PATH = "/api/v1/campaigns";

    /**
     * @param note for whoever has asked
     */
    record Declining(@Size(max = 1000) @Nullable String note) {}

    private static final Figures NOTHING = new Figures(Map.of());

    record Test(@Size(min = 1, max = 20) List<@Email String> to) {}

    record Following(
            FollowUp.To to,
            @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = 200) @Nullable String name,
            @Pattern(regexp = TextPatterns.ONE_LINE) @Size(max = 500) @Nullable String subject) {}

    /**
     * @param sound no error is among the findings, so it can be sent
     */
    record Check(boolean sound, List<Finding> findings) {

        static Check of(List<Finding> findings) {
            return new Check(
                    findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR),
                    findings);
        }
    }

    private final Campaigns campaigns;
    private final CampaignDrafts drafts;
    private final CampaignLifecycle lifecycle;
    private final FollowUps followUps;
    private final Deliveries deliveries;
    private final Analytics analytics;

    CampaignsController(
            Campaigns campaigns,
            CampaignDrafts drafts,
            CampaignLifecycle lifecycle,
            FollowUps followUps,
            Deliveries deliveries,
            Analytics analytics) {
        this.campaigns = campaigns;
        this.drafts = drafts;
        this.lifecycle = lifecycle;
        this.followUps = followUps;
        this.deliveries = deliveries;
        this.analytics = analytics;
    }

    @GetMapping
    @Operation(summary = "Campaigns with their counts")
    Page<Campaign> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        Page<CampaignView> page = campaigns.page(after, limit);
        Map<Long, Figures> figures =
                analytics.totals(page.items().stream().map(CampaignView::id).toList());
        return new Page<>(
                page.items().stream()
                        .map(view -> Campaign.of(view, figures.getOrDefault(view.id(), NOTHING)))
                        .toList(),
                page.next());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a campaign as a draft")
    ResponseEntity<Campaign> create(@RequestBody CampaignDraft draft) {
        Campaign created = whole(drafts.create(draft));
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "A campaign with its counts")
    Campaign find(@PathVariable long id) {
        return whole(campaigns.find(id));
    }

    @GetMapping("/{id}/check")
    @Operation(summary = "What to know before a campaign is sent")
    Check check(@PathVariable long id) {
        return Check.of(drafts.check(id));
    }

    @PostMapping("/{id}/send")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary =
                    "Freeze a campaign's content and audience, and send it; or ask for the approval that it needs")
    ResponseEntity<Campaign> send(@PathVariable long id) {
        return Created.accepted(PATH, id, whole(lifecycle.send(id)));
    }

    @PostMapping("/{id}/schedule")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Send a campaign at a given time; or ask for the approval that it needs")
    ResponseEntity<Campaign> schedule(@PathVariable long id, @RequestBody Schedule body) {
        return Created.accepted(PATH, id, whole(lifecycle.schedule(id, body)));
    }

    @PostMapping("/{id}/approve")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Send or schedule a campaign as another person has asked for")
    ResponseEntity<Campaign> approve(@PathVariable long id) {
        return Created.accepted(PATH, id, whole(lifecycle.approve(id)));
    }

    @PostMapping("/{id}/decline")
    @Operation(summary = "Decline what another person has asked for; the campaign stays a draft")
    Campaign decline(@PathVariable long id, @RequestBody Declining body) {
        return whole(lifecycle.decline(id, body.note()));
    }

    @PostMapping("/{id}/pause")
    @Operation(summary = "Let the mails in hand go, and hold the others")
    Campaign pause(@PathVariable long id) {
        return whole(lifecycle.pause(id));
    }

    @PostMapping("/{id}/resume")
    @Operation(summary = "Go on with a paused campaign")
    Campaign resume(@PathVariable long id) {
        return whole(lifecycle.resume(id));
    }

    @PostMapping("/{id}/cancel")
    @Operation(summary = "Send no more of a campaign")
    Campaign cancel(@PathVariable long id) {
        return whole(lifecycle.cancel(id));
    }

    @PostMapping("/{id}/follow-up")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Draft a campaign to those who did not get or did not open this one")
    ResponseEntity<Campaign> followUp(@PathVariable long id, @RequestBody Following body) {
        Campaign created = whole(followUps.create(id, body.to(), body.name(), body.subject()));
        return Created.at(PATH, created.id(), created);
    }

    @PostMapping("/{id}/test")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Send a campaign to a few addresses, to look at it")
    void test(@PathVariable long id, @RequestBody Test body) {
        deliveries.test(id, body.to());
    }

    private Campaign whole(CampaignView view) {
        return Campaign.of(view, analytics.totals(view.id()));
    }
}
