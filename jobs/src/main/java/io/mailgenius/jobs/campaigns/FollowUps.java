package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Campaigns to some of those whom an earlier one was meant for. */
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
     * A draft that says what the first one said when it was sent, in the same hours and as fast.
     * Who gets it is enumerated when it is sent in its turn. The first one has warmed the sender
     * up.
     *
     * @param name null for the first one's with whom it is to
     * @param subject null for the first one's
     * @throws Refusal.Conflict if the first one is not over, or who got it is forgotten
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
                        timing.priority()));
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
