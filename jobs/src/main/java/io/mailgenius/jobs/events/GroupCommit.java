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
 * Many callers, one commit: each caller waits for its event to be durable, and one thread writes
 * all that are waiting together. The slower the disk, the larger the batches.
 */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH = 1_000;
    private static final int WAITING = 8_000;
    private static final Duration ROOM = Duration.ofMillis(500);

    /** SQLSTATE of class 54: something is longer or bigger than PostgreSQL can hold. */
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

    /** Answers when the event is committed, or will not be by us. */
    Receipt commit(Event event) {
        return answer(enqueued(event));
    }

    /** The same for several, which share a commit as far as they can. */
    List<Receipt> commit(List<Event> events) {
        List<Waiting> all = events.stream().map(this::enqueued).toList();
        return all.stream().map(GroupCommit::answer).toList();
    }

    private Waiting enqueued(Event event) {
        Waiting waiting = new Waiting(event, new CompletableFuture<>());
        try {
            boolean taken = !closed && queue.offer(waiting, ROOM.toMillis(), TimeUnit.MILLISECONDS);
            // Who came behind the end is where nobody looks any more.
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
        } catch (TimeoutException tooLong) {
            // Perhaps written after all: then the repetition is a duplicate.
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
            } catch (InterruptedException notForUs) {
                continue; // only the end ends this thread: others are waiting for it
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
            if (!mayBeOfOne(e)) {
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

    /** One event that cannot be stored must not take the others along: halves find it. */
    private static boolean mayBeOfOne(Throwable e) {
        return isOfItsData(e) || e instanceof UncategorizedDataAccessException;
    }

    private static boolean isOfItsData(Throwable e) {
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

    /** An import may hold contacts that are to be suppressed here, and the other way round. */
    private List<Receipt> stored(long workspaceId, List<Waiting> part) {
        List<Event> events = part.stream().map(GroupCommit::event).toList();
        try {
            return store.write(workspaceId, events);
        } catch (ConcurrencyFailureException deadlock) {
            return store.write(workspaceId, events);
        }
    }

    /** What is not wrong with its data may be mended, so it may come again. */
    private static void refused(long workspaceId, Waiting one, Throwable e) {
        if (isOfItsData(e)) {
            LOG.error("Event {} cannot be stored", event(one).messageId(), e);
            one.receipt.complete(new Receipt.Unreadable("the database refuses it"));
        } else {
            failed(workspaceId, List.of(one), e);
        }
    }

    private static Event event(Waiting waiting) {
        return Objects.requireNonNull(waiting.event);
    }

    /** Whoever waits now is still answered; whoever comes later is sent away. */
    void close() {
        closed = true;
        try {
            queue.put(end);
            writer.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
