package io.mailgenius.jobs.delivery;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The streaks of the campaigns that this node has sent last. They are counted here and can be read
 * nowhere else, so the oldest goes and never the newest: a cache that keeps what is used most may
 * turn a newcomer away.
 */
final class RefusalStreaks {

    private static final int KEPT = 1_000;

    private record Key(long workspaceId, long campaignId) {}

    private final Map<Key, RefusalStreak> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, RefusalStreak> eldest) {
                    return size() > KEPT;
                }
            };

    synchronized RefusalStreak of(long workspaceId, long campaignId) {
        return kept.computeIfAbsent(new Key(workspaceId, campaignId), key -> new RefusalStreak());
    }
}
