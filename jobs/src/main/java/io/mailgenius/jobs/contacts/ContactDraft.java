package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact to be created. Only the address is required.
 *
 * @param status if null, {@code SUBSCRIBED}, or the status that matches the suppression of the
 *     address
 * @param externalId by which another system knows the contact; unique in the workspace
 */
public record ContactDraft(
        @Email String email,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String firstName,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String lastName,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String phone,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String city,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String country,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String locale,
        @Size(max = ContactFields.MAX_TEXT) @Nullable String timeZone,
        @Size(max = Attributes.MAX_KEYS) @Nullable Map<String, Object> attributes,
        @Nullable ContactStatus status,
        @Size(max = ContactFields.MAX_EXTERNAL_ID) @Nullable String externalId) {

    public ContactDraft(
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
        this(
                email,
                firstName,
                lastName,
                phone,
                city,
                country,
                locale,
                timeZone,
                attributes,
                status,
                null);
    }

    public static ContactDraft of(String email) {
        return new ContactDraft(email, null, null, null, null, null, null, null, null, null);
    }
}
