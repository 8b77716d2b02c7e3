package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.templates.links.Link;
import io.mailgenius.schema.WorkspaceScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Caches the links of the campaigns that were clicked most recently. The links of a launched
 * campaign are immutable, so entries never become stale.
 */
final class LinkTable {

    private static final int KEPT = 500;

    private record Key(long workspaceId, long campaignId) {}

    private final CampaignLinks links;
    private final Map<Key, List<Link>> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, List<Link>> eldest) {
                    return size() > KEPT;
                }
            };

    LinkTable(CampaignLinks links) {
        this.links = links;
    }

    /** The query runs outside of the lock, so that lookups of cached campaigns do not wait. */
    List<Link> of(long workspaceId, long campaignId) {
        Key key = new Key(workspaceId, campaignId);
        synchronized (kept) {
            List<Link> known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        List<Link> found = WorkspaceScope.call(workspaceId, () -> links.of(campaignId));
        synchronized (kept) {
            kept.put(key, found);
        }
        return found;
    }
}
