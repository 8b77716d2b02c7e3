package io.mailgenius.jobs.events.tracking;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody, or something, opened a mail or followed a link of it; not yet judged. As it lies in the
 * journal.
 *
 * @param id of the event that it becomes, so that to replay it is harmless
 * @param link 0 for an opening
 * @param url where a click was sent
 * @param head asked for the headers only, as no person does
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
