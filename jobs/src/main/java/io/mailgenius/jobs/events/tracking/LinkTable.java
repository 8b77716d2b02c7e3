package io.mailgenius.jobs.events.tracking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;

/**
 * Caches the links of the campaigns that were clicked most recently. The links of a launched
 * campaign are immutable, so entries never become stale.
 */
final class LinkTable {

    private static final int KEPT = 500;

    private record Key(long workspaceId, long campaignId) {}

    private final CampaignLinks links;
    private final Cache<Key, List<Link>> kept =
            Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();

    LinkTable(CampaignLinks links) {
        this.links = links;
    }

    /** Lookups of cached campaigns do not wait for the query of another one. */
    List<Link> of(long workspaceId, long campaignId) {
        return kept.get(
                new Key(workspaceId, campaignId),
                key -> WorkspaceScope.call(workspaceId, () -> links.of(campaignId)));
    }
}
