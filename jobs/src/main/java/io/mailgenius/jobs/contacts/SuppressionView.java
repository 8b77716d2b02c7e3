package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.SuppressionReason;
import java.time.Instant;

/**
 * An address that is not mailed, whoever imports it again.
 *
 * @param source who or what asked for it: a user, a provider's event, an unsubscribe link
 */
public record SuppressionView(
        String email, SuppressionReason reason, String source, Instant createdAt) {}
