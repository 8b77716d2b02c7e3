package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Creates campaigns to some recipients of an earlier one. */
@Component
@Transactional
public class FollowUps {

    private final Campaigns campaigns;
    private final CampaignDrafts drafts;

    FollowUps(Campaigns campaigns, CampaignDrafts drafts) {
        this.campaigns = campaigns;
        this.drafts = drafts;
    }

    /**
     * Creates a draft with the content that the first campaign has sent, and its window, rate and
     * priority, without its warm-up. The recipients are enumerated when the draft is sent.
     *
     * @param name null for the first campaign's name with the kind of recipients
     * @param subject null for the first campaign's
     * @throws Refusal.Conflict if the first campaign has not ended, or its sends were purged
     */
    public CampaignView create(
            long id, FollowUp.To to, @Nullable String name, @Nullable String subject) {
        FollowUp followUp = new FollowUp(id, to);
        followUp.requireEnded(campaigns.find(id).status());
        campaigns.requireSends(id);
        FrozenCampaign first = campaigns.frozen(id);
        Timing timing = first.timing();
        return drafts.create(
                new CampaignDraft(
                        name == null ? named(first.name(), to) : name,
                        subject == null ? first.subject() : subject,
                        first.from(),
                        first.replyTo(),
                        null,
                        null,
                        first.html(),
                        first.text(),
                        new Audience(null, null, null, followUp),
                        first.topicId(),
                        first.tracking(),
                        first.utm(),
                        timing.window(),
                        timing.ratePerMinute(),
                        null,
                        timing.priority(),
                        first.brand().id()));
    }

    private static String named(String first, FollowUp.To to) {
        String added =
                switch (to) {
                    case FAILED -> " (failed)";
                    case NOT_OPENED -> " (not opened)";
                };
        int room = DraftChecks.MAX_NAME - added.length();
        return (first.length() > room ? first.substring(0, room) : first) + added;
    }
}
