package io.mailgenius.jobs.campaigns;

import org.jspecify.annotations.Nullable;

/**
 * Which reactions to a campaign are tracked.
 *
 * @param opens null in a draft for the setting of the workspace
 * @param clicks likewise
 */
public record CampaignTracking(@Nullable Boolean opens, @Nullable Boolean clicks) {

    /** The setting of the workspace. */
    public static final CampaignTracking USUAL = new CampaignTracking(null, null);

    public boolean ofOpens() {
        return Boolean.TRUE.equals(opens);
    }

    public boolean ofClicks() {
        return Boolean.TRUE.equals(clicks);
    }
}
