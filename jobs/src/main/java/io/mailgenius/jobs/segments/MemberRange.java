package io.mailgenius.jobs.segments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one chunk settles: the contacts with ids in {@code (after, through]}, those that are gone
 * included.
 *
 * @param asOf the moment that the rule's days count from
 * @param contacts how many there were when the range was cut
 * @param zone whose days they are; null for the workspace's
 */
record MemberRange(
        long segmentId,
        Instant asOf,
        long after,
        long through,
        long contacts,
        @Nullable String zone) {

    MemberRange(long segmentId, Instant asOf, long after, long through, long contacts) {
        this(segmentId, asOf, after, through, contacts, null);
    }
}
