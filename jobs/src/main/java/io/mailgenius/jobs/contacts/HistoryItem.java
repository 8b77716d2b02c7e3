package io.mailgenius.jobs.contacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the history of a contact.
 *
 * @param kind {@code CREATED}, {@code IMPORT}, {@code CONSENT}, {@code SEND}, {@code EVENT}, {@code
 *     ACTIVITY} or {@code MAIL}
 * @param what for an import its outcome ({@code created}, {@code updated}, {@code unchanged}), for
 *     a change of consent the previous status, for a send or a transactional mail its status, for
 *     an event its type, for an activity its name
 * @param importId the import, also of a change of consent that it made
 * @param line the line in the imported file
 * @param campaignId the campaign of a send or event
 * @param reason the reason of a change of consent, or of a mail that was not sent
 */
public record HistoryItem(
        Instant at,
        Kind kind,
        String what,
        @Nullable Long importId,
        @Nullable Long line,
        @Nullable Long campaignId,
        @Nullable String reason) {

    /** The type of an entry. */
    public enum Kind {
        CREATED,
        IMPORT,
        CONSENT,
        SEND,
        EVENT,
        ACTIVITY,
        MAIL
    }
}
