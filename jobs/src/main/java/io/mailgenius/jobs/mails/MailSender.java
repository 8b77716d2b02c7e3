package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.schema.MailStatus;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends claimed mails, each on a virtual thread of its own, without a connection while it waits for
 * the provider. What is not sent when this node ends is claimed by another one after the lease.
 */
@Component
final class MailSender {

    private static final Logger LOG = LoggerFactory.getLogger(MailSender.class);

    /** The content of mails in flight. */
    private static final int ROOM_KILOBYTES = 64 * 1024;

    private static final int TRIES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** No request begins later under a claim, so that most end within its lease. */
    private static final Duration CLAIMED = Duration.ofSeconds(MailStore.LEASE_SECONDS / 2);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** The part of a key's lifetime that is left for clock differences and requests. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final MailStore store;
    private final ProviderAccounts accounts;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Semaphore room = new Semaphore(ROOM_KILOBYTES);
    private final UUID node = UUID.randomUUID();

    MailSender(
            MailStore store,
            ProviderAccounts accounts,
            PlatformTransactionManager transactions,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.accounts = accounts;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.meters = meters;
    }

    UUID node() {
        return node;
    }

    /** Takes room for the content of a mail, which {@link #send} gives back. */
    boolean hasRoom(int kilobytes) {
        return room.tryAcquire(Math.min(kilobytes, ROOM_KILOBYTES));
    }

    void giveBack(int kilobytes) {
        room.release(Math.min(kilobytes, ROOM_KILOBYTES));
    }

    /** Sends a mail of a workspace in the background. */
    void send(long workspace, QueuedMail mail, int kilobytes) {
        Thread.ofVirtual()
                .name("mail-" + mail.id())
                .start(
                        () -> {
                            try {
                                WorkspaceScope.run(workspace, () -> offer(mail));
                            } catch (RuntimeException e) {
                                // Its lease ends, and it is claimed again.
                                LOG.warn(
                                        "Mail {} is sent again later: {}", mail.id(), e.toString());
                            } finally {
                                giveBack(kilobytes);
                            }
                        });
    }

    private void offer(QueuedMail mail) {
        Provider provider = accounts.of(mail.account());
        Instant until = clock.instant().plus(CLAIMED);
        for (int tries = 1; ; tries++) {
            Instant now = clock.instant();
            if (now.isAfter(mail.offeredAt().plus(provider.keyLife()).minus(MARGIN))) {
                // It may have been sent, and the provider may have forgotten its key.
                ended(mail, MailStatus.UNKNOWN, "It was offered for a day without an answer");
                return;
            }
            switch (provider.send(mail.batch())) {
                case BatchOutcome.Accepted(List<String> ids) -> {
                    sent(mail, ids.getFirst());
                    return;
                }
                case BatchOutcome.AcceptedBefore() -> {
                    sent(mail, null);
                    return;
                }
                case BatchOutcome.Refused(String reason) -> {
                    ended(mail, MailStatus.FAILED, reason);
                    return;
                }
                case BatchOutcome.Halted(String reason) -> {
                    later(mail, LONGEST_PAUSE, reason);
                    return;
                }
                case BatchOutcome.Deferred(Duration pause, String reason) -> {
                    if (!waited(pause, tries, until)) {
                        later(mail, pause, reason);
                        return;
                    }
                }
                case BatchOutcome.Unknown(String reason) -> {
                    if (!waited(Duration.ofMillis(200L << tries), tries, until)) {
                        later(mail, Duration.ofSeconds(5L << Math.min(mail.attempts(), 6)), reason);
                        return;
                    }
                }
            }
        }
    }

    private boolean waited(Duration pause, int tries, Instant until) {
        if (tries >= TRIES
                || pause.compareTo(PATIENCE) > 0
                || clock.instant().plus(pause).isAfter(until)) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void sent(QueuedMail mail, @Nullable String providerId) {
        transaction.executeWithoutResult(_ -> store.sent(mail.id(), providerId, clock.instant()));
        count("sent");
    }

    private void ended(QueuedMail mail, MailStatus status, String reason) {
        transaction.executeWithoutResult(_ -> store.ended(mail.id(), status, reason));
        count(status == MailStatus.UNKNOWN ? "unknown" : "failed");
    }

    private void later(QueuedMail mail, Duration pause, String reason) {
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        transaction.executeWithoutResult(
                _ -> store.later(mail.id(), node, clock.instant().plus(bounded), reason));
        count("later");
    }

    private void count(String outcome) {
        meters.counter("mailgenius.mails.offered", "outcome", outcome).increment();
    }
}
