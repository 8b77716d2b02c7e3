package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.ContactStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored contact.
 *
 * @param attributes JSON: texts, numbers, booleans, lists and objects
 * @param externalId by which another system knows the contact
 * @param tracking whether opens and clicks of this contact are recorded
 */
public record ContactView(
        long id,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone,
        @Nullable String city,
        @Nullable String country,
        @Nullable String locale,
        @Nullable String timeZone,
        Map<String, Object> attributes,
        ContactStatus status,
        boolean tracking,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String externalId) {}
