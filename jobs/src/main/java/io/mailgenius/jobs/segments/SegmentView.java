package io.mailgenius.jobs.segments;

import io.mailgenius.schema.SegmentStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A segment as it stands.
 *
 * @param rule as it was written
 * @param members as of {@code refreshedAt}; 0 until the first refresh is through
 * @param launchId the launch that writes, or wrote, the members down
 * @param refreshedAt when the members last were made equal to the rule
 */
public record SegmentView(
        long id,
        String name,
        JsonNode rule,
        SegmentStatus status,
        long members,
        @Nullable Long launchId,
        Instant createdAt,
        @Nullable Instant refreshedAt) {}
