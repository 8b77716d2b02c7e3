package io.mailgenius.api.campaigns;

import io.mailgenius.console.pages.ListLinks;
import io.mailgenius.jobs.analytics.Analytics;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.workspaces.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Campaigns in the console. */
@Controller
class CampaignPages {

    private static final int AT_ONCE = 50;

    private final Campaigns campaigns;
    private final Analytics analytics;

    CampaignPages(Campaigns campaigns, Analytics analytics) {
        this.campaigns = campaigns;
        this.analytics = analytics;
    }

    @GetMapping("/campaigns")
    ModelAndView list(@RequestParam(required = false) @Nullable Long after) {
        Page<CampaignView> page = campaigns.page(after == null ? 0 : after, AT_ONCE);
        return new ModelAndView("campaigns")
                .addObject(
                        "campaigns",
                        page.items().stream()
                                .map(view -> Campaign.of(view, analytics.totals(view.id())))
                                .toList())
                .addObject("links", ListLinks.of("/campaigns", after, page.next()));
    }

    @GetMapping("/campaigns/{id}")
    ModelAndView one(@PathVariable long id) {
        CampaignView found = campaigns.find(id);
        return new ModelAndView("campaign")
                .addObject("it", Campaign.of(found, analytics.totals(id)))
                .addObject("possible", CampaignActionPages.possible(found.status()))
                .addObject("series", analytics.campaign(id));
    }
}
