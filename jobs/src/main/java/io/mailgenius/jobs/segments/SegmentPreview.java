package io.mailgenius.jobs.segments;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a rule means: how many, and a few of them.
 *
 * @param asOf every change that was committed by then is in the answer
 * @param source what was asked
 */
public record SegmentPreview(long count, List<Sample> sample, Instant asOf, Source source) {

    public enum Source {
        /** This node's index of the workspace, which is a second or two old. */
        INDEX,
        /** The contacts themselves, one by one: there are few, or no index is ready for them. */
        CONTACTS
    }

    public record Sample(
            long id, String email, @Nullable String firstName, @Nullable String lastName) {}
}
