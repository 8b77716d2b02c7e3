package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which contacts to page through. What is null does not filter; what is given must all hold.
 *
 * @param emailPrefix what the address begins with
 * @param emailPart what stands anywhere in the address
 */
public record ContactFilter(
        @Nullable String emailPrefix,
        @Nullable String emailPart,
        @Nullable ContactStatus status,
        @Nullable Long listId) {

    public static final ContactFilter ALL = new ContactFilter(null, null, null, null);
}
