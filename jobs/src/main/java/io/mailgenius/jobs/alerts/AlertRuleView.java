package io.mailgenius.jobs.alerts;

import io.mailgenius.engine.alerts.AlertRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule, without the secret of its webhook.
 *
 * @param webhookSecret which signs what the webhook receives; shown once, when it was made
 */
public record AlertRuleView(
        long id,
        String name,
        String kind,
        double threshold,
        int durationSeconds,
        boolean enabled,
        List<String> emails,
        @Nullable String webhookUrl,
        @Nullable String webhookSecret) {

    static AlertRuleView of(AlertRule rule, @Nullable String newSecret) {
        return new AlertRuleView(
                rule.id(),
                rule.name(),
                rule.kind(),
                rule.threshold(),
                rule.durationSeconds(),
                rule.enabled(),
                rule.emails(),
                rule.webhookUrl(),
                newSecret);
    }
}
