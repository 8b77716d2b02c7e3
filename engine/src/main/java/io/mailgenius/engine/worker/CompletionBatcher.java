package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.FinishedChunk;
import io.mailgenius.engine.ledger.Ledger;
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
 * Writes DONE for chunks that have nothing else to commit: one statement for all that finished
 * while the last one was under way. Each thread returns when its own chunk is durable, so a crash
 * leaves what a commit of its own would have left.
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
     * Returns when it is durable, or not to be. An interrupt does not end the wait, since the
     * statement may be on its way.
     *
     * @return false if the claim does not stand any more: nothing is written down
     */
    boolean complete(Claim claim, ChunkCounts counts) {
        Waiting mine = new Waiting(new FinishedChunk(claim, counts), new CompletableFuture<>());
        queue.add(mine);
        if (unwritten.getAndIncrement() == 0) {
            // A thread that wrote for the others itself would keep its slot from the next chunk.
            Thread.ofVirtual().name("completions").start(this::writeAll);
        }
        try {
            return mine.held.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException trouble ? trouble : e;
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
            Set<Long> held =
                    ledger.doneTogether(
                            group.stream().map(Waiting::finished).toList(), clock.instant());
            group.forEach(
                    waiting -> waiting.held.complete(held.contains(waiting.finished.claim().id())));
        } catch (Throwable e) {
            // Whatever it was: nobody may wait for ever.
            group.forEach(waiting -> waiting.held.completeExceptionally(e));
        }
    }
}
