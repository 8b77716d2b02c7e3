package io.mailgenius.jobs.segments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a rule means at this moment: how many, and a few of them. */
public record Preview(long count, List<Sample> sample) {

    public record Sample(
            long id, String email, @Nullable String firstName, @Nullable String lastName) {}
}
