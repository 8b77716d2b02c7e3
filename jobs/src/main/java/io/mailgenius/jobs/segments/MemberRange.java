package io.mailgenius.jobs.segments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The range of contact ids of one chunk, {@code (after, through]}, deleted contacts included.
 *
 * @param asOf the instant that the rule's days are relative to
 * @param contacts how many there were when the range was cut
 * @param zone the time zone of the rule's days; null for that of the workspace
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
