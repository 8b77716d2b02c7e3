package io.mailgenius.engine.alerts;

import io.mailgenius.engine.alerts.AlertChannel.Delivery;
import io.mailgenius.engine.alerts.AlertChannel.Notice;
import io.mailgenius.engine.alerts.AlertStore.DueNotice;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Tells about alerts, and repeats what was not accepted, less and less often and for three days at
 * most. Each delivery waits on a virtual thread of its own, so that a slow receiver delays nobody.
 */
public final class AlertNotices {

    private static final Logger LOG = LoggerFactory.getLogger(AlertNotices.class);
    private static final int AT_ONCE = 32;

    /** Longer than any delivery takes. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofDays(3);

    private final AlertStore store;
    private final Map<String, AlertChannel> channels;
    private final Clock clock;
    private final Semaphore free = new Semaphore(AT_ONCE);

    AlertNotices(AlertStore store, List<AlertChannel> channels, Clock clock) {
        this.store = store;
        this.channels =
                channels.stream()
                        .collect(Collectors.toMap(AlertChannel::name, Function.identity()));
        this.clock = clock;
    }

    /** Called every few seconds by one node at a time; does not wait for the deliveries. */
    public void deliverDue() {
        int room = free.availablePermits();
        if (room == 0) {
            return;
        }
        Instant now = clock.instant();
        for (DueNotice due : store.take(room, now, now.plus(LEASE))) {
            free.acquireUninterruptibly();
            Thread.ofVirtual()
                    .name("alert-notice")
                    .start(
                            () -> {
                                try {
                                    deliver(due);
                                } finally {
                                    free.release();
                                }
                            });
        }
    }

    private void deliver(DueNotice due) {
        Notice notice =
                new Notice(
                        "alert_%d_%d".formatted(due.alert().workspaceId(), due.id()),
                        due.event(),
                        due.alert().workspaceId(),
                        due.rule(),
                        due.alert().id(),
                        due.alert().subject(),
                        due.alert().message(),
                        due.alert().value(),
                        due.createdAt(),
                        due.target());
        try {
            switch (deliver(due.channel(), notice)) {
                case Delivery.Accepted() -> store.record(due, "DELIVERED", null, null);
                case Delivery.Refused(String reason) -> retry(due, reason);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn(
                    "The result of a notice was not stored, so it is repeated: {}", e.getMessage());
        }
    }

    private void retry(DueNotice due, String reason) {
        Instant now = clock.instant();
        if (due.createdAt().plus(PATIENCE).isBefore(now)) {
            LOG.warn("Alert {} could not be notified: {}", due.alert().id(), reason);
            store.record(due, "FAILED", reason, null);
            return;
        }
        Duration doubled = Duration.ofSeconds(5L << Math.min(due.attempt(), 10));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        store.record(due, "DUE", reason, now.plus(pause));
    }

    private Delivery deliver(String channel, Notice notice) {
        @Nullable AlertChannel known = channels.get(channel);
        if (known == null) {
            return new Delivery.Refused("This node has no channel named " + channel);
        }
        try {
            return WorkspaceScope.call(notice.workspaceId(), () -> known.deliver(notice));
        } catch (RuntimeException defect) {
            LOG.warn("Channel {} failed", channel, defect);
            return new Delivery.Refused(String.valueOf(defect.getMessage()));
        }
    }

    /**
     * What came of a test.
     *
     * @param error null if it was accepted
     */
    public record Tested(String channel, String target, boolean accepted, @Nullable String error) {}

    /** Delivers a test to all targets of the rule, and waits for their answers. */
    public List<Tested> test(AlertRule rule) {
        List<Tested> results = new ArrayList<>();
        for (String email : rule.emails()) {
            results.add(test(rule, "email", email));
        }
        if (rule.webhookUrl() != null) {
            results.add(test(rule, "webhook", Objects.requireNonNull(rule.webhookUrl())));
        }
        return results;
    }

    private Tested test(AlertRule rule, String channel, String target) {
        Instant now = clock.instant();
        Delivery delivery =
                deliver(
                        channel,
                        new Notice(
                                "alert_test_%d_%d_%d"
                                        .formatted(
                                                rule.workspaceId(), rule.id(), now.toEpochMilli()),
                                "TEST",
                                rule.workspaceId(),
                                rule,
                                null,
                                "test",
                                "This is a test of the rule \"%s\".".formatted(rule.name()),
                                rule.threshold(),
                                now,
                                target));
        return switch (delivery) {
            case Delivery.Accepted() -> new Tested(channel, target, true, null);
            case Delivery.Refused(String reason) -> new Tested(channel, target, false, reason);
        };
    }
}
