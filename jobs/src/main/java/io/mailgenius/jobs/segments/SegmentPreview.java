package io.mailgenius.jobs.segments;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a rule: the number of matches and a sample.
 *
 * @param asOf the result includes every change that was committed before
 * @param source where the result was computed
 */
public record SegmentPreview(long count, List<Sample> sample, Instant asOf, Source source) {

    public enum Source {
        /** The in-memory index of this node, which is one or two seconds old. */
        INDEX,
        /** The database, because there are few contacts or no index is ready. */
        CONTACTS
    }

    public record Sample(
            long id, String email, @Nullable String firstName, @Nullable String lastName) {}
}
