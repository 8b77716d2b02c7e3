package io.mailgenius.jobs.segments;

import java.time.Instant;

/**
 * What one chunk settles: the contacts with ids in {@code (after, through]}, those that are gone
 * included.
 *
 * @param asOf the moment that the rule's days count from
 * @param contacts how many there were when the range was cut
 */
record MemberRange(long segmentId, Instant asOf, long after, long through, long contacts) {}
