package io.mailgenius.jobs.contacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a contact.
 *
 * @param kind {@code CREATED}, {@code IMPORT}, {@code CONSENT}, {@code SEND} or {@code EVENT}
 * @param what of an import what it made of the contact ({@code created}, {@code updated}, {@code
 *     unchanged}), of a change of consent what it was before, of a send its status, of an event its
 *     type
 * @param importId of an import, and of a change of consent that it made
 * @param line of the file, of an import
 * @param campaignId of sends and events
 * @param reason of a change of consent, or of a send that was not sent
 */
public record HistoryItem(
        Instant at,
        Kind kind,
        String what,
        @Nullable Long importId,
        @Nullable Long line,
        @Nullable Long campaignId,
        @Nullable String reason) {

    /** What it is. */
    public enum Kind {
        CREATED,
        IMPORT,
        CONSENT,
        SEND,
        EVENT
    }
}
