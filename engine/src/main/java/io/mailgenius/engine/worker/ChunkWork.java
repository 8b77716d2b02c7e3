package io.mailgenius.engine.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The worker's half of a heavy step. A bean of the application, found by the name of its step. */
public interface ChunkWork {

    /** The step's name, for instance {@code import.rows}. */
    String step();

    /**
     * The time limit of a statement while a chunk is worked on; null for the limit of the pool,
     * which is a lease. Set a longer one only if single statements need it: the limit is also how
     * long a chunk can be delayed by a connection that failed without an error.
     */
    default @Nullable Duration statementLimit() {
        return null;
    }

    /**
     * Processes one chunk. It may run again after a crash or an expired lease and must then have
     * the same result: what {@link Assignment#complete} wrote exists as a whole or not at all.
     *
     * @return the result of {@link Assignment#complete}
     * @throws Exception the chunk is returned and retried after a pause
     */
    ChunkDone work(Assignment chunk) throws Exception;
}
