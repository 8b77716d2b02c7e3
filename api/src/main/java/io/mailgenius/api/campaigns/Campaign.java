package io.mailgenius.api.campaigns;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mailgenius.jobs.analytics.Figures;
import io.mailgenius.jobs.campaigns.CampaignView;

/** A campaign as it goes over the wire: what was sent, and what came back of it. */
record Campaign(@JsonUnwrapped CampaignView campaign, Counts counts) {

    record Counts(
            long recipients,
            long sent,
            long failed,
            long skipped,
            long unknown,
            long delivered,
            long opened,
            long clicked,
            long bounced,
            long complained,
            long unsubscribed) {}

    static Campaign of(CampaignView view, Figures figures) {
        CampaignView.Counts sends = view.counts();
        return new Campaign(
                view,
                new Counts(
                        sends.recipients(),
                        sends.sent(),
                        sends.failed(),
                        sends.skipped(),
                        sends.unknown(),
                        figures.delivered(),
                        figures.opened(),
                        figures.clicked(),
                        figures.bounced(),
                        figures.complained(),
                        figures.unsubscribed()));
    }
}
