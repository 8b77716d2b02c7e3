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
 * @param launchId the launch that judges, or was the last to judge, all contacts
 * @param refreshedAt what had changed by then is in the members
 * @param countedAt the moment that days, and the score, count from for those who did not change
 *     since
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
