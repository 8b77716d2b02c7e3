package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import java.util.Locale;

/** Some recipients of an earlier campaign. */
public record FollowUp(long campaignId, To to) {

    /** Which recipients. */
    public enum To {
        /** Recipients whose mail could not be rendered or was refused. */
        FAILED,
        /**
         * Recipients who got the mail and neither opened nor clicked it, nor bounced or complained.
         */
        NOT_OPENED
    }

    /**
     * The recipients cannot be determined while the first campaign is sending.
     *
     * @throws Refusal.Conflict if it is sending, or was never sent
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
