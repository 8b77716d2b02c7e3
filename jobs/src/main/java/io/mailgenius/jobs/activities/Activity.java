package io.mailgenius.jobs.activities;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A valid report.
 *
 * @param email as addresses are stored
 * @param properties a JSON object
 */
record Activity(
        String id,
        String name,
        @Nullable String email,
        @Nullable String externalId,
        Instant occurredAt,
        String properties,
        @Nullable BigDecimal value,
        @Nullable String currency,
        boolean createsContact) {}
