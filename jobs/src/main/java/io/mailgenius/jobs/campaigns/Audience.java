package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is meant: exactly one of a segment, a list, or all contacts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Audience(@Nullable Long segmentId, @Nullable Long listId, @Nullable Boolean all) {

    void require() {
        long named =
                Stream.of(segmentId, listId, Boolean.TRUE.equals(all) ? true : null)
                        .filter(Objects::nonNull)
                        .count();
        if (named != 1) {
            throw new Refusal.Invalid(
                    "campaign-audience-unclear",
                    "The audience is one of {\"segmentId\": …}, {\"listId\": …} or {\"all\": true}.");
        }
    }
}
