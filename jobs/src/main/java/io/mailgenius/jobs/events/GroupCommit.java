package io.mailgenius.jobs.events;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.UncategorizedDataAccessException;

/**
 * Group commit: callers wait until their events are durable, and one thread writes all waiting
 * events in one transaction. The slower the disk, the larger the batches.
 */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH = 1_000;
    private static final int WAITING = 8_000;
    private static final Duration ROOM = Duration.ofMillis(500);

    /** SQLSTATE class 54: a value exceeds a limit of PostgreSQL. */
    private static final String LIMIT_EXCEEDED = "54";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    static final Receipt BUSY = new Receipt.Overloaded(Duration.ofSeconds(5));

    private record Waiting(@Nullable Event event, CompletableFuture<Receipt> receipt) {}

    private final Waiting end = new Waiting(null, new CompletableFuture<>());
    private final BlockingQueue<Waiting> queue;
    private final EventStore store;
    private final Thread writer = Thread.ofPlatform().name("events").unstarted(this::writeAll);
    private volatile boolean closed;

    GroupCommit(EventStore store) {
        this(store, WAITING);
    }

    GroupCommit(EventStore store, int room) {
        this.store = store;
        this.queue = new ArrayBlockingQueue<>(room);
    }

    void start() {
        writer.start();
    }

    /** Returns when the event has been committed or cannot be committed here. */
    Receipt commit(Event event) {
        return answer(enqueued(event));
    }

    /** Commits several events, in as few transactions as possible. */
    List<Receipt> commit(List<Event> events) {
        List<Waiting> all = events.stream().map(this::enqueued).toList();
        return all.stream().map(GroupCommit::answer).toList();
    }

    private Waiting enqueued(Event event) {
        Waiting waiting = new Waiting(event, new CompletableFuture<>());
        try {
            boolean taken = !closed && queue.offer(waiting, ROOM.toMillis(), TimeUnit.MILLISECONDS);
            // An element behind the end marker would never be read.
            if (!taken || (closed && queue.remove(waiting))) {
                waiting.receipt.complete(BUSY);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            waiting.receipt.complete(BUSY);
        }
        return waiting;
    }

    private static Receipt answer(Waiting waiting) {
        try {
            return waiting.receipt.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException timeout) {
            // The event may still be written; then the redelivered one is a duplicate.
            return BUSY;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return BUSY;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    int waiting() {
        return queue.size();
    }

    private void writeAll() {
        List<Waiting> batch = new ArrayList<>(BATCH);
        boolean more = true;
        while (more) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException ignored) {
                continue; // only the end marker stops this thread, because callers are waiting for
                // it
            }
            queue.drainTo(batch, BATCH - 1);
            if (batch.remove(end)) {
                more = false;
                queue.drainTo(batch);
            }
            write(batch);
        }
    }

    private void write(List<Waiting> batch) {
        var workspaces =
                batch.stream()
                        .collect(groupingBy(w -> event(w).workspaceId(), TreeMap::new, toList()));
        workspaces.forEach(this::write);
    }

    private void write(long workspaceId, List<Waiting> part) {
        try {
            List<Receipt> answers = stored(workspaceId, part);
            for (int i = 0; i < part.size(); i++) {
                part.get(i).receipt.complete(answers.get(i));
            }
        } catch (Throwable e) {
            if (!mayBeCausedByOneEvent(e)) {
                failed(workspaceId, part, e);
            } else if (part.size() > 1) {
                int half = part.size() / 2;
                write(workspaceId, part.subList(0, half));
                write(workspaceId, part.subList(half, part.size()));
            } else {
                refused(workspaceId, part.getFirst(), e);
            }
        }
    }

    /**
     * An event that cannot be stored must not affect the others; bisecting the batch isolates it.
     */
    private static boolean mayBeCausedByOneEvent(Throwable e) {
        return isCausedByData(e) || e instanceof UncategorizedDataAccessException;
    }

    private static boolean isCausedByData(Throwable e) {
        return e instanceof DataIntegrityViolationException
                || (e instanceof DataAccessException refused
                        && refused.getMostSpecificCause() instanceof SQLException cause
                        && Objects.requireNonNullElse(cause.getSQLState(), "")
                                .startsWith(LIMIT_EXCEEDED));
    }

    private static void failed(long workspaceId, List<Waiting> part, Throwable e) {
        LOG.error("{} events of workspace {} were not stored", part.size(), workspaceId, e);
        part.forEach(w -> w.receipt.complete(new Receipt.Failed("the database failed")));
    }

    /**
     * Repeats once after a deadlock, because an import may lock the contacts to be suppressed in
     * another order.
     */
    private List<Receipt> stored(long workspaceId, List<Waiting> part) {
        List<Event> events = part.stream().map(GroupCommit::event).toList();
        try {
            return store.write(workspaceId, events);
        } catch (ConcurrencyFailureException deadlock) {
            return store.write(workspaceId, events);
        }
    }

    /**
     * A failure that is not caused by the data may be temporary, so the event may be sent again.
     */
    private static void refused(long workspaceId, Waiting one, Throwable e) {
        if (isCausedByData(e)) {
            LOG.error("Event {} cannot be stored", event(one).messageId(), e);
            one.receipt.complete(new Receipt.Unreadable("the database refuses it"));
        } else {
            failed(workspaceId, List.of(one), e);
        }
    }

    private static Event event(Waiting waiting) {
        return Objects.requireNonNull(waiting.event);
    }

    /** Waiting callers are still answered; later ones are rejected. */
    void close() {
        closed = true;
        try {
            queue.put(end);
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
