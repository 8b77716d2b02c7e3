package io.mailgenius.jobs.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a campaign's frozen audience.
 *
 * @param notBefore when the recipients are due, if they have a time of their own
 * @param zone of the recipients, if the window is in each recipient's zone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Recipients(
        long campaignId, long[] contacts, @Nullable Instant notBefore, @Nullable String zone) {

    Recipients(long campaignId, long[] contacts) {
        this(campaignId, contacts, null, null);
    }
}
