package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import org.jspecify.annotations.Nullable;

/**
 * A filter for pages of contacts. Null does not filter; all other conditions must hold.
 *
 * @param emailPrefix the beginning of the address
 * @param part a part of the address or name, in any case
 */
public record ContactFilter(
        @Nullable String emailPrefix,
        @Nullable String part,
        @Nullable ContactStatus status,
        @Nullable Long listId,
        @Nullable Long segmentId) {

    /** In normal form C, like the stored values. */
    public ContactFilter {
        emailPrefix = NormalizedText.orNull(emailPrefix);
        part = NormalizedText.orNull(part);
    }

    public static final ContactFilter ALL = new ContactFilter(null, null, null, null, null);
}
