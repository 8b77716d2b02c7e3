package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of a campaign: exactly one of a segment, a list, all contacts, or some recipients
 * of an earlier campaign.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Audience(
        @Nullable Long segmentId,
        @Nullable Long listId,
        @Nullable Boolean all,
        @Nullable FollowUp followUp) {

    public static final Audience EVERYBODY = new Audience(null, null, true, null);

    void require() {
        long named =
                Stream.of(segmentId, listId, Boolean.TRUE.equals(all) ? true : null, followUp)
                        .filter(Objects::nonNull)
                        .count();
        if (named != 1) {
            throw new Refusal.Invalid(
                    "campaign-audience-unclear",
                    "The audience is one of {\"segmentId\": …}, {\"listId\": …}, {\"all\": true} or"
                            + " {\"followUp\": {\"campaignId\": …, \"to\": …}}.");
        }
    }
}
