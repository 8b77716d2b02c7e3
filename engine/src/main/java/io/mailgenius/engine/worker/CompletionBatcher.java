package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.FinishedChunk;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Groups the DONE writes of chunks without an effect in the database: one statement for all chunks
 * that finished while the previous statement ran. Each caller returns when its own chunk is
 * durable, so a crash leaves the same state as a commit per chunk.
 */
final class CompletionBatcher {

    private record Waiting(FinishedChunk finished, CompletableFuture<Boolean> held) {}

    private final Ledger ledger;
    private final Clock clock;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unwritten = new AtomicInteger();

    CompletionBatcher(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Returns when the DONE state is durable or was refused. An interrupt does not end the wait,
     * because the statement may already be running.
     *
     * @return false if the claim is no longer valid; nothing is written then
     */
    boolean complete(Claim claim, ChunkCounts counts) {
        Waiting mine = new Waiting(new FinishedChunk(claim, counts), new CompletableFuture<>());
        queue.add(mine);
        if (unwritten.getAndIncrement() == 0) {
            // A separate thread writes, so that no caller keeps its slot while it writes for the
            // others.
            Thread.ofVirtual().name("completions").start(this::writeAll);
        }
        try {
            return mine.held.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void writeAll() {
        int written;
        do {
            List<Waiting> group = new ArrayList<>();
            for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
                group.add(next);
            }
            write(group);
            written = group.size();
        } while (unwritten.addAndGet(-written) > 0);
    }

    private void write(List<Waiting> group) {
        try {
            List<FinishedChunk> finished = group.stream().map(Waiting::finished).toList();
            Set<Long> held =
                    WorkspaceScope.callAcrossWorkspaces(
                            () -> ledger.doneTogether(finished, clock.instant()));
            group.forEach(
                    waiting -> waiting.held.complete(held.contains(waiting.finished.claim().id())));
        } catch (Throwable e) {
            // Catches everything, because a caller must not wait forever.
            group.forEach(waiting -> waiting.held.completeExceptionally(e));
        }
    }
}
