package io.mailgenius.jobs.activities;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * Group commit: requests wait until their activities are durable, and one thread per node writes
 * those of all waiting requests, in one transaction per workspace. The slower the disk, the larger
 * the groups.
 */
final class ActivityCommit {

    private static final Logger LOG = LoggerFactory.getLogger(ActivityCommit.class);
    private static final int GROUP = 2_000;
    private static final int WAITING = 20_000;
    private static final Duration ROOM = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Empty if they were not stored, or perhaps not, and are to be reported again. */
    private record Request(
            long workspaceId,
            List<Activity> activities,
            CompletableFuture<Optional<List<ActivityResult>>> answer) {}

    private static final Request END = new Request(0, List.of(), new CompletableFuture<>());

    private final LinkedBlockingQueue<Request> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(WAITING, true);
    private final ActivityStore store;
    private final Thread writer =
            Thread.ofPlatform().name("activities").unstarted(this::writeGroups);
    private volatile boolean closed;

    ActivityCommit(ActivityStore store) {
        this.store = store;
    }

    void start() {
        writer.start();
    }

    /** Returns when they have been committed; empty if they have to be reported again. */
    Optional<List<ActivityResult>> commit(long workspaceId, List<Activity> activities) {
        try {
            if (closed
                    || !room.tryAcquire(
                            activities.size(), ROOM.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            Request request = new Request(workspaceId, activities, new CompletableFuture<>());
            queue.add(request);
            // Behind the end nothing is read any more.
            if (closed && queue.remove(request)) {
                return Optional.empty();
            }
            return request.answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException timeout) {
            // They may still be written; then the repetition is a duplicate.
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void writeGroups() {
        boolean more = true;
        while (more) {
            List<Request> group = new ArrayList<>();
            try {
                int size = 0;
                for (Request next = queue.take();
                        next != null;
                        next = size < GROUP ? queue.poll() : null) {
                    if (next.equals(END)) {
                        more = false;
                        break;
                    }
                    group.add(next);
                    size += next.activities.size();
                }
            } catch (InterruptedException ignored) {
                continue; // Requests are waiting; only the end stops this thread.
            }
            group.stream()
                    .collect(groupingBy(Request::workspaceId, TreeMap::new, toList()))
                    .forEach(this::write);
        }
    }

    private void write(long workspaceId, List<Request> requests) {
        List<Activity> all =
                requests.stream().flatMap(request -> request.activities.stream()).toList();
        try {
            answer(requests, stored(workspaceId, all));
        } catch (RuntimeException | Error e) {
            if (requests.size() > 1) {
                // What the database refuses in one request must not cost the others theirs.
                requests.forEach(request -> write(workspaceId, List.of(request)));
            } else {
                LOG.error("{} events of workspace {} were not stored", all.size(), workspaceId, e);
                release(requests.getFirst(), Optional.empty());
            }
        }
    }

    /** Repeats once, because imports and erasures may lock contacts in another order. */
    private List<ActivityResult> stored(long workspaceId, List<Activity> activities) {
        try {
            return store.write(workspaceId, activities);
        } catch (ConcurrencyFailureException deadlock) {
            return store.write(workspaceId, activities);
        }
    }

    private void answer(List<Request> requests, List<ActivityResult> results) {
        int from = 0;
        for (Request request : requests) {
            int to = from + request.activities.size();
            release(request, Optional.of(List.copyOf(results.subList(from, to))));
            from = to;
        }
    }

    private void release(Request request, Optional<List<ActivityResult>> answer) {
        room.release(request.activities.size());
        request.answer.complete(answer);
    }

    /** Waiting requests are still answered; later ones are refused. */
    void close() {
        closed = true;
        queue.add(END);
        try {
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
