package io.mailgenius.jobs.campaigns;

import org.jspecify.annotations.Nullable;

/**
 * What of a campaign's mails is tracked.
 *
 * @param opens null in a draft for what the workspace says
 * @param clicks likewise
 */
public record CampaignTracking(@Nullable Boolean opens, @Nullable Boolean clicks) {

    /** What the workspace says. */
    public static final CampaignTracking USUAL = new CampaignTracking(null, null);

    public boolean ofOpens() {
        return Boolean.TRUE.equals(opens);
    }

    public boolean ofClicks() {
        return Boolean.TRUE.equals(clicks);
    }
}
