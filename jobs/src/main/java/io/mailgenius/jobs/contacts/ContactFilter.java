package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which contacts to page through. What is null does not filter; what is given must all hold.
 *
 * @param emailPrefix what the address begins with
 * @param part what stands anywhere in the address or in the name, in any case
 */
public record ContactFilter(
        @Nullable String emailPrefix,
        @Nullable String part,
        @Nullable ContactStatus status,
        @Nullable Long listId,
        @Nullable Long segmentId) {

    /** Compared with what is stored, which is composed. */
    public ContactFilter {
        emailPrefix = NormalizedText.orNull(emailPrefix);
        part = NormalizedText.orNull(part);
    }

    public static final ContactFilter ALL = new ContactFilter(null, null, null, null, null);
}
