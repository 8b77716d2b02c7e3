package io.mailgenius.jobs.events.tracking;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An open or a click that is not classified yet, as it is stored in the journal.
 *
 * @param id of the resulting event, so that replays are duplicates
 * @param link 0 for an open
 * @param url the target of a click
 * @param head true for a HEAD request, which no person makes
 */
record Hit(
        String id,
        Instant at,
        long workspaceId,
        long campaignId,
        long contactId,
        int link,
        @Nullable String url,
        String agent,
        String ip,
        boolean head) {

    boolean isClick() {
        return link > 0;
    }

    boolean isOfSameMail(Hit other) {
        return workspaceId == other.workspaceId
                && campaignId == other.campaignId
                && contactId == other.contactId;
    }

    boolean isWithin(Duration time, Hit other) {
        return Duration.between(at, other.at).abs().compareTo(time) <= 0;
    }
}
