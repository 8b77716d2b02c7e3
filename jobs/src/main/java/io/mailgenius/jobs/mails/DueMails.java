package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.mails.MailStore.Due;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks every second for mails that are due and sent by nobody: scheduled ones, those that the
 * provider deferred, and those of nodes that ended.
 */
@Component
@Profile("manager")
final class DueMails implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DueMails.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int GROUP = 200;

    private final MailStore store;
    private final MailSender sender;
    private final ProviderAccounts accounts;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private volatile @Nullable CountDownLatch stopped;

    DueMails(
            MailStore store,
            MailSender sender,
            ProviderAccounts accounts,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.store = store;
        this.sender = sender;
        this.accounts = accounts;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public void start() {
        CountDownLatch stop = new CountDownLatch(1);
        stopped = stop;
        Thread.ofVirtual().name("due-mails").start(() -> watch(stop));
    }

    @Override
    public boolean isRunning() {
        return stopped != null;
    }

    private void watch(CountDownLatch stop) {
        try {
            boolean more = false;
            while (!stop.await(more ? 0 : PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                more = false;
                try {
                    more = sendDue() == GROUP;
                } catch (RuntimeException e) {
                    LOG.warn("Due mails are looked for again: {}", e.toString());
                }
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @return how many this node has begun to send
     */
    int sendDue() {
        List<Due> due =
                WorkspaceScope.callAcrossWorkspaces(
                        () ->
                                Objects.requireNonNull(
                                        transaction.execute(
                                                _ -> store.due(clock.instant(), GROUP))));
        int begun = 0;
        for (Due mail : due) {
            if (WorkspaceScope.call(mail.workspace(), () -> send(mail))) {
                begun++;
            }
        }
        return begun;
    }

    private boolean send(Due due) {
        long account = accounts.current();
        Optional<QueuedMail> claimed =
                Objects.requireNonNull(
                        transaction.execute(
                                _ ->
                                        store.claim(
                                                due.mail(),
                                                sender.node(),
                                                account,
                                                clock.instant())));
        if (claimed.isEmpty()) {
            return false;
        }
        QueuedMail mail = claimed.get();
        int kilobytes = mail.content().kilobytes();
        if (!sender.hasRoom(kilobytes)) {
            transaction.executeWithoutResult(
                    _ ->
                            store.later(
                                    due.mail(),
                                    sender.node(),
                                    clock.instant().plus(PAUSE),
                                    "Many mails are sent at the moment"));
            return false;
        }
        sender.send(due.workspace(), mail, kilobytes);
        return true;
    }

    @Override
    public void stop() {
        CountDownLatch stopping = stopped;
        stopped = null;
        if (stopping != null) {
            stopping.countDown();
        }
    }
}
