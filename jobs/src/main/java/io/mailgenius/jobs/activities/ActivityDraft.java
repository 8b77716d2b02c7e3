package io.mailgenius.jobs.activities;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a contact did, as another system reports it.
 *
 * @param id of the reporting system; a report with a known id changes nothing
 * @param name such as {@code order_placed}
 * @param email the contact's address; may be null if there is an external id
 * @param externalId the contact's external id, which is looked for first
 * @param occurredAt the present if null
 * @param properties any JSON, by name
 * @param value an amount of money, in units of the currency
 * @param currency of the value, three letters
 * @param createContact whether a contact is created if there is none with this address; false if
 *     null
 */
public record ActivityDraft(
        @Size(min = 1, max = ActivityCheck.MAX_ID) String id,
        @Size(min = 1, max = ActivityCheck.MAX_NAME) String name,
        @Email @Nullable String email,
        @Size(max = ActivityCheck.MAX_ID) @Nullable String externalId,
        @Nullable Instant occurredAt,
        @Size(max = ActivityCheck.MAX_PROPERTIES) @Nullable Map<String, Object> properties,
        @Nullable BigDecimal value,
        @Size(min = 3, max = 3) @Nullable String currency,
        @Nullable Boolean createContact) {}
