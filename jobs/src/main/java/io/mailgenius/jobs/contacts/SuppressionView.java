package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.SuppressionReason;
import java.time.Instant;

/**
 * An address that gets no mail, even if it is imported again.
 *
 * @param source a user, an event of the provider, or an unsubscribe link
 */
public record SuppressionView(
        String email, SuppressionReason reason, String source, Instant createdAt) {}
