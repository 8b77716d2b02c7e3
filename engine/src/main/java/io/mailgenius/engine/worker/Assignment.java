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

/** One chunk in one worker's hand. The thread works inside the chunk's workspace already. */
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

    /** It is worked on from now on, in this slot, and by the thread that says so. */
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
     * 1 for the first one; a higher one may find traces of those before outside of the database.
     */
    public int attempt() {
        return claim.attempt();
    }

    public <P> P payload(Class<P> type) {
        return json.readValue(claim.payload(), type);
    }

    /** What an earlier attempt, or this one, wrote down with {@link #checkpoint(Object)}. */
    public <C> Optional<C> checkpoint(Class<C> type) {
        return Optional.ofNullable(checkpoint).map(text -> json.readValue(text, type));
    }

    /**
     * Writes down what the next attempt must know, before something happens outside of the
     * database. Commits at once, or with the caller's transaction if there is one.
     *
     * @throws ChunkLost if the chunk is no longer this worker's: it must not go on
     */
    public void checkpoint(Object value) {
        String written = json.writeValueAsString(value);
        if (!ledger.checkpoint(claim, written)) {
            throw new ChunkLost(claim);
        }
        checkpoint = written;
    }

    /**
     * Whether the worker may go on with a long chunk: cheap, to be asked between calls to the
     * outside.
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
     * The chunk's effect and its DONE, in one transaction. A crash before the commit leaves
     * neither; a crash after it leaves both, and a repeated wake-up finds nothing to take.
     *
     * @param work writes the effect and answers its figures
     * @throws ChunkLost if the chunk is no longer this worker's; nothing of the effect stays
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
     * DONE alone, for a chunk that has no effect in the database. It costs a fraction of the other
     * one, since chunks that finish at the same time share a commit, and the slot is free for the
     * next chunk meanwhile.
     *
     * @throws ChunkLost if the chunk is no longer this worker's
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
