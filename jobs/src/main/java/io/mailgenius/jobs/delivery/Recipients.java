package io.mailgenius.jobs.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a campaign's frozen audience.
 *
 * @param notBefore when it is their turn, if they have one of their own
 * @param zone theirs, if the campaign's window is each their own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Recipients(
        long campaignId, long[] contacts, @Nullable Instant notBefore, @Nullable String zone) {

    Recipients(long campaignId, long[] contacts) {
        this(campaignId, contacts, null, null);
    }
}
