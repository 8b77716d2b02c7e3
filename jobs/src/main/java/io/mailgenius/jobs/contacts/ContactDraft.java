package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact that is about to be created. Only the address is needed.
 *
 * @param status what is missing means {@code SUBSCRIBED}, or what the address's suppression asks
 *     for
 */
public record ContactDraft(
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone,
        @Nullable String city,
        @Nullable String country,
        @Nullable String locale,
        @Nullable String timeZone,
        @Nullable Map<String, Object> attributes,
        @Nullable ContactStatus status) {

    public static ContactDraft of(String email) {
        return new ContactDraft(email, null, null, null, null, null, null, null, null, null);
    }
}
