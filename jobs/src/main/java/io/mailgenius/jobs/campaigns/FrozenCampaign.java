package io.mailgenius.jobs.campaigns;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A launched campaign: what it says does not change any more. */
public record FrozenCampaign(
        long id,
        UUID sendKey,
        String name,
        String subject,
        String from,
        @Nullable String replyTo,
        @Nullable String html,
        @Nullable String text,
        Audience audience,
        Timing timing) {

    FrozenCampaign saying(@Nullable String otherHtml, @Nullable String otherText) {
        return new FrozenCampaign(
                id, sendKey, name, subject, from, replyTo, otherHtml, otherText, audience, timing);
    }
}
