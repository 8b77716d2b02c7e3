package io.mailgenius.jobs.providers.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends the events of the sandbox's mails as webhooks. Several nodes may run one: batches are
 * locked while their events are sent, and marked when all of these were accepted. A crash in
 * between releases the lock and leaves the batches to the next pass, which sends the same events
 * under the same ids.
 *
 * <p>Each event waits until it is committed, together with all others that wait. The number that is
 * sent at a time follows from this: with 32 the events of 50,000 mails took a minute, nearly all of
 * it waiting for 2,300 small commits, one after the other.
 */
public final class SandboxReports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxReports.class);

    /** Batches under one lock: up to 2,000 mails with some 3,000 events, below a second. */
    private static final int AT_ONCE = 20;

    /** A quarter of the events that may wait for a commit, so that there is room for others. */
    private static final int IN_FLIGHT = 2_000;

    /**
     * The age of a mail at its first event. A mail takes a second or more to arrive, and the mails
     * of a campaign are not delayed by the events of its first ones.
     */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    private static final Duration BUSY = Duration.ofMillis(250);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration GIVE_UP = Duration.ofDays(1);

    private final SandboxBatches batches;
    private final TransactionTemplate transaction;
    private final WebhookSender sender;
    private final Duration onItsWay;
    private final Clock clock;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private @Nullable Thread thread;

    /** Whether the last pass met batches; only the thread that reports uses it. */
    private boolean found;

    /**
     * @param secret {@code whsec_…}, the one that the receiver verifies with
     */
    public SandboxReports(DataSource database, WebhookReceiver receiver, String secret) {
        this(database, receiver, secret, ON_ITS_WAY, Clock.systemUTC());
    }

    /**
     * @param onItsWay age of a mail at its first event
     */
    SandboxReports(
            DataSource database,
            WebhookReceiver receiver,
            String secret,
            Duration onItsWay,
            Clock clock) {
        this.batches = new SandboxBatches(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.sender = new WebhookSender(receiver, secret, clock);
        this.onItsWay = onItsWay;
        this.clock = clock;
    }

    public synchronized void start() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("sandbox-reports").start(this::run);
        }
    }

    private void run() {
        Duration pause = BUSY;
        while (!Thread.currentThread().isInterrupted()) {
            boolean troubled;
            try {
                troubled = !pass();
            } catch (RuntimeException e) {
                // The database is unavailable or the receiver's answers are invalid: both are
                // temporary.
                LOG.debug("The sandbox could not report", e);
                troubled = true;
            }
            pause = troubled ? longer(pause) : found ? BUSY : IDLE;
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Passes once through all batches that are due and not reported yet; true if none is left. */
    boolean pass() {
        boolean complete = true;
        found = false;
        long after = 0;
        while (true) {
            long from = after;
            Group group = transaction.execute(_ -> report(from));
            found |= group.last > 0;
            complete &= group.complete;
            if (group.last == 0 || group.closed) {
                return complete;
            }
            after = group.last;
        }
    }

    /**
     * The result of a pass over the next few batches.
     *
     * @param last the id after which to continue; 0 if there were none
     * @param closed the receiver accepts nothing, so continuing is useless now
     */
    private record Group(long last, boolean complete, boolean closed) {}

    private Group report(long after) {
        List<SandboxBatches.Stored> locked = batches.lockUnreported(after, onItsWay, AT_ONCE);
        if (locked.isEmpty()) {
            return new Group(0, true, false);
        }
        AtomicBoolean closed = new AtomicBoolean();
        List<Long> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<List<Future<Boolean>>> answers = new ArrayList<>();
            for (SandboxBatches.Stored batch : locked) {
                List<Future<Boolean>> mails = new ArrayList<>();
                for (SandboxMail mail : batch.mails()) {
                    mails.add(threads.submit(() -> report(mail, closed)));
                }
                answers.add(mails);
            }
            for (int i = 0; i < locked.size(); i++) {
                if (allTaken(answers.get(i)) || tooOld(locked.get(i))) {
                    done.add(locked.get(i).id());
                }
            }
        }
        batches.reported(done);
        return new Group(locked.getLast().id(), done.size() == locked.size(), closed.get());
    }

    /** Sends events in their order. Stops at the first that is not accepted. */
    private boolean report(SandboxMail mail, AtomicBoolean closed) {
        Instant now = clock.instant();
        for (MailEvent event : SimulatedOutcome.of(mail, now)) {
            inFlight.acquireUninterruptibly();
            try {
                if (closed.get()) {
                    return false;
                }
                switch (sender.send(mail.id(), event, EventJson.of(event, mail))) {
                    case TAKEN -> {}
                    case REJECTED -> {
                        return false;
                    }
                    case CLOSED -> {
                        closed.set(true);
                        return false;
                    }
                }
            } finally {
                inFlight.release();
            }
        }
        return true;
    }

    private static boolean allTaken(List<Future<Boolean>> answers) {
        boolean taken = true;
        for (Future<Boolean> answer : answers) {
            try {
                taken &= answer.get();
            } catch (ExecutionException e) {
                LOG.warn("An event of the sandbox could not be made", e.getCause());
                taken = false;
            } catch (InterruptedException e) {
                // Kept, so that events in progress are cancelled as well.
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The reports are being stopped", e);
            }
        }
        return taken;
    }

    /** Events that a receiver has not accepted for a day are dropped. */
    private boolean tooOld(SandboxBatches.Stored batch) {
        return batch.acceptedAt().isBefore(clock.instant().minus(GIVE_UP));
    }

    /**
     * Waits for events in progress; those that were not accepted by then are sent again after the
     * next start.
     */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(15));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
