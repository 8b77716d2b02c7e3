package io.mailgenius.engine.alerts;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is stored.
 *
 * @param threshold reached or exceeded for {@code durationSeconds}, the figure opens an alert
 * @param webhookKey of the purpose under which the secret is sealed
 * @param webhookSecret null without a webhook
 */
public record AlertRule(
        long workspaceId,
        long id,
        String name,
        String kind,
        double threshold,
        int durationSeconds,
        boolean enabled,
        List<String> emails,
        @Nullable String webhookUrl,
        UUID webhookKey,
        @Nullable SealedSecret webhookSecret) {

    public AlertRule {
        emails = List.copyOf(emails);
    }
}
