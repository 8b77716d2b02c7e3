package io.mailgenius.jobs.events.tracking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;

/**
 * Where links lead, of the campaigns that were clicked last. What is launched does not change, so
 * nothing kept here can be out of date.
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

    /** The database is asked without holding up requests whose campaign is known. */
    List<Link> of(long workspaceId, long campaignId) {
        return kept.get(
                new Key(workspaceId, campaignId),
                key -> WorkspaceScope.call(workspaceId, () -> links.of(campaignId)));
    }
}
