package io.mailgenius.engine.alerts;

import io.mailgenius.engine.database.ControlDatabase;
import io.mailgenius.schema.AlertState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Compares all figures with all rules, whichever workspace they are of. The number of its
 * statements depends on what changes and not on the number of workspaces. Should two nodes evaluate
 * at the same moment, the database admits each change once.
 */
public final class AlertEvaluator {

    private static final Logger LOG = LoggerFactory.getLogger(AlertEvaluator.class);

    /** A smaller change of a figure is not stored. */
    private static final double CHANGE = 0.02;

    private final AlertStore store;
    private final ControlDatabase control;
    private final List<AlertSource> sources;
    private final Duration keep;
    private final Clock clock;

    /**
     * @param keep how long resolved alerts are kept
     */
    AlertEvaluator(
            AlertStore store,
            ControlDatabase control,
            List<AlertSource> sources,
            Duration keep,
            Clock clock) {
        this.store = store;
        this.control = control;
        this.sources = List.copyOf(sources);
        this.keep = keep;
        this.clock = clock;
    }

    private record Key(long workspaceId, long ruleId, String subject) {}

    private record Watch(Map<String, Set<Long>> workspacesByKind) implements AlertSource.Watched {

        @Override
        public boolean has(String kind) {
            return workspacesByKind.containsKey(kind);
        }

        @Override
        public Set<Long> workspaces(String... kinds) {
            return Arrays.stream(kinds)
                    .flatMap(kind -> workspacesByKind.getOrDefault(kind, Set.of()).stream())
                    .collect(Collectors.toSet());
        }
    }

    /** Called every few seconds by one node at a time. */
    public void evaluate() {
        // As PostgreSQL stores it: a moment that it rounds up would be later than now.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<AlertRule> rules = store.rules();
        if (!rules.isEmpty()) {
            evaluate(rules, now);
        }
        store.forget(now.minus(keep));
    }

    private void evaluate(List<AlertRule> rules, Instant now) {
        Map<String, Set<Long>> watched = new HashMap<>();
        for (AlertRule rule : rules) {
            if (rule.enabled()) {
                watched.computeIfAbsent(rule.kind(), kind -> new HashSet<>())
                        .add(rule.workspaceId());
            }
        }
        Set<String> unknown = new HashSet<>();
        Map<String, List<AlertFigure>> figures = figures(new Watch(watched), unknown, now);
        Map<Key, Alert> alerts = new LinkedHashMap<>();
        for (Alert alert : store.unresolved()) {
            alerts.put(new Key(alert.workspaceId(), alert.ruleId(), alert.subject()), alert);
        }
        List<Silence> silences = store.silences(now);
        Map<Long, List<Alert>> byRule =
                alerts.values().stream().collect(Collectors.groupingBy(Alert::ruleId));
        for (AlertRule rule : rules) {
            if (rule.enabled() && unknown.contains(rule.kind())) {
                continue;
            }
            Map<String, @Nullable AlertFigure> subjects = new LinkedHashMap<>();
            for (AlertFigure figure : figures.getOrDefault(rule.kind(), List.of())) {
                if (figure.workspaceId() == null || figure.workspaceId() == rule.workspaceId()) {
                    subjects.put(figure.subject(), figure);
                }
            }
            for (Alert alert : byRule.getOrDefault(rule.id(), List.of())) {
                if (alert.workspaceId() == rule.workspaceId()) {
                    subjects.putIfAbsent(alert.subject(), null);
                }
            }
            subjects.forEach(
                    (subject, figure) ->
                            apply(
                                    rule,
                                    figure,
                                    alerts.get(new Key(rule.workspaceId(), rule.id(), subject)),
                                    silences,
                                    now));
        }
    }

    /** What cannot be read now is unknown, and neither opens nor resolves anything. */
    private Map<String, List<AlertFigure>> figures(
            Watch watched, Set<String> unknown, Instant now) {
        Map<String, List<AlertFigure>> figures = new HashMap<>();
        for (AlertSource source : sources) {
            if (source.kinds().stream().noneMatch(kind -> watched.has(kind.name()))) {
                continue;
            }
            try {
                for (AlertFigure figure : source.figures(watched, now)) {
                    figures.computeIfAbsent(figure.kind(), kind -> new ArrayList<>()).add(figure);
                }
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("Figures for alerts cannot be read: {}", e.getMessage());
                source.kinds().forEach(kind -> unknown.add(kind.name()));
            }
        }
        return figures;
    }

    private void apply(
            AlertRule rule,
            @Nullable AlertFigure figure,
            @Nullable Alert before,
            List<Silence> silences,
            Instant now) {
        @Nullable Alert after = AlertTransition.next(rule, figure, before, now).orElse(null);
        if (after == null) {
            if (before != null) {
                store.deletePending(before);
            }
            return;
        }
        boolean opens = after.isOpen() && !after.notified() && !silenced(after, silences, now);
        boolean resolves = after.state() == AlertState.RESOLVED && after.notified();
        Alert next = opens ? asNotified(after) : after;
        if (before != null && !isChanged(before, next)) {
            return;
        }
        control.transaction()
                .executeWithoutResult(
                        status -> {
                            OptionalLong id = write(before, next);
                            if (id.isPresent() && (opens || resolves)) {
                                store.insertNotices(
                                        next,
                                        id.getAsLong(),
                                        rule,
                                        opens ? "OPENED" : "RESOLVED",
                                        now);
                            }
                        });
    }

    private static boolean silenced(Alert alert, List<Silence> silences, Instant now) {
        return silences.stream()
                .anyMatch(
                        it -> it.covers(alert.workspaceId(), alert.ruleId(), alert.subject(), now));
    }

    private OptionalLong write(@Nullable Alert before, Alert next) {
        if (before == null) {
            return store.insert(next);
        }
        return store.update(next, before.state(), before.notified())
                ? OptionalLong.of(before.id())
                : OptionalLong.empty();
    }

    private static boolean isChanged(Alert before, Alert after) {
        return before.state() != after.state()
                || before.notified() != after.notified()
                || before.threshold() != after.threshold()
                || !Objects.equals(before.clearedSince(), after.clearedSince())
                || Math.abs(before.value() - after.value()) > CHANGE * Math.abs(before.value());
    }

    private static Alert asNotified(Alert alert) {
        return new Alert(
                alert.workspaceId(),
                alert.id(),
                alert.ruleId(),
                alert.kind(),
                alert.subject(),
                alert.message(),
                alert.value(),
                alert.threshold(),
                alert.state(),
                alert.breachedSince(),
                alert.clearedSince(),
                alert.openedAt(),
                alert.acknowledgedAt(),
                alert.acknowledgedBy(),
                alert.resolvedAt(),
                true);
    }
}
