package io.mailgenius.engine.alerts;

import io.mailgenius.schema.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an alert in one evaluation. It opens when the threshold has been reached for as
 * long as the rule says. It resolves when the figure has been below nine tenths of the threshold
 * for as long, but for 30 seconds at least and five minutes at most: a figure that moves around the
 * threshold opens and resolves nothing again and again.
 */
final class AlertTransition {

    private static final double CLEAR = 0.9;
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private AlertTransition() {}

    /**
     * @param figure null if it is not reported, which counts as 0
     * @param alert unresolved; null if there is none
     * @return the alert as it is from now on, with the id 0 if it is new; empty if there is none
     */
    static Optional<Alert> next(
            AlertRule rule, @Nullable AlertFigure figure, @Nullable Alert alert, Instant now) {
        double value = figure == null ? 0 : figure.value();
        boolean breached = rule.enabled() && value >= rule.threshold();
        if (alert == null || alert.state() == AlertState.PENDING) {
            return breached && figure != null
                    ? Optional.of(pendingOrOpen(rule, figure, alert, now))
                    : Optional.empty();
        }
        boolean clear = !rule.enabled() || value < CLEAR * rule.threshold();
        Instant since = clear ? Objects.requireNonNullElse(alert.clearedSince(), now) : null;
        boolean resolved =
                since != null && (!rule.enabled() || !now.isBefore(since.plus(clearing(rule))));
        return Optional.of(
                new Alert(
                        alert.workspaceId(),
                        alert.id(),
                        alert.ruleId(),
                        alert.kind(),
                        alert.subject(),
                        figure == null ? alert.message() : figure.message(),
                        value,
                        rule.threshold(),
                        resolved ? AlertState.RESOLVED : alert.state(),
                        alert.breachedSince(),
                        since,
                        alert.openedAt(),
                        alert.acknowledgedAt(),
                        alert.acknowledgedBy(),
                        resolved ? now : null,
                        alert.notified()));
    }

    private static Alert pendingOrOpen(
            AlertRule rule, AlertFigure figure, @Nullable Alert pending, Instant now) {
        Instant since = pending == null ? now : pending.breachedSince();
        boolean opens = !now.isBefore(since.plusSeconds(rule.durationSeconds()));
        return new Alert(
                rule.workspaceId(),
                pending == null ? 0 : pending.id(),
                rule.id(),
                rule.kind(),
                figure.subject(),
                figure.message(),
                figure.value(),
                rule.threshold(),
                opens ? AlertState.OPEN : AlertState.PENDING,
                since,
                null,
                opens ? now : null,
                null,
                null,
                null,
                false);
    }

    private static Duration clearing(AlertRule rule) {
        Duration duration = Duration.ofSeconds(rule.durationSeconds());
        return duration.compareTo(SHORTEST) < 0
                ? SHORTEST
                : duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
