package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.Conversion;
import io.mailgenius.jobs.analytics.Conversions;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(AnalyticsController.PATH + "/campaigns/{id}")
class ConversionsController {

    /** What followed clicks on a campaign. */
    record CampaignConversions(long campaignId, int withinDays, List<Conversion> conversions) {}

    private final Conversions conversions;

    ConversionsController(Conversions conversions) {
        this.conversions = conversions;
    }

    @GetMapping("/conversions")
    @Operation(
            summary =
                    "What contacts did elsewhere within days after their click, with the revenue by currency")
    CampaignConversions report(
            @PathVariable long id, @RequestParam(defaultValue = "5") int withinDays) {
        return new CampaignConversions(id, withinDays, conversions.of(id, withinDays));
    }
}
