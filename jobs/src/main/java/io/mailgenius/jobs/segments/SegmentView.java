package io.mailgenius.jobs.segments;

import io.mailgenius.schema.SegmentStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The state of a segment.
 *
 * @param rule as it was submitted
 * @param members as of {@code refreshedAt}; 0 until the first count has ended
 * @param launchId the latest launch that counted all contacts
 * @param refreshedAt changes committed before are included
 * @param countedAt the instant that days and the score are relative to for contacts that have not
 *     changed since
 */
public record SegmentView(
        long id,
        String name,
        JsonNode rule,
        SegmentStatus status,
        long members,
        @Nullable Long launchId,
        Instant createdAt,
        @Nullable Instant refreshedAt,
        @Nullable Instant countedAt) {}
