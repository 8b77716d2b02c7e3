package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import java.util.Locale;

/** Some of those whom an earlier campaign was meant for. */
public record FollowUp(long campaignId, To to) {

    /** Which of them. */
    public enum To {
        /** Who got no mail, since it could not be written or was refused. */
        FAILED,
        /** Who got it and neither opened nor clicked, nor bounced or complained. */
        NOT_OPENED
    }

    /**
     * While the first one still sends, nobody can say whom the second one is for.
     *
     * @throws Refusal.Conflict if it does, or was never sent
     */
    void requireEnded(CampaignStatus first) {
        boolean ended =
                switch (first) {
                    case SENT, CANCELLED, FAILED -> true;
                    case DRAFT, SCHEDULED, SENDING, PAUSED -> false;
                };
        if (!ended) {
            throw new Refusal.Conflict(
                    "followed-campaign-not-ended",
                    String.format(
                            Locale.ROOT,
                            "Campaign %d is %s: it can be followed up once it is SENT or CANCELLED.",
                            campaignId,
                            first));
        }
    }
}
