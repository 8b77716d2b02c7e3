package io.mailgenius.engine.worker;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.ledger.ChunkLost;
import io.mailgenius.engine.ledger.Claim;
import io.mailgenius.engine.ledger.Ledger;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A claimed chunk, as {@link ChunkWork} sees it. The calling thread is already in the scope of the
 * chunk's workspace.
 */
public final class Assignment {

    private final Claim claim;
    private final Ledger ledger;
    private final CompletionBatcher completionBatcher;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Clock clock;
    private Slots.@Nullable Slot slot;
    private @Nullable String checkpoint;
    private volatile boolean lost;

    Assignment(
            Claim claim,
            Ledger ledger,
            CompletionBatcher completionBatcher,
            TransactionTemplate transaction,
            JsonMapper json,
            Clock clock) {
        this.claim = claim;
        this.checkpoint = claim.checkpoint();
        this.ledger = ledger;
        this.completionBatcher = completionBatcher;
        this.transaction = transaction;
        this.json = json;
        this.clock = clock;
    }

    /** Associates the assignment with its slot. Must be called by the thread that works on it. */
    Assignment in(Slots.Slot slot) {
        this.slot = slot;
        return this;
    }

    public long chunkId() {
        return claim.id();
    }

    public long workspaceId() {
        return claim.workspaceId();
    }

    public long jobInstanceId() {
        return claim.key().jobInstanceId();
    }

    public int partition() {
        return claim.key().partition();
    }

    public int sequence() {
        return claim.key().sequence();
    }

    /**
     * The number of this attempt, from 1. Earlier attempts may have had effects outside of the
     * database.
     */
    public int attempt() {
        return claim.attempt();
    }

    public <P> P payload(Class<P> type) {
        return json.readValue(claim.payload(), type);
    }

    /** The value that this or an earlier attempt stored with {@link #checkpoint(Object)}. */
    public <C> Optional<C> checkpoint(Class<C> type) {
        return Optional.ofNullable(checkpoint).map(text -> json.readValue(text, type));
    }

    /**
     * Stores state that the next attempt needs, before a call to an external system. Commits
     * immediately, or with the caller's transaction if there is one.
     *
     * @throws ChunkLost if this worker no longer owns the chunk; the caller must stop
     */
    public void checkpoint(Object value) {
        String written = json.writeValueAsString(value);
        if (!ledger.checkpoint(claim, written)) {
            throw new ChunkLost(claim);
        }
        checkpoint = written;
    }

    /**
     * Checks that the lease has not been lost. This reads a flag only, so a long chunk can call it
     * between calls to external systems.
     *
     * @throws ChunkLost if the lease is known to be lost
     */
    public void requireHeld() {
        if (lost) {
            throw new ChunkLost(claim);
        }
    }

    void lose() {
        lost = true;
    }

    /**
     * Writes the chunk's effect and its DONE state in one transaction. A crash before the commit
     * leaves neither. A crash after it leaves both, and a repeated notification finds no chunk to
     * claim.
     *
     * @param work writes the effect and returns its counts
     * @throws ChunkLost if this worker no longer owns the chunk; the effect is rolled back
     */
    public ChunkDone complete(Supplier<ChunkCounts> work) {
        requireHeld();
        ChunkCounts counts =
                transaction.execute(
                        status -> {
                            ChunkCounts effect = work.get();
                            if (!ledger.done(claim, effect, clock.instant())) {
                                throw new ChunkLost(claim);
                            }
                            return effect;
                        });
        return new ChunkDone(counts);
    }

    /**
     * Writes the DONE state of a chunk that has no effect in the database. Chunks that finish at
     * the same time share a commit, and the slot is released while this one waits for it.
     *
     * @throws ChunkLost if this worker no longer owns the chunk
     */
    public ChunkDone complete(ChunkCounts counts) {
        requireHeld();
        if (slot != null) {
            slot.leave();
        }
        if (!completionBatcher.complete(claim, counts)) {
            throw new ChunkLost(claim);
        }
        return new ChunkDone(counts);
    }
}
